"""The first people of an org: what a deployment's operator writes before anybody can sign in."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.domain.access import OrgRole, Scope
from shared.domain.errors import Invalid, NotFound
from shared.domain.organization import Member, MemberStatus, Organization, Team, require_org_slug, slug_of
from shared.domain.token import SCOPES, Token, TokenKind, hash_secret, read_token, spell_token
from shared.repositories.connector_accounts import ConnectorAccountRepository
from shared.repositories.credentials import CredentialRepository
from shared.repositories.members import MemberRepository
from shared.repositories.organizations import OrganizationRepository
from shared.repositories.teams import TeamRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint

SECRET_BITS = 160


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """`issuer` and `subject` let the person sign in by OIDC at once."""

    email: str | None
    display_name: str
    role: OrgRole
    issuer: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class TokenDraft:
    kind: TokenKind
    name: str
    member_id: str | None = None
    team_id: str | None = None
    expires_at: datetime | None = None
    scopes: frozenset[Scope] = frozenset()
    role: OrgRole | None = None
    marketplace_id: str | None = None
    created_by: str = "system"


@dataclass(frozen=True, slots=True)
class Directory:
    organizations: OrganizationRepository
    members: MemberRepository
    teams: TeamRepository
    credentials: CredentialRepository
    accounts: ConnectorAccountRepository
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create_organization(self, name: str, slug: str, owner: PersonDraft) -> tuple[Organization, Member]:
        """An org with its first owner. Raises: Invalid for the slug, Conflict when it is taken."""
        at = self.mint.now()
        organization = Organization(self.mint.new_id("org"), name, require_org_slug(slug), at, at)
        member = self._member(organization.id, owner)
        organization = replace(organization, created_by=member.id)
        with self.begin() as work:
            self.organizations.add(organization, work)
            self.members.add(member, work)
        return organization, member

    def find_organization(self, org: str) -> Organization:
        """An org by id or slug. Raises: NotFound."""
        org_id = org if org.startswith("org_") else self.organizations.find_id(org)
        organization = self.organizations.find(org_id) if org_id else None
        if organization is None:
            raise NotFound("organization")
        return organization

    def add_member(self, org_id: str, person: PersonDraft) -> Member:
        """Raises: Conflict when the email already belongs to a member."""
        member = self._member(org_id, person)
        with self.begin() as work:
            self.members.add(member, work)
            if member.counts_as_owner:
                self.organizations.gain_owner(org_id, work)
        return member

    def add_team(self, org_id: str, name: str, member_ids: list[str]) -> Team:
        """Raises: NotFound for a member of no such id in this org."""
        at = self.mint.now()
        team = Team(self.mint.new_id("team"), org_id, name, slug_of(name), at, at)
        known = self.members.find_all(org_id, member_ids)
        if len(known) != len(set(member_ids)):
            raise NotFound("member")
        with self.begin() as work:
            self.teams.add(team, work)
            for member_id in known:
                self.teams.add_member(team, member_id, work)
        return team

    def create_token(self, org_id: str, draft: TokenDraft) -> tuple[Token, str]:
        """A token and, this once, its secret text.

        Raises: Invalid unless it acts for exactly one member or team (a team: delivery only), or as a service for
            neither; NotFound for them.
        """
        self._require_principal(org_id, draft)
        token_id = self.mint.new_id("tok")
        text = spell_token(token_id, draft.kind, draft.member_id, self.mint.random_bits(SECRET_BITS))
        token = Token(
            id=token_id,
            org_id=org_id,
            kind=draft.kind,
            name=draft.name,
            secret_hash=hash_secret(_secret_of(text)),
            created_at=self.mint.now(),
            member_id=draft.member_id,
            team_id=draft.team_id,
            expires_at=draft.expires_at,
            marketplace_id=draft.marketplace_id,
            role=draft.role,
            scopes=draft.scopes,
            created_by=draft.created_by,
        )
        with self.begin() as work:
            self.credentials.add(token, work)
        return token, text

    def revoke_token(self, org_id: str, token_id: str) -> None:
        """Takes effect on the token's next request. Raises: NotFound."""
        with self.begin() as work:
            self.credentials.revoke(org_id, token_id, self.mint.now(), work)

    def claim_installation(self, org_id: str, connector_type: str, remote_id: str) -> None:
        """Let an org bind an installation: only who runs the deployment, or a completed install, may say so."""
        with self.begin() as work:
            self.accounts.claim(connector_type, remote_id, org_id, self.mint.now(), work)

    def _require_principal(self, org_id: str, draft: TokenDraft) -> None:
        _require_fitting(draft)
        if draft.member_id and self.members.find(org_id, draft.member_id) is None:
            raise NotFound("member")
        if draft.team_id and self.teams.find(org_id, draft.team_id) is None:
            raise NotFound("team")

    def _member(self, org_id: str, person: PersonDraft) -> Member:
        at = self.mint.now()
        return Member(
            id=self.mint.new_id("mem"),
            org_id=org_id,
            email=person.email,
            display_name=person.display_name,
            role=person.role,
            status=MemberStatus.ACTIVE,
            created_at=at,
            updated_at=at,
            issuer=person.issuer,
            subject=person.subject,
        )


def _require_fitting(draft: TokenDraft) -> None:
    if draft.kind == TokenKind.SERVICE:
        _require(not (draft.member_id or draft.team_id), "memberId", "a service token acts for nobody; leave it out")
        _require(draft.role in (OrgRole.ADMIN, OrgRole.MEMBER), "role", "a service token is a member or an admin")
    else:
        _require(bool(draft.member_id) != bool(draft.team_id), "memberId", "give exactly one of memberId and teamId")
        _require(draft.role is None, "role", "only a service token has a role of its own")
    for_delivery = draft.kind == TokenKind.DELIVERY
    _require(for_delivery or not draft.team_id, "teamId", "only a delivery token acts for a team")
    _require(for_delivery or not draft.marketplace_id, "marketplaceId", "only a delivery token names a marketplace")
    _require(draft.scopes <= SCOPES[draft.kind], "scopes", f"a {draft.kind} token has none but delivery:read")


def _require(holds: bool, path: str, why: str) -> None:
    if not holds:
        raise Invalid.field(path, why)


def _secret_of(text: str) -> str:
    presented = read_token(text)
    if presented is None:
        raise AssertionError("a token that was just spelled cannot be read")
    return presented.secret
