"""What a target remembers of its paths: bindings of live ones, tombstones of those that are gone."""

from shared.domain.connector import Binding, Tombstone
from shared.domain.errors import Conflict
from shared.repositories import keys
from shared.repositories.codec import decode, encode
from shared.repositories.table import Table
from shared.repositories.unit_of_work import Condition, UnitOfWork, where


class AlreadyBound(Conflict):
    """Two runs of one target overlap; the later one has to look again."""


class BindingRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def list_all(self, org_id: str, target_id: str) -> list[Binding]:
        """Every binding of a target, page by page: a reconciliation compares all of them with the tree."""
        found = self._table.query(keys.target(org_id, target_id).pk, prefix=keys.BINDING)
        return [decode(Binding, item) for item in found.items]

    def find(self, org_id: str, target_id: str, locator: str) -> Binding | None:
        item = self._table.get(keys.binding(org_id, target_id, locator))
        return decode(Binding, item) if item else None

    def add(self, org_id: str, binding: Binding, work: UnitOfWork) -> None:
        """Raises: AlreadyBound, on commit: one locator of a target has one binding, the key is the locator."""
        work.add(encode(_key(org_id, binding), binding), AlreadyBound(_MOVED_ON))

    def replace(self, org_id: str, binding: Binding, seen: Binding, work: UnitOfWork) -> None:
        """Raises: AlreadyBound, on commit, when another run has bound the locator anew or brought it up to date."""
        work.put(encode(_key(org_id, binding), binding), when=_still(seen), otherwise=AlreadyBound(_MOVED_ON))

    def bury(self, org_id: str, binding: Binding, tombstone: Tombstone, work: UnitOfWork) -> None:
        """The path is gone: its binding is closed, and the tombstone keeps the record."""
        work.delete(_key(org_id, binding), when=_still(binding), otherwise=AlreadyBound(_MOVED_ON))
        self.remember(org_id, tombstone, work)

    def remember(self, org_id: str, tombstone: Tombstone, work: UnitOfWork) -> None:
        key = keys.tombstone(org_id, tombstone.target_id, tombstone.locator, tombstone.former_config_object_id)
        work.put(encode(key, tombstone))


_MOVED_ON = "Another run has changed this target's bindings."


def _key(org_id: str, binding: Binding) -> keys.Key:
    return keys.binding(org_id, binding.target_id, binding.locator)


def _still(seen: Binding) -> Condition:
    return where(config_object_id=seen.config_object_id, fingerprint=seen.fingerprint, status=seen.status)
