"""Members and teams of an org."""

from collections.abc import Iterable

from shared.domain.errors import Conflict, NotFound
from shared.domain.organization import Member, Team
from shared.repositories import keys
from shared.repositories.codec import attribute_values, decode, encode
from shared.repositories.table import Table, attribute_key
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork


class MemberRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, member: Member, work: UnitOfWork) -> None:
        taken = Conflict(f"email: {member.email} already belongs to a member of this organization")
        listing = {"list_pk": keys.listing(member.org_id, "mem"), "list_sk": member.id}
        work.add(encode(keys.member(member.id), member, listing), taken)
        email = attribute_key(keys.email(member.org_id, member.email))
        work.add(email | attribute_values({"member_id": member.id}), taken)
        if member.issuer and member.subject:
            person = attribute_key(keys.person(member.issuer, member.subject, member.org_id))
            work.add(person | attribute_values({"member_id": member.id, "org_id": member.org_id}), taken)

    def find(self, org_id: str, member_id: str) -> Member | None:
        return self.find_all(org_id, [member_id]).get(member_id)

    def find_all(self, org_id: str, member_ids: Iterable[str]) -> dict[str, Member]:
        """Members of this org by id; those of another are as absent as unknown ones."""
        items = self._table.batch_get(keys.member(member_id) for member_id in member_ids)
        members = [decode(Member, item) for item in items.values()]
        return {member.id: member for member in members if member.org_id == org_id}

    def find_by_person(self, org_id: str, issuer: str, subject: str) -> Member | None:
        """The member that a signed-in person is in this org."""
        item = self._table.get(keys.person(issuer, subject, org_id))
        return self.find(org_id, item["member_id"]["S"]) if item else None

    def list_by_person(self, issuer: str, subject: str) -> list[Member]:
        """The members that a signed-in person is, in every org: one query and one batch."""
        found = self._table.query(keys.person(issuer, subject, "").pk)
        rows = self._table.batch_get(keys.member(item["member_id"]["S"]) for item in found.items)
        return [decode(Member, row) for row in rows.values()]


class TeamRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, team: Team, work: UnitOfWork) -> None:
        listing = {"list_pk": keys.listing(team.org_id, "team"), "list_sk": team.id}
        work.add(encode(keys.team(team.org_id, team.id), team, listing), Conflict("This team already exists."))

    def find(self, org_id: str, team_id: str) -> Team | None:
        item = self._table.get(keys.team(org_id, team_id))
        return decode(Team, item) if item else None

    def add_member(self, team: Team, member_id: str, work: UnitOfWork) -> None:
        """The membership row and the member's own list of teams, together."""
        row = attribute_key(keys.team_member(team.org_id, team.id, member_id))
        work.put(row | attribute_values({"team_id": team.id, "member_id": member_id}))
        work.update(
            keys.member(member_id),
            insert={"team_ids": team.id},
            when=Condition(PRESENT),
            otherwise=NotFound("member"),
        )
