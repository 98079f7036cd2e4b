"""Members of an org, and the outside names that they are known by."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from shared.domain.errors import Conflict, Stale
from shared.domain.organization import Member, MemberStatus
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import attribute_values, decode, encode
from shared.repositories.keys import Key
from shared.repositories.table import LIST, Item, Table, attribute_key
from shared.repositories.unit_of_work import ABSENT, Condition, UnitOfWork, where

MAX_SEATS: Final = 100
"""Orgs that one person is looked up in."""


class MemberRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, member: Member, work: UnitOfWork) -> None:
        """Raises: Conflict, on commit, for an email or a subject that is a member's already."""
        listing = {"list_pk": keys.listing(member.org_id, "mem"), "list_sk": member.id}
        taken = Conflict(f"email: {member.email} already belongs to a member of this organization")
        work.add(encode(keys.member(member.id), member, listing), taken)
        if member.email:
            work.add(_guard(keys.email(member.org_id, member.email), member), taken)
        if member.issuer and member.subject:
            person = keys.person(member.issuer, member.subject, member.org_id)
            work.add(_guard(person, member), Conflict("subject: already belongs to a member of this organization"))

    def find(self, org_id: str, member_id: str) -> Member | None:
        return self.find_all(org_id, [member_id]).get(member_id)

    def find_all(self, org_id: str, member_ids: Iterable[str]) -> dict[str, Member]:
        """Members of this org by id; those of another are as absent as unknown ones."""
        items = self._table.batch_get(keys.member(member_id) for member_id in member_ids)
        members = [decode(Member, item) for item in items.values()]
        return {member.id: member for member in members if member.org_id == org_id}

    def list_page(self, org_id: str, page: PageRequest) -> Page[Member]:
        """In the order in which they came; who was removed is in no list."""
        found = self._table.query(keys.listing(org_id, "mem"), index=LIST, after=page.after, limit=page.limit)
        ids = [item["list_sk"]["S"] for item in found.items]
        members = self.find_all(org_id, ids)
        listed = [members[one] for one in ids if one in members and members[one].status != MemberStatus.REMOVED]
        return Page(listed, ids[-1] if found.more else None)

    def find_id_by_email(self, org_id: str, address: str) -> str | None:
        item = self._table.get(keys.email(org_id, address))
        return item["member_id"]["S"] if item else None

    def list_by_names(self, issuer: str, subject: str, email: str | None) -> list[Member]:
        """The members that a person is, or was invited to be, in every org: a query per name, then one batch."""
        names = [keys.person(issuer, subject, "").pk, *([keys.email("", email).pk] if email else [])]
        found = self._table.query_each(names, limit=MAX_SEATS)
        rows = self._table.batch_get(keys.member(item["member_id"]["S"]) for part in found for item in part.items)
        return sorted((decode(Member, row) for row in rows.values()), key=lambda member: member.org_id)

    def update(self, member: Member, changes: Mapping[str, Any], work: UnitOfWork) -> None:
        """Assign fields over the state that was read. Raises: Stale, on commit, when it has changed since."""
        seen = where(org_id=member.org_id, revision=member.revision)
        work.update(keys.member(member.id), assign=changes, increase={"revision": 1}, when=seen, otherwise=Stale())

    def bind_person(self, member: Member, issuer: str, subject: str, work: UnitOfWork) -> None:
        """From now on that person is this member. Written as an update: delivery may do no more than that."""
        work.update(
            keys.person(issuer, subject, member.org_id),
            assign={"member_id": member.id, "org_id": member.org_id},
            when=Condition(ABSENT),
            otherwise=Stale(),
        )

    def remove(self, member: Member, at: datetime, work: UnitOfWork) -> None:
        """Keep the row as history, out of every list; free the names, so that they may be invited again.

        Raises: Stale, on commit, when the member has changed since.
        """
        work.update(
            keys.member(member.id),
            assign={"status": MemberStatus.REMOVED, "removed_at": at, "updated_at": at},
            remove=("team_ids", "group_team_ids", "groups_seen", "groups_seen_at", "list_pk", "list_sk"),
            increase={"revision": 1},
            when=where(org_id=member.org_id, revision=member.revision),
            otherwise=Stale(),
        )
        if member.email:
            work.delete(keys.email(member.org_id, member.email))
        if member.issuer and member.subject:
            work.delete(keys.person(member.issuer, member.subject, member.org_id))
        for team_id in sorted(member.team_ids):
            work.delete(keys.team_member(member.org_id, team_id, member.id))


class SignInRepository:
    """What the sign-in of a person reads: the org of the path, who they are in it, and which teams are going."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, org: str, issuer: str, subject: str) -> tuple[str | None, str | None, frozenset[str]]:
        """Org id, member id, and the org's dropped teams; one read for an id, two for a slug."""
        dropped: frozenset[str] | None = None
        org_id: str | None = org
        if not org.startswith("org_"):
            guard = self._table.get(keys.slug(org))
            org_id, dropped = org_id_of(guard), dropped_teams_of(guard)
        if org_id is None:
            return None, None, frozenset()
        person, organization = keys.person(issuer, subject, org_id), keys.organization(org_id)
        rows = self._table.batch_get([person, *([organization] if dropped is None else [])])
        found = rows.get(person)
        member_id = found["member_id"]["S"] if found else None
        return org_id, member_id, dropped_teams_of(rows.get(organization)) if dropped is None else dropped


def org_id_of(guard: Item | None) -> str | None:
    """What a slug guard row says."""
    return guard["org_id"]["S"] if guard else None


def dropped_teams_of(row: Item | None) -> frozenset[str]:
    """The teams that an org has deleted while some member's row may still name them: on the org and its slug."""
    return frozenset(row["dropped_team_ids"]["SS"]) if row and "dropped_team_ids" in row else frozenset()


def _guard(key: Key, member: Member) -> Item:
    return attribute_key(key) | attribute_values({"member_id": member.id, "org_id": member.org_id})
