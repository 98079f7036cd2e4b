"""Orgs and their slugs."""

from collections.abc import Iterable

from shared.domain.errors import Conflict
from shared.domain.organization import Organization
from shared.repositories import keys
from shared.repositories.codec import attribute_values, decode, encode
from shared.repositories.table import Item, Table, attribute_key
from shared.repositories.unit_of_work import UnitOfWork


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


def org_id_of(guard: Item | None) -> str | None:
    """What a slug guard row says."""
    return guard["org_id"]["S"] if guard else None
