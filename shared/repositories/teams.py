"""Teams of an org and who is in them; the member's own row carries its teams, so that one read tells both."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from shared.domain.errors import Conflict, NameTaken, NotFound, Stale
from shared.domain.organization import MemberStatus, Organization, Team
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import attribute_value, attribute_values, decode, encode
from shared.repositories.table import LIST, Table, attribute_key
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork, where

MAX_TEAMS: Final = 40
"""Teams of one member: each is a query of what it was granted, and a step of the member's removal."""

_STRIPPED_AT_ONCE: Final = 40


class TeamRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, team: Team, work: UnitOfWork) -> None:
        """Raises: NameTaken, on commit: one slug names one team of an org."""
        taken = NameTaken(team.slug, "another team")
        listing = {"list_pk": keys.listing(team.org_id, "team"), "list_sk": team.id}
        work.add(encode(keys.team(team.org_id, team.id), team, listing), taken)
        self.reserve_slug(team, work)

    def reserve_slug(self, team: Team, work: UnitOfWork) -> None:
        row = attribute_key(_slug(team)) | attribute_values({"resource_id": team.id})
        work.add(row, NameTaken(team.slug, "another team"))

    def release_slug(self, team: Team, work: UnitOfWork) -> None:
        work.delete(_slug(team))

    def find_by_slug(self, org_id: str, slug: str) -> str | None:
        item = self._table.get(keys.name(org_id, "team", "", slug))
        return item["resource_id"]["S"] if item else None

    def find_by_slugs(self, org_id: str, slugs: Iterable[str]) -> dict[str, Team]:
        """The teams that there are, by their ids: a batch of guards, and one of teams."""
        guards = self._table.batch_get(keys.name(org_id, "team", "", slug) for slug in slugs)
        return self.find_all(org_id, [row["resource_id"]["S"] for row in guards.values()]) if guards else {}

    def find(self, org_id: str, team_id: str) -> Team | None:
        item = self._table.get(keys.team(org_id, team_id))
        return decode(Team, item) if item else None

    def find_all(self, org_id: str, team_ids: Iterable[str]) -> dict[str, Team]:
        rows = self._table.batch_get(keys.team(org_id, team_id) for team_id in team_ids)
        return {team.id: team for team in (decode(Team, row) for row in rows.values())}

    def list_page(self, org_id: str, page: PageRequest) -> Page[Team]:
        found = self._table.query(keys.listing(org_id, "team"), index=LIST, after=page.after, limit=page.limit)
        ids = [item["list_sk"]["S"] for item in found.items]
        teams = self.find_all(org_id, ids)
        return Page([teams[one] for one in ids if one in teams], ids[-1] if found.more else None)

    def update(self, team: Team, changes: Mapping[str, Any], work: UnitOfWork) -> None:
        """Raises: Stale, on commit, when it has changed since it was read."""
        key = keys.team(team.org_id, team.id)
        seen = where(revision=team.revision)
        work.update(key, assign=changes, increase={"revision": 1}, when=seen, otherwise=Stale())

    def list_member_ids(self, org_id: str, team_id: str, page: PageRequest) -> Page[str]:
        after = keys.TEAM_MEMBER + page.after if page.after else None
        pk = keys.team(org_id, team_id).pk
        found = self._table.query(pk, prefix=keys.TEAM_MEMBER, after=after, limit=page.limit)
        ids = [item["member_id"]["S"] for item in found.items]
        return Page(ids, ids[-1] if found.more else None)

    def add_member(self, team: Team, member_id: str, work: UnitOfWork) -> None:
        """The membership row and the member's own list of teams, together.

        Raises: Conflict, on commit, for a member who has left, or at the limit of teams.
        """
        self.put_member(team.org_id, team.id, member_id, work)
        work.update(
            keys.member(member_id),
            insert={"team_ids": team.id},
            # From now on no group takes it away.
            discard={"group_team_ids": team.id},
            increase={"revision": 1},
            when=_may_join(team),
            otherwise=Conflict(f"A member is in at most {MAX_TEAMS} teams, and this one has left or is in as many."),
        )

    def put_member(self, org_id: str, team_id: str, member_id: str, work: UnitOfWork) -> None:
        """The membership row alone: the member's row is written beside it."""
        row = attribute_key(keys.team_member(org_id, team_id, member_id))
        work.put(row | attribute_values({"team_id": team_id, "member_id": member_id}))

    def drop_member(self, org_id: str, team_id: str, member_id: str, work: UnitOfWork) -> None:
        """The same."""
        work.delete(keys.team_member(org_id, team_id, member_id))

    def require(self, team: Team, work: UnitOfWork) -> None:
        """Raises: NotFound, on commit, when the team was deleted meanwhile."""
        work.check(keys.team(team.org_id, team.id), Condition(PRESENT), NotFound("team"))

    def remove_member(self, team: Team, member_id: str, work: UnitOfWork) -> None:
        self.drop_member(team.org_id, team.id, member_id, work)
        self._strip(team.org_id, team.id, member_id, work)

    def delete(self, team: Team, organization: Organization, work: UnitOfWork) -> None:
        """From this write on no actor has the team, whatever members' rows still say: `dropped_team_ids`."""
        gone = NotFound("team")
        work.delete(keys.team(team.org_id, team.id), when=Condition(PRESENT), otherwise=gone)
        self.release_slug(team, work)
        for key in _places_of_drops(organization):
            work.update(key, insert={"dropped_team_ids": team.id}, when=Condition(PRESENT), otherwise=gone)

    def list_dropped(self, organization: Organization) -> list[str]:
        """Deleted teams that some member's row may still name."""
        row = self._table.get(keys.organization(organization.id)) or {}
        return sorted(row["dropped_team_ids"]["SS"]) if "dropped_team_ids" in row else []

    def strip_some(self, org_id: str, team_id: str, work: UnitOfWork) -> bool:
        """Take a deleted team off some members' rows; tells whether there may be more of them."""
        found = self.list_member_ids(org_id, team_id, PageRequest(_STRIPPED_AT_ONCE))
        for member_id in found.items:
            self.drop_member(org_id, team_id, member_id, work)
            self._strip(org_id, team_id, member_id, work)
        return found.next_after is not None

    def forget(self, organization: Organization, team_id: str, work: UnitOfWork) -> None:
        """No member's row names the team any more."""
        for key in _places_of_drops(organization):
            work.update(key, discard={"dropped_team_ids": team_id})

    def _strip(self, org_id: str, team_id: str, member_id: str, work: UnitOfWork) -> None:
        here = where(org_id=org_id)
        gone = {"team_ids": team_id, "group_team_ids": team_id}
        work.update(keys.member(member_id), discard=gone, increase={"revision": 1}, when=here)


def _slug(team: Team) -> keys.Key:
    return keys.name(team.org_id, "team", "", team.slug)


def _places_of_drops(organization: Organization) -> list[keys.Key]:
    """Authentication reads one of the two, depending on how the path spells the org."""
    return [keys.organization(organization.id), keys.slug(organization.slug)]


def _may_join(team: Team) -> Condition:
    here = where(org_id=team.org_id)
    room = "(attribute_not_exists(#team_ids) OR contains(#team_ids, :team) OR size(#team_ids) < :most)"
    return Condition(
        f"{here.expression} AND #status <> :removed AND {room}",
        {**here.names, "#team_ids": "team_ids", "#status": "status"},
        {
            **here.values,
            ":removed": attribute_value(MemberStatus.REMOVED),
            ":team": attribute_value(team.id),
            ":most": attribute_value(MAX_TEAMS),
        },
    )
