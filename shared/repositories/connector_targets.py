"""Connector targets: found by id, by instance, by GitHub's repository id, and by when their check is due."""

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from datetime import datetime

from shared.domain.connector import ConnectorTarget
from shared.domain.errors import Conflict, NotFound
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import decode, encode, timestamp
from shared.repositories.table import DUE, EDGE, LIST, Table
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork


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
