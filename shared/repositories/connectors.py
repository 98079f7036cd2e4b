"""Connector accounts, instances, targets and mappings."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from datetime import datetime

from shared.domain.connector import ConnectorAccount, ConnectorInstance, ConnectorTarget, Mapping
from shared.domain.errors import Conflict, NotFound
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import attribute_values, decode, encode, timestamp
from shared.repositories.table import DUE, EDGE, LIST, Table, attribute_key
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork


class ConnectorAccountRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, account: ConnectorAccount, work: UnitOfWork) -> None:
        work.add(
            encode(
                keys.account(account.org_id, account.id),
                account,
                {
                    "list_pk": keys.listing(account.org_id, "cac"),
                    "list_sk": account.id,
                    "edge_pk": keys.remote_edge(account.type, account.remote_id),
                    "edge_sk": f"{account.org_id}#{account.id}",
                },
            ),
            Conflict("This connector account already exists."),
        )
        name = keys.name(account.org_id, "cac", account.type, account.remote_id)
        taken = Conflict(f"remoteId: installation {account.remote_id} is already bound to this organization")
        work.add(attribute_key(name) | attribute_values({"resource_id": account.id}), taken)

    def find(self, org_id: str, account_id: str) -> ConnectorAccount | None:
        item = self._table.get(keys.account(org_id, account_id))
        return decode(ConnectorAccount, item) if item else None

    def list_page(self, org_id: str, page: PageRequest) -> Page[ConnectorAccount]:
        found = self._table.query(keys.listing(org_id, "cac"), index=LIST, after=page.after, limit=page.limit)
        ids = [item["list_sk"]["S"] for item in found.items]
        rows = self._table.batch_get(keys.account(org_id, i) for i in ids)
        accounts = [decode(ConnectorAccount, row) for i in ids if (row := rows.get(keys.account(org_id, i)))]
        return Page(accounts, ids[-1] if found.more else None)

    def claim(self, connector_type: str, remote_id: str, org_id: str, at: datetime, work: UnitOfWork) -> None:
        """Record that the deployment's operator (or a completed install) lets this org bind an installation."""
        row = attribute_key(keys.claim(connector_type, remote_id, org_id))
        work.put(row | attribute_values({"created_at": at}))

    def is_claimed(self, connector_type: str, remote_id: str, org_id: str) -> bool:
        return self._table.get(keys.claim(connector_type, remote_id, org_id)) is not None


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


class ConnectorTargetRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, target: ConnectorTarget, work: UnitOfWork) -> None:
        work.add(
            encode(
                keys.target(target.org_id, target.id),
                target,
                {
                    "list_pk": keys.instance_listing(target.org_id, target.instance_id),
                    "list_sk": target.id,
                    "edge_pk": keys.repository_edge(target.repository_id),
                    "edge_sk": f"{target.org_id}#{target.id}",
                    **_due(target.id, target.next_check_at),
                },
            ),
            Conflict("This connector target already exists."),
        )

    def find(self, org_id: str, target_id: str) -> ConnectorTarget | None:
        item = self._table.get(keys.target(org_id, target_id))
        return decode(ConnectorTarget, item) if item else None

    def list_page(self, org_id: str, instance_id: str, page: PageRequest) -> Page[ConnectorTarget]:
        pk = keys.instance_listing(org_id, instance_id)
        found = self._table.query(pk, index=LIST, after=page.after, limit=page.limit)
        ids = [item["list_sk"]["S"] for item in found.items]
        targets = {target.id: target for target in self._rows((org_id, i) for i in ids)}
        return Page([targets[i] for i in ids if i in targets], ids[-1] if found.more else None)

    def list_by_repository(self, repository_id: int) -> list[ConnectorTarget]:
        """The targets of a repository in every org that bound it (GitHub's numeric id survives renames)."""
        found = self._table.query(keys.repository_edge(repository_id), index=EDGE)
        return self._rows(_split(item["edge_sk"]["S"]) for item in found.items)

    def list_due(self, shard: str, until: datetime, limit: int) -> list[ConnectorTarget]:
        """Targets of one shard whose check is due."""
        found = self._table.query(shard, index=DUE, prefix="ctg#", until=f"ctg#{timestamp(until)}", limit=limit)
        return self._rows(_owner(item["pk"]["S"]) for item in found.items)

    def update(self, target: ConnectorTarget, changes: MappingOf[str, object], work: UnitOfWork) -> None:
        """Assign what a sync or a lifecycle event learned; `next_check_at` moves the target in the due index."""
        due = {}
        if isinstance(at := changes.get("next_check_at"), datetime):
            due = _due(target.id, at)
        work.update(
            keys.target(target.org_id, target.id),
            assign={**changes, **due},
            when=Condition(PRESENT),
            otherwise=NotFound("connector target"),
        )

    def _rows(self, wanted: Iterable[tuple[str, str]]) -> list[ConnectorTarget]:
        rows = self._table.batch_get(keys.target(org_id, target_id) for org_id, target_id in wanted)
        return [decode(ConnectorTarget, item) for item in rows.values()]


class MappingRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, mapping: Mapping, work: UnitOfWork) -> None:
        edge = {"edge_pk": keys.mapping_edge(mapping.org_id, mapping.id), "edge_sk": mapping.target_id}
        key = keys.mapping(mapping.org_id, mapping.target_id, mapping.id)
        work.add(encode(key, mapping, edge), Conflict("This mapping already exists."))

    def find(self, org_id: str, mapping_id: str) -> Mapping | None:
        found = self._table.query(keys.mapping_edge(org_id, mapping_id), index=EDGE, limit=1)
        if not found.items:
            return None
        item = self._table.get(found.keys[0])
        return decode(Mapping, item) if item else None

    def list_all(self, org_id: str, target_id: str) -> list[Mapping]:
        """Every mapping of a target: bounded by the limit of mappings per target."""
        found = self._table.query(keys.target(org_id, target_id).pk, prefix=keys.MAPPING)
        return [decode(Mapping, item) for item in found.items]

    def list_page(self, org_id: str, target_id: str, page: PageRequest) -> Page[Mapping]:
        after = keys.MAPPING + page.after if page.after else None
        pk = keys.target(org_id, target_id).pk
        found = self._table.query(pk, prefix=keys.MAPPING, after=after, limit=page.limit)
        rows = [decode(Mapping, item) for item in found.items]
        return Page(rows, rows[-1].id if found.more else None)


def _due(target_id: str, at: datetime | None) -> dict[str, object]:
    if at is None:
        return {}
    return {"due_pk": keys.due_shard(target_id), "due_sk": f"ctg#{timestamp(at)}#{target_id}"}


def _split(edge: str) -> tuple[str, str]:
    org_id, _, target_id = edge.partition("#")
    return org_id, target_id


def _owner(pk: str) -> tuple[str, str]:
    _, org_id, target_id = pk.split("#")
    return org_id, target_id
