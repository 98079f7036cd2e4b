"""Discovery runs: the newest of each target, in a row beside it."""

from collections.abc import Mapping
from datetime import datetime

from shared.domain.discovery.run import DiscoveryRun
from shared.domain.errors import Conflict
from shared.repositories import keys
from shared.repositories.codec import decode, encode, timestamp
from shared.repositories.table import DUE, Table
from shared.repositories.unit_of_work import UnitOfWork, where


class RunOvertaken(Conflict):
    """Another worker, or another request, has moved the run on."""


class DiscoveryRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, org_id: str, target_id: str) -> DiscoveryRun | None:
        item = self._table.get(keys.discovery(org_id, target_id))
        return decode(DiscoveryRun, item) if item else None

    def put(self, run: DiscoveryRun, work: UnitOfWork) -> None:
        """In the place of the one before: what that one found was a state of the repository, not of ours."""
        key = keys.discovery(run.org_id, run.target_id)
        work.put(encode(key, run, _due(run.target_id, run.lease_until)))

    def change(self, run: DiscoveryRun, changes: Mapping[str, object], work: UnitOfWork) -> None:
        """Assign fields while it is the same run, in the same state. Raises: RunOvertaken, on commit."""
        if "lease_until" in changes:
            changes = {**changes, **_due(run.target_id, changes["lease_until"])}
        work.update(
            keys.discovery(run.org_id, run.target_id),
            assign=changes,
            when=where(id=run.id, status=run.status, attempts=run.attempts, updated_at=run.updated_at),
            otherwise=RunOvertaken("Another worker has moved this discovery on."),
        )

    def list_expired(self, shard: str, until: datetime, limit: int) -> list[DiscoveryRun]:
        """Runs of one shard that nobody works on any more."""
        found = self._table.query(shard, index=DUE, prefix="dsc#", until=f"dsc#{timestamp(until)}", limit=limit)
        return [decode(DiscoveryRun, item) for item in self._table.batch_get(found.keys).values()]


def _due(target_id: str, lease_until: object) -> dict[str, object]:
    """A finished run has no lease and leaves the due index."""
    if not isinstance(lease_until, datetime):
        return {"due_pk": None, "due_sk": None}
    return {"due_pk": keys.due_shard(target_id), "due_sk": f"dsc#{timestamp(lease_until)}#{target_id}"}
