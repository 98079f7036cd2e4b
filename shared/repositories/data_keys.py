"""Each org's data key, wrapped: useless without the deployment's key."""

from shared.domain.errors import Conflict
from shared.repositories import keys
from shared.repositories.codec import attribute_values
from shared.repositories.table import Table, attribute_key
from shared.repositories.unit_of_work import UnitOfWork


class KeyMade(Conflict):
    """Another process made this org's data key first."""


class DataKeyRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, org_id: str) -> bytes | None:
        item = self._table.get(keys.data_key(org_id))
        wrapped: bytes | None = item["wrapped"]["B"] if item else None
        return wrapped

    def add(self, org_id: str, wrapped: bytes, work: UnitOfWork) -> None:
        """Raises: KeyMade, on commit."""
        row = attribute_key(keys.data_key(org_id)) | attribute_values({"wrapped": wrapped})
        work.add(row, KeyMade("This org has its data key already."))
