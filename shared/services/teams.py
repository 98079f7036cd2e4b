"""Teams: groups of members that are shared with as one."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from shared.domain.access import Actor, Capability, require_capability
from shared.domain.errors import Conflict, NameTaken, NotFound, Stale
from shared.domain.organization import Member, MemberStatus, Organization, Team, slug_of
from shared.domain.paging import Page, PageRequest
from shared.repositories.credentials import CredentialRepository
from shared.repositories.members import MemberRepository
from shared.repositories.organizations import OrganizationRepository
from shared.repositories.teams import TeamRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint


@dataclass(frozen=True, slots=True)
class Teams:
    teams: TeamRepository
    members: MemberRepository
    organizations: OrganizationRepository
    credentials: CredentialRepository
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def list_page(self, actor: Actor, page: PageRequest) -> Page[Team]:
        return self.teams.list_page(actor.org_id, page)

    def get(self, actor: Actor, team_id: str) -> Team:
        """Raises: NotFound."""
        team = self.teams.find(actor.org_id, team_id)
        if team is None:
            raise NotFound("team")
        return team

    def create(self, actor: Actor, name: str) -> Team:
        """Raises: MissingCapability; NameTaken naming the team that has the name."""
        require_capability(actor, Capability.DIRECTORY_MANAGE)
        at = self.mint.now()
        team = Team(self.mint.new_id("team"), actor.org_id, name, slug_of(name), at, at, actor.id)
        try:
            with self.begin() as work:
                self.teams.add(team, work)
        except NameTaken as error:
            raise self._taken(team, error) from error
        return team

    def rename(self, actor: Actor, team_id: str, name: str | None, if_match: int | None = None) -> Team:
        """None changes nothing. Raises: NotFound, MissingCapability, NameTaken, Stale."""
        team = self.get(actor, team_id)
        require_capability(actor, Capability.DIRECTORY_MANAGE)
        if if_match is not None and if_match != team.revision:
            raise Stale
        if name is None or name == team.name:
            return team
        at = self.mint.now()
        renamed = replace(team, name=name, slug=slug_of(name), updated_at=at, revision=team.revision + 1)
        try:
            with self.begin() as work:
                self.teams.update(team, {"name": name, "slug": renamed.slug, "updated_at": at}, work)
                if renamed.slug != team.slug:
                    self.teams.release_slug(team, work)
                    self.teams.reserve_slug(renamed, work)
        except NameTaken as error:
            raise self._taken(renamed, error) from error
        return renamed

    def delete(self, actor: Actor, team_id: str) -> Team:
        """The team's ways in end with the first write; its traces on members and tokens are removed after it.

        What an interrupted deletion left is removed with the org's next one. Grants that name the team reach
        nobody and stay as history. Raises: NotFound, MissingCapability.
        """
        team = self.get(actor, team_id)
        require_capability(actor, Capability.DIRECTORY_MANAGE)
        organization = self._organization(actor.org_id)
        with self.begin() as work:
            self.teams.delete(team, organization, work)
        for dropped in self.teams.list_dropped(organization):
            self._clean(organization, dropped)
        return team

    def list_members(self, actor: Actor, team_id: str, page: PageRequest) -> Page[Member]:
        """In the members' id order."""
        team = self.get(actor, team_id)
        found = self.teams.list_member_ids(actor.org_id, team.id, page)
        members = self.members.find_all(actor.org_id, found.items)
        return Page([members[one] for one in found.items if one in members], found.next_after)

    def add_member(self, actor: Actor, team_id: str, member_id: str) -> Member:
        """Idempotent; who came by a group is here by hand from now on.

        Raises: NotFound, MissingCapability; Conflict at the limit of teams per member.
        """
        team, member = self._both(actor, team_id, member_id)
        require_capability(actor, Capability.DIRECTORY_MANAGE)
        if member.status == MemberStatus.REMOVED:
            raise Conflict("This member has left; invite them again.")
        if team.id in member.team_ids - member.group_team_ids:
            return member
        with self.begin() as work:
            self.teams.require(team, work)
            self.teams.add_member(team, member.id, work)
        return replace(member, team_ids=member.team_ids | {team.id}, revision=member.revision + 1)

    def remove_member(self, actor: Actor, team_id: str, member_id: str) -> Member:
        """Idempotent; everybody may leave. Raises: NotFound, MissingCapability."""
        team, member = self._both(actor, team_id, member_id)
        if member.id != actor.member_id:
            require_capability(actor, Capability.DIRECTORY_MANAGE)
        if team.id not in member.team_ids:
            return member
        with self.begin() as work:
            self.teams.remove_member(team, member.id, work)
        return replace(member, team_ids=member.team_ids - {team.id}, revision=member.revision + 1)

    def _clean(self, organization: Organization, team_id: str) -> None:
        more = True
        while more:
            with self.begin().as_upkeep() as work:
                more = self.teams.strip_some(organization.id, team_id, work)
        self._revoke_tokens(organization.id, team_id)
        with self.begin().as_upkeep() as work:
            self.teams.forget(organization, team_id, work)

    def _revoke_tokens(self, org_id: str, team_id: str) -> None:
        page: PageRequest | None = PageRequest()
        while page:
            found = self.credentials.list_page(org_id, team_id, page)
            with self.begin().as_upkeep() as work:
                for token in (one for one in found.items if one.revoked_at is None):
                    self.credentials.revoke(org_id, token.id, self.mint.now(), work)
            page = PageRequest(after=found.next_after) if found.next_after else None

    def _both(self, actor: Actor, team_id: str, member_id: str) -> tuple[Team, Member]:
        team, member = self.get(actor, team_id), self.members.find(actor.org_id, member_id)
        if member is None:
            raise NotFound("member")
        return team, member

    def _organization(self, org_id: str) -> Organization:
        organization = self.organizations.find(org_id)
        if organization is None:
            raise NotFound("organization")
        return organization

    def _taken(self, team: Team, error: NameTaken) -> NameTaken:
        return NameTaken(team.slug, self.teams.find_by_slug(team.org_id, team.slug) or error.existing_id)
