"""What a target remembers of its paths: bindings of live ones, tombstones of those that are gone."""

from shared.domain.connector import Binding, Tombstone
from shared.repositories import keys
from shared.repositories.codec import decode, encode
from shared.repositories.table import Table
from shared.repositories.unit_of_work import UnitOfWork


class BindingRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def list_all(self, org_id: str, target_id: str) -> list[Binding]:
        """Every binding of a target, page by page: a reconciliation compares all of them with the tree."""
        found = self._table.query(keys.target(org_id, target_id).pk, prefix=keys.BINDING)
        return [decode(Binding, item) for item in found.items]

    def put(self, org_id: str, binding: Binding, work: UnitOfWork) -> None:
        """One active binding per locator: the key is the locator."""
        work.put(encode(keys.binding(org_id, binding.target_id, binding.locator), binding))

    def bury(self, org_id: str, binding: Binding, tombstone: Tombstone, work: UnitOfWork) -> None:
        """The path is gone: its binding is closed, and the tombstone keeps the record."""
        work.delete(keys.binding(org_id, binding.target_id, binding.locator))
        key = keys.tombstone(org_id, tombstone.target_id, tombstone.locator, tombstone.former_config_object_id)
        work.put(encode(key, tombstone))

    def list_tombstones(self, org_id: str, target_id: str) -> list[Tombstone]:
        found = self._table.query(keys.target(org_id, target_id).pk, prefix=keys.TOMBSTONE)
        return [decode(Tombstone, item) for item in found.items]
