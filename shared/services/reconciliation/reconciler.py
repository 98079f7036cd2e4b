"""Makes what a target has bound equal to its branch head: named steps in order, one exit, one writer of status."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from shared.connectors.port import Connector
from shared.domain.connector import ConnectorTarget
from shared.domain.errors import DepotError, Retryable
from shared.domain.source_errors import SourceUnavailable
from shared.domain.sync_event import OPEN, SyncEvent, SyncStatus
from shared.messaging.sync_queue import SyncMessage
from shared.repositories.bindings import AlreadyBound
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.mappings import MappingRepository
from shared.repositories.sync_events import SyncEventRepository
from shared.services.reconciliation.apply import Apply
from shared.services.reconciliation.fetch import Fetch
from shared.services.reconciliation.look import Look
from shared.services.reconciliation.record import DeadLetter, Record
from shared.services.reconciliation.run import AtRest, Finished, OutOfTime, Run, SyncRefused, Tally
from shared.services.sync_events import SyncEvents


@dataclass(frozen=True, slots=True)
class Reconciler:
    events: SyncEventRepository
    targets: ConnectorTargetRepository
    instances: ConnectorInstanceRepository
    mappings: MappingRepository
    look: Look
    fetch: Fetch
    follow: Callable[[Run], None] = field(repr=False)
    apply: Apply
    record: Record
    sync_events: SyncEvents
    connector: Connector

    def reconcile(self, message: SyncMessage, has_time: Callable[[], bool]) -> SyncEvent | None:
        """Run the event that a message names, and tell how it is now; a message that was overtaken does nothing.

        Raises: Retryable when the same message should be received again (`postpone` makes that visible);
            Overtaken when another worker has taken the event over.
        """
        event = self._current_event(message)
        if event is None:
            return None
        event = self.record.start(event)
        target = self.targets.find(event.org_id, event.target_id)
        try:
            return self._run(self._open(event, target, has_time))
        except OutOfTime:
            return self.sync_events.requeue(event)
        except AtRest as error:
            return self.record.drop(event, error)
        except (SyncRefused, SourceUnavailable) as error:
            return self.record.fail(event, error, target)
        except AlreadyBound as error:
            raise Retryable("Another run of this target was in the way.") from error

    def postpone(self, message: SyncMessage, error: DepotError, seconds: float) -> SyncEvent | None:
        """The message comes back in `seconds`: say why on its event. Raises: Overtaken."""
        event = self._open_event(message)
        return self.record.postpone(event, error, seconds) if event else None

    def give_up(self, message: SyncMessage) -> SyncEvent | None:
        """The message was received too often and goes to the dead-letter queue; `retry` still works."""
        event = self._open_event(message)
        if event is None:
            return None
        return self.record.fail(event, DeadLetter(), self.targets.find(event.org_id, event.target_id))

    def _current_event(self, message: SyncMessage) -> SyncEvent | None:
        event = self.events.find(message.org_id, message.sync_event_id)
        if event is None or event.status not in OPEN:
            return None
        if event.attempts > message.attempt:
            # Whoever queued the next attempt may have died before its message was sent; SQS drops a second one.
            self.sync_events.enqueue(event)
            return None
        return event

    def _open_event(self, message: SyncMessage) -> SyncEvent | None:
        event = self.events.find(message.org_id, message.sync_event_id)
        return event if event is not None and event.status in OPEN and event.attempts == message.attempt else None

    def _open(self, event: SyncEvent, target: ConnectorTarget | None, has_time: Callable[[], bool]) -> Run:
        if target is None:
            raise SyncRefused("The connector target is gone.")
        instance = self.instances.find(event.org_id, target.instance_id)
        if instance is None:
            raise SyncRefused("The connector instance is gone.")
        if not instance.is_active:
            raise AtRest(instance.status.value)
        mappings = self.mappings.list_all(event.org_id, target.id)
        reader = self.connector.reader(int(target.installation_id), target.repository_id)
        return Run(event, target, mappings, reader, has_time, Tally.of(event))

    def _run(self, run: Run) -> SyncEvent:
        try:
            self._steps(run)
        except Finished as early:
            return self.record.finish(run, early.status)
        return self.record.finish(run, SyncStatus.PARTIAL if run.total.failed else SyncStatus.COMPLETED)

    def _steps(self, run: Run) -> None:
        _timed(run, "resolve", self.look.resolve)
        _timed(run, "list", self.look.list_paths)
        _timed(run, "follow", self.follow)
        _timed(run, "match", self.look.match)
        _timed(run, "plan", self.look.plan)
        for batch in self.fetch.batches(run):
            run.batch = batch
            _timed(run, "fetch", self.fetch.fetch)
            _timed(run, "apply", self.apply.apply)
            if run.cut_short_by is not None:
                raise run.cut_short_by
        _timed(run, "prune", self.apply.prune)


def _timed(run: Run, name: str, step: Callable[[Run], None]) -> None:
    started = perf_counter()
    step(run)
    run.timings[name] = run.timings.get(name, 0) + round((perf_counter() - started) * 1000)
