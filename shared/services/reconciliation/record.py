"""The one writer of a run's status: the event, its target and its instance."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from shared.domain.connector import ConnectorTarget, TargetHealth
from shared.domain.errors import DepotError
from shared.domain.source_errors import BranchMissing, SourceEmpty, SourceForbidden, SourceNotFound
from shared.domain.sync_event import SyncEvent, SyncFailure, SyncStatus
from shared.repositories.connectors import ConnectorInstanceRepository, ConnectorTargetRepository
from shared.repositories.sync_events import SyncEventRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.reconciliation.run import Run

RUNNING_LEASE: Final = timedelta(minutes=10)
"""Longer than the worker's time limit: past it, nobody is working on the event."""

CHECK_INTERVAL: Final = timedelta(minutes=5)
_HEALTH: Final[Mapping[type[DepotError], TargetHealth]] = {
    BranchMissing: TargetHealth.BRANCH_MISSING,
    SourceNotFound: TargetHealth.ACCESS_LOST,
    SourceForbidden: TargetHealth.SUSPENDED,
    SourceEmpty: TargetHealth.EMPTY,
}


@dataclass(frozen=True, slots=True)
class Record:
    events: SyncEventRepository
    targets: ConnectorTargetRepository
    instances: ConnectorInstanceRepository
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def start(self, event: SyncEvent) -> SyncEvent:
        """Raises: Conflict when another worker has moved the event on."""
        at = self.mint.now()
        running = replace(event, status=SyncStatus.RUNNING, started_at=at, lease_until=at + RUNNING_LEASE)
        changes = {"status": running.status, "started_at": at, "lease_until": running.lease_until, "updated_at": at}
        with self.begin() as work:
            self.events.change(event, changes, event.status, work)
        return running

    def finish(self, run: Run, status: SyncStatus) -> None:
        """The run came to its end; its target now equals the head, but for files that failed alone."""
        outcome = {
            "counts": run.counts,
            "failures": run.failures,
            "timings": run.timings,
            "revision": run.head,
        }
        with self.begin() as work:
            self._close(run.event, status, outcome, work)
            if status != SyncStatus.SUPERSEDED:
                self._mark_synced(run, status, work, run.event)

    def fail(self, event: SyncEvent, target: ConnectorTarget | None, error: DepotError) -> None:
        """Waiting cannot mend it: nothing of the target was concluded from it, and `retry` starts over."""
        failure = SyncFailure("", error.code, error.message)
        with self.begin() as work:
            self._close(event, SyncStatus.FAILED, {"failures": [failure]}, work)
            if target is not None:
                self.targets.update(target, {"health": _HEALTH.get(type(error), target.health)}, work)
                self._mark_instance(event, SyncStatus.FAILED, event.revision, work)

    def postpone(self, event: SyncEvent, error: DepotError, seconds: float) -> None:
        """It may succeed later: visible on the event, which stays queued."""
        at = self.mint.now()
        changes = {
            "status": SyncStatus.QUEUED,
            "failures": [SyncFailure("", error.code, error.message)],
            "lease_until": at + timedelta(seconds=seconds) + RUNNING_LEASE,
            "updated_at": at,
        }
        with self.begin() as work:
            self.events.change(event, changes, event.status, work)

    def _close(self, event: SyncEvent, status: SyncStatus, outcome: dict[str, object], work: UnitOfWork) -> None:
        at = self.mint.now()
        changes = {**outcome, "status": status, "completed_at": at, "updated_at": at, "lease_until": None}
        self.events.change(event, changes, event.status, work)

    def _mark_synced(self, run: Run, status: SyncStatus, work: UnitOfWork, event: SyncEvent) -> None:
        at = self.mint.now()
        changes = {
            "last_synced_revision": run.head,
            # The start, not the end: a mapping that was edited during the run is looked at by the next one.
            "last_synced_at": event.started_at,
            "health": TargetHealth.HEALTHY,
            "next_check_at": at + CHECK_INTERVAL,
        }
        self.targets.update(run.target, changes, work)
        self._mark_instance(event, status, run.head, work)

    def _mark_instance(self, event: SyncEvent, status: SyncStatus, head: str | None, work: UnitOfWork) -> None:
        outcome = {"last_synced_at": self.mint.now(), "last_sync_status": status, "last_attempted_revision": head}
        self.instances.record_sync(event.org_id, event.instance_id, outcome, work)
