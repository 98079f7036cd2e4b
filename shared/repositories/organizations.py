"""Orgs and their slugs."""

from collections.abc import Iterable, Mapping

from shared.domain.errors import Conflict, LastOwner, Stale
from shared.domain.organization import Organization
from shared.repositories import keys
from shared.repositories.codec import attribute_values, decode, encode
from shared.repositories.members import org_id_of
from shared.repositories.table import Table, attribute_key
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork, where


class OrganizationRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, organization: Organization, work: UnitOfWork) -> None:
        taken = Conflict(f"slug: {organization.slug!r} is taken; choose another")
        guard = attribute_key(keys.slug(organization.slug)) | attribute_values({"org_id": organization.id})
        work.add(encode(keys.organization(organization.id), organization), taken)
        work.add(guard, taken)

    def find(self, org_id: str) -> Organization | None:
        item = self._table.get(keys.organization(org_id))
        return decode(Organization, item) if item else None

    def find_all(self, org_ids: Iterable[str]) -> dict[str, Organization]:
        rows = self._table.batch_get(keys.organization(org_id) for org_id in org_ids)
        found = [decode(Organization, row) for row in rows.values()]
        return {organization.id: organization for organization in found}

    def find_id(self, slug: str) -> str | None:
        """The org id of a slug."""
        return org_id_of(self._table.get(keys.slug(slug)))

    def update(self, organization: Organization, changes: Mapping[str, object], work: UnitOfWork) -> None:
        """Raises: Stale, on commit, when it has changed since it was read."""
        key, seen = keys.organization(organization.id), where(revision=organization.revision)
        work.update(key, assign=changes, increase={"revision": 1}, when=seen, otherwise=Stale())

    def gain_owner(self, org_id: str, work: UnitOfWork) -> None:
        work.update(keys.organization(org_id), increase={"owners": 1}, when=Condition(PRESENT))

    def lose_owner(self, org_id: str, work: UnitOfWork) -> None:
        """Counted in the transaction that changes the member: of two last owners who leave at once, one stays."""
        others = Condition("#owners > :one", {"#owners": "owners"}, {":one": {"N": "1"}})
        last = LastOwner("This is the last owner of the organization; make somebody else an owner first.")
        work.update(keys.organization(org_id), increase={"owners": -1}, when=others, otherwise=last)
