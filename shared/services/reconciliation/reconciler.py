"""Makes what a target has bound equal to its branch head: named steps in order, one exit, one writer of status."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from shared.connectors.port import Connector
from shared.domain.connector import ConnectorTarget, InstanceStatus
from shared.domain.errors import Conflict, DepotError, Retryable
from shared.domain.source_errors import SourceUnavailable
from shared.domain.sync_event import OPEN, SyncEvent, SyncStatus
from shared.messaging.sync_queue import SyncMessage
from shared.repositories.bindings import AlreadyBound
from shared.repositories.connectors import ConnectorInstanceRepository, ConnectorTargetRepository, MappingRepository
from shared.repositories.sync_events import SyncEventRepository
from shared.services.reconciliation.apply import Apply
from shared.services.reconciliation.look import Look
from shared.services.reconciliation.record import Record
from shared.services.reconciliation.run import Finished, OutOfTime, Run, SyncRefused
from shared.services.sync_events import SyncEvents


@dataclass(frozen=True, slots=True)
class Reconciler:
    events: SyncEventRepository
    targets: ConnectorTargetRepository
    instances: ConnectorInstanceRepository
    mappings: MappingRepository
    look: Look
    apply: Apply
    record: Record
    sync_events: SyncEvents
    connector: Connector

    def reconcile(self, message: SyncMessage, has_time: Callable[[], bool]) -> None:
        """Run the event that a message names; a message that was overtaken does nothing.

        Raises: Retryable when the same message should be received again; `postpone` makes that visible.
        """
        event = self.events.find(message.org_id, message.sync_event_id)
        if event is None or event.status not in OPEN or event.attempts != message.attempt:
            return
        target = self.targets.find(event.org_id, event.target_id)
        try:
            event = self.record.start(event)
            self._run(self._open(event, target, has_time))
        except OutOfTime:
            self.sync_events.requeue(event)
        except (SyncRefused, SourceUnavailable) as error:
            self.record.fail(event, target, error)
        except AlreadyBound as error:
            raise Retryable("Another run of this target was in the way.") from error

    def postpone(self, message: SyncMessage, error: DepotError, seconds: float) -> None:
        """The message comes back in `seconds`: say why on its event."""
        event = self._open_event(message)
        if event is not None:
            self.record.postpone(event, error, seconds)

    def give_up(self, message: SyncMessage) -> None:
        """The message was received too often and goes to the dead-letter queue; `retry` still works."""
        event = self._open_event(message)
        if event is not None:
            self.record.fail(event, None, DeadLetter("The run failed too often; mend the cause and retry it."))

    def _open_event(self, message: SyncMessage) -> SyncEvent | None:
        event = self.events.find(message.org_id, message.sync_event_id)
        return event if event is not None and event.status in OPEN and event.attempts == message.attempt else None

    def _open(self, event: SyncEvent, target: ConnectorTarget | None, has_time: Callable[[], bool]) -> Run:
        if target is None:
            raise SyncRefused("The connector target is gone.")
        instance = self.instances.find(event.org_id, target.instance_id)
        if instance is None or instance.status != InstanceStatus.ACTIVE:
            raise SyncRefused("The connector instance is not active.")
        mappings = self.mappings.list_all(event.org_id, target.id)
        reader = self.connector.reader(int(target.installation_id), target.repository_id)
        return Run(event, target, mappings, reader, has_time)

    def _run(self, run: Run) -> None:
        steps = {
            "resolve": self.look.resolve,
            "list": self.look.list_paths,
            "match": self.look.match,
            "plan": self.look.plan,
            "fetch": self.look.fetch,
            "apply": self.apply.apply,
            "prune": self.apply.prune,
        }
        try:
            for name, step in steps.items():
                _timed(run, name, step)
        except Finished as early:
            self.record.finish(run, early.status)
        else:
            self.record.finish(run, SyncStatus.PARTIAL if run.failed else SyncStatus.COMPLETED)


class DeadLetter(Conflict):
    code = "dead_letter"


def _timed(run: Run, name: str, step: Callable[[Run], None]) -> None:
    started = perf_counter()
    step(run)
    run.timings[name] = round((perf_counter() - started) * 1000)
