"""The one writer of a run's status: the event, its target and its instance."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from shared.domain.audit import AuditActor, AuditActorKind, Occasion
from shared.domain.connector import CHECK_INTERVAL, ConnectorTarget
from shared.domain.errors import DepotError
from shared.domain.sync_event import SyncCounts, SyncEvent, SyncFailure, SyncStatus
from shared.domain.target_health import health_after, health_when_read
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.repositories.connector_targets import ConnectorTargetRepository, PutToRest
from shared.repositories.sync_events import SyncEventRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.reconciliation.run import Run, Tally

RUNNING_LEASE: Final = timedelta(minutes=16)
"""Longer than any function may run: past it, nobody is working on the event."""


class DeadLetter(DepotError):
    code = "dead_letter"

    def __init__(self) -> None:
        super().__init__("The run failed too often; mend the cause and retry it.")


@dataclass(frozen=True, slots=True)
class Record:
    events: SyncEventRepository
    targets: ConnectorTargetRepository
    instances: ConnectorInstanceRepository
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def start(self, event: SyncEvent) -> SyncEvent:
        """Raises: Overtaken when another worker has moved the event on."""
        at = self.mint.now()
        running = replace(event, status=SyncStatus.RUNNING, started_at=at, lease_until=at + RUNNING_LEASE)
        changes = {"status": running.status, "started_at": at, "lease_until": running.lease_until, "updated_at": at}
        with self.begin().as_upkeep() as work:
            self.events.change(event, changes, work)
        return running

    def progress(self, run: Run, done: Tally, work: UnitOfWork) -> None:
        """Beside a chunk's own rows: a run that is stopped behind it has counted it, one that was overtaken fails."""
        changes = {
            "counts": SyncCounts(done.created, done.updated, done.deleted, 0, done.failed),
            "failures": list(done.failures),
            "lease_until": self.mint.now() + RUNNING_LEASE,
            "updated_at": self.mint.now(),
        }
        self.events.change(run.event, changes, work)

    def finish(self, run: Run, status: SyncStatus) -> SyncEvent:
        """The run came to its end; its target now equals the head, but for files that failed alone."""
        try:
            return self._finish(run, status, at_rest=False)
        except PutToRest:
            return self._finish(run, status, at_rest=True)

    def _finish(self, run: Run, status: SyncStatus, *, at_rest: bool) -> SyncEvent:
        outcome = {
            "counts": run.counts,
            "failures": list(run.total.failures),
            "diagnostics": list(run.diagnostics),
            "timings": run.timings,
        }
        with self._begin(run.event, status, run.counts, run.done.failed) as work:
            if status == SyncStatus.SUPERSEDED:
                return self._close(run.event, status, outcome, work)
            self._mark_synced(run, status, work, at_rest=at_rest)
            return self._close(run.event, status, outcome | {"revision": run.head}, work)

    def fail(self, event: SyncEvent, error: DepotError, target: ConnectorTarget | None) -> SyncEvent:
        """Waiting cannot mend it: nothing of the target was concluded from it, and `retry` starts over."""
        done = (self.events.find(event.org_id, event.id) or event).counts
        with self._begin(event, SyncStatus.FAILED, done, done.failed) as work:
            failed = self._close(event, SyncStatus.FAILED, {"failures": _failures(event, error)}, work)
            if target is not None:
                self.targets.update(target, {"health": health_after(error, target.health)}, work)
                outcome = {"last_sync_status": SyncStatus.FAILED, "last_attempted_revision": event.revision}
                self.instances.record_sync(event.org_id, event.instance_id, outcome, work)
        return failed

    def drop(self, event: SyncEvent, reason: DepotError) -> SyncEvent:
        """Nothing was to be done, and why: no failure of the target's."""
        with self._begin(event, SyncStatus.SUPERSEDED, event.counts, event.counts.failed) as work:
            return self._close(event, SyncStatus.SUPERSEDED, {"failures": _failures(event, reason)}, work)

    def postpone(self, event: SyncEvent, error: DepotError, seconds: float) -> SyncEvent:
        """It may succeed later: visible on the event, which stays queued."""
        at = self.mint.now()
        changes: dict[str, Any] = {
            "status": SyncStatus.QUEUED,
            "failures": _failures(event, error),
            "lease_until": at + timedelta(seconds=seconds) + RUNNING_LEASE,
            "updated_at": at,
        }
        with self.begin().as_upkeep() as work:
            self.events.change(event, changes, work)
        return replace(event, **changes)

    def _begin(self, event: SyncEvent, status: SyncStatus, counts: SyncCounts, refused: int) -> UnitOfWork:
        """A run is audited as one, at its end, with what its chunks have counted; one that changed nothing is not."""
        if not counts.created + counts.updated + counts.deleted + refused:
            return self.begin().as_upkeep()
        actor = AuditActor(AuditActorKind.CONNECTOR, event.id)
        metadata = {"status": status, "counts": counts}
        run = Occasion("syncTarget", event.id, actor, event.org_id, event.target_id, metadata)
        return self.begin().on(lambda _: run)

    def _close(self, event: SyncEvent, status: SyncStatus, outcome: dict[str, Any], work: UnitOfWork) -> SyncEvent:
        at = self.mint.now()
        changes = {**outcome, "status": status, "completed_at": at, "updated_at": at, "lease_until": None}
        self.events.change(event, changes, work)
        return replace(event, **changes)

    def _mark_synced(self, run: Run, status: SyncStatus, work: UnitOfWork, *, at_rest: bool) -> None:
        """`at_rest`: somebody has put the target to rest during the run; it stays there, in the health that it has."""
        at = self.mint.now()
        changes: dict[str, Any] = {
            "last_synced_revision": run.head,
            # The start, not the end: a mapping that was edited during the run is looked at by the next one.
            "last_synced_at": run.event.started_at,
            "failed_files": run.total.failed,
        }
        if not at_rest:
            moved = run.head != run.target.last_synced_revision
            changes |= {
                "health": health_when_read(run.target.health, moved=moved),
                "next_check_at": at + CHECK_INTERVAL,
            }
        was_checked = run.target.next_check_at is not None and not at_rest
        (self.targets.put_off if was_checked else self.targets.update)(run.target, changes, work)
        outcome = {"last_synced_at": at, "last_sync_status": status, "last_attempted_revision": run.head}
        self.instances.record_sync(run.event.org_id, run.event.instance_id, outcome, work)


def _failures(event: SyncEvent, error: DepotError) -> list[SyncFailure]:
    """The whole run's failure is the last: files that failed before it stay counted."""
    return [*event.file_failures, SyncFailure("", error.code, error.message)]
