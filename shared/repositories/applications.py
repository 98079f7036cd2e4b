"""Applications of discoveries, and what a target's candidates became."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from shared.domain.discovery.application import Application, ApplicationStatus, Import
from shared.domain.errors import Conflict
from shared.repositories import keys
from shared.repositories.codec import attribute_value, decode, encode, timestamp
from shared.repositories.table import DUE, Table
from shared.repositories.unit_of_work import Condition, UnitOfWork, where


class PartTaken(Conflict):
    """Another worker has written this part of the application."""


class ApplicationRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, org_id: str, target_id: str) -> Application | None:
        item = self._table.get(keys.application(org_id, target_id))
        return decode(Application, item) if item else None

    def begin(self, application: Application, work: UnitOfWork) -> None:
        """Raises: Conflict, on commit, while another application of the target is open."""
        key = keys.application(application.org_id, application.target_id)
        row = encode(key, application, _due(application.target_id, application.lease_until))
        free = Condition(
            "attribute_not_exists(pk) OR #status = :done",
            {"#status": "status"},
            {":done": attribute_value(ApplicationStatus.DONE)},
        )
        work.put(row, when=free, otherwise=Conflict("Another application of this discovery is under way; repeat it."))

    def advance(self, application: Application, changes: Mapping[str, object], work: UnitOfWork) -> None:
        """Beside a part's rows: each part is written once. Raises: PartTaken, on commit."""
        if "lease_until" in changes:
            changes = {**changes, **_due(application.target_id, changes["lease_until"])}
        work.update(
            keys.application(application.org_id, application.target_id),
            assign=changes,
            when=where(id=application.id, done=application.done, status=application.status),
            otherwise=PartTaken("Another worker has written this part."),
        )

    def list_expired(self, shard: str, until: datetime, limit: int) -> list[Application]:
        """Open applications of one shard that nobody works on any more."""
        found = self._table.query(shard, index=DUE, prefix="app#", until=f"app#{timestamp(until)}", limit=limit)
        return [decode(Application, item) for item in self._table.batch_get(found.keys).values()]


class ImportRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def list_all(self, org_id: str, target_id: str) -> dict[str, Import]:
        """By candidate key: at most as many as a repository may propose."""
        found = self._table.query(keys.target(org_id, target_id).pk, prefix=keys.IMPORT)
        imports = [decode(Import, item) for item in found.items]
        return {one.candidate_key: one for one in imports}

    def list_each(self, org_id: str, target_ids: Iterable[str]) -> list[Import]:
        """Of several targets: one query each, side by side."""
        partitions = [keys.target(org_id, each).pk for each in target_ids]
        found = self._table.query_each(partitions, prefix=keys.IMPORT) if partitions else []
        return [decode(Import, item) for part in found for item in part.items]

    def put(self, org_id: str, one: Import, work: UnitOfWork) -> None:
        work.put(encode(keys.imported(org_id, one.target_id, one.candidate_key), one))

    def mark(self, org_id: str, target_id: str, key: str, gone_at: datetime | None, work: UnitOfWork) -> None:
        """Its source is gone since then, or there again."""
        work.update(keys.imported(org_id, target_id, key), assign={"gone_at": gone_at})


def _due(target_id: str, lease_until: object) -> dict[str, object]:
    if not isinstance(lease_until, datetime):
        return {"due_pk": None, "due_sk": None}
    return {"due_pk": keys.due_shard(target_id), "due_sk": f"app#{timestamp(lease_until)}#{target_id}"}
