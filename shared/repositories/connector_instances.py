"""Connector instances."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf

from shared.domain.connector import ConnectorInstance
from shared.domain.errors import Conflict, NotFound, Stale
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import decode, encode
from shared.repositories.table import EDGE, LIST, Table
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork, where


class ConnectorInstanceRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, instance: ConnectorInstance, work: UnitOfWork) -> None:
        places = {
            "list_pk": keys.listing(instance.org_id, "cin"),
            "list_sk": instance.id,
            "edge_pk": keys.account_edge(instance.org_id, instance.account_id),
            "edge_sk": instance.id,
        }
        key = keys.instance(instance.org_id, instance.id)
        work.add(encode(key, instance, places), Conflict("This connector instance already exists."))

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

    def list_by_account(self, org_id: str, account_id: str) -> list[ConnectorInstance]:
        """Every instance of an account, archived ones too, oldest first."""
        found = self._table.query(keys.account_edge(org_id, account_id), index=EDGE)
        instances = self.find_all(org_id, [item["edge_sk"]["S"] for item in found.items])
        return [instances[each] for each in sorted(instances)]

    def update(self, instance: ConnectorInstance, changes: MappingOf[str, object], work: UnitOfWork) -> None:
        """Change the instance that was read. Raises: Stale, on commit, when it has changed since."""
        work.update(
            keys.instance(instance.org_id, instance.id),
            assign=changes,
            increase={"revision": 1},
            when=where(revision=instance.revision),
            otherwise=Stale(),
        )

    def follow_manifests(self, org_id: str, instance_id: str, follows: bool, work: UnitOfWork) -> None:
        """Whether its targets' syncs import what appears in manifests, as an application of a discovery says."""
        work.update(
            keys.instance(org_id, instance_id),
            assign={"auto_import": follows},
            increase={"revision": 1},
            when=Condition(PRESENT),
            otherwise=NotFound("connector instance"),
        )

    def record_sync(self, org_id: str, instance_id: str, outcome: MappingOf[str, object], work: UnitOfWork) -> None:
        """`outcome`: last_synced_at, last_sync_status, last_attempted_revision."""
        work.update(
            keys.instance(org_id, instance_id),
            assign=outcome,
            increase={"revision": 1},
            when=Condition(PRESENT),
            otherwise=NotFound("connector instance"),
        )
