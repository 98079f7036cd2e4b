"""Connector instances."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf

from shared.domain.connector import ConnectorInstance
from shared.domain.errors import Conflict, NotFound
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import decode, encode
from shared.repositories.table import LIST, Table
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork


class ConnectorInstanceRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, instance: ConnectorInstance, work: UnitOfWork) -> None:
        listing = {"list_pk": keys.listing(instance.org_id, "cin"), "list_sk": instance.id}
        key = keys.instance(instance.org_id, instance.id)
        work.add(encode(key, instance, listing), Conflict("This connector instance already exists."))

    def find(self, org_id: str, instance_id: str) -> ConnectorInstance | None:
        return self.find_all(org_id, [instance_id]).get(instance_id)

    def find_all(self, org_id: str, instance_ids: Iterable[str]) -> dict[str, ConnectorInstance]:
        rows = self._table.batch_get(keys.instance(org_id, instance_id) for instance_id in instance_ids)
        instances = [decode(ConnectorInstance, item) for item in rows.values()]
        return {instance.id: instance for instance in instances}

    def list_page(self, org_id: str, page: PageRequest) -> Page[ConnectorInstance]:
        found = self._table.query(keys.listing(org_id, "cin"), index=LIST, after=page.after, limit=page.limit)
        ids = [item["list_sk"]["S"] for item in found.items]
        instances = self.find_all(org_id, ids)
        return Page([instances[i] for i in ids if i in instances], ids[-1] if found.more else None)

    def record_sync(self, org_id: str, instance_id: str, outcome: MappingOf[str, object], work: UnitOfWork) -> None:
        """`outcome`: last_synced_at, last_sync_status, last_attempted_revision; no part of the row's ETag."""
        work.update(
            keys.instance(org_id, instance_id),
            assign=outcome,
            when=Condition(PRESENT),
            otherwise=NotFound("connector instance"),
        )
