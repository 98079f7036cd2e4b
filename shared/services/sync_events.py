"""Sync events: who asks for a reconciliation, and how it gets to the queue exactly once per head."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from shared.domain.access import Action, Actor, require
from shared.domain.connector import ConnectorInstance, ConnectorTarget, InstanceStatus, TargetHealth
from shared.domain.errors import Conflict, NotFound
from shared.domain.paging import PageRequest
from shared.domain.sync_event import OPEN, SyncCounts, SyncEvent, SyncStatus, SyncTrigger, pause_after
from shared.domain.webhook import Envelope
from shared.messaging.sync_queue import SyncMessage, SyncQueue
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.sync_events import HeadAlreadyQueued, Overtaken, SyncEventRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint

QUEUED_LEASE: Final = timedelta(minutes=15)
"""How long a queued event may wait before a sweep queues it again."""

_MOST_AT_WORK: Final = 20
"""Of a target's newest events: runs that are still to come are among them."""


@dataclass(frozen=True, slots=True)
class SyncEvents:
    events: SyncEventRepository
    targets: ConnectorTargetRepository
    instances: ConnectorInstanceRepository
    queue: SyncQueue
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def receive_push(self, push: Envelope) -> int:
        """Queue one run for every target that tracks the pushed branch; how many there are.

        Targets are found by repository id in every org that bound it; a tag of the branch's name is not it.
        """
        if push.repository_id is None or push.ref is None:
            return 0
        found = self.targets.list_by_repository(push.repository_id)
        tracked = [one for one in found if one.ref == push.ref and one.installation_id == str(push.installation_id)]
        for target in tracked:
            self._receive(target, push)
        return len(tracked)

    def request(self, target: ConnectorTarget, trigger: SyncTrigger, requested_by: str | None) -> SyncEvent:
        """Queue a run of a target's current head, whichever it is when the run starts."""
        # Of a run that a person asked for the asking is the deed; any other follows from one, or from a push.
        work = self.begin() if trigger == SyncTrigger.MANUAL else self.begin().as_upkeep()
        with work:
            event = self.add(target, trigger, requested_by, work)
        self.enqueue(event)
        return event

    def add(
        self, target: ConnectorTarget, trigger: SyncTrigger, requested_by: str | None, work: UnitOfWork
    ) -> SyncEvent:
        """The event of a run that is asked for, beside other rows: `enqueue` it once they are written."""
        event = self._new(target, trigger, revision=None, requested_by=requested_by)
        self.events.add(event, work)
        return event

    def resync(self, actor: Actor, target_id: str) -> SyncEvent:
        """Raises: NotFound, MissingRole; Conflict while the instance is disabled or archived."""
        target, instance = self._target(actor, target_id, Action.SYNC)
        if instance.status != InstanceStatus.ACTIVE:
            raise Conflict(f"The connector instance is {instance.status.value}; enable it first.")
        return self.request(target, SyncTrigger.MANUAL, actor.id)

    def retry(self, actor: Actor, event_id: str) -> SyncEvent:
        """Queue a finished event again. Raises: NotFound, MissingRole; Conflict while it is still open."""
        event = self._event(actor, event_id, Action.SYNC)
        if event.status in OPEN:
            raise Conflict(f"The sync event is {event.status.value}; it needs no retry.")
        return self._requeue(event, self.begin())

    def requeue(self, event: SyncEvent) -> SyncEvent:
        """Another attempt: an open event goes on counting, a finished one starts over. Raises: Overtaken."""
        return self._requeue(event, self.begin().as_upkeep())

    def _requeue(self, event: SyncEvent, work: UnitOfWork) -> SyncEvent:
        at = self.mint.now()
        changes: dict[str, Any] = {
            "status": SyncStatus.QUEUED,
            "attempts": event.attempts + 1,
            "lease_until": at + QUEUED_LEASE,
            "updated_at": at,
        }
        if event.status not in OPEN:
            changes |= {
                "counts": SyncCounts(),
                "failures": [],
                "diagnostics": [],
                "completed_at": None,
                "requested_at": at,
            }
        with work:
            self.events.change(event, changes, work)
        queued = replace(event, **changes)
        self.enqueue(queued)
        return queued

    def enqueue(self, event: SyncEvent) -> None:
        """Send the message of an event's attempt; SQS drops a second one."""
        self.queue.send(SyncMessage(event.org_id, event.target_id, event.id, event.attempts))

    def get(self, actor: Actor, event_id: str) -> SyncEvent:
        """Raises: NotFound for unknown, foreign and hidden ones alike."""
        return self._event(actor, event_id, Action.VIEW)

    def _receive(self, target: ConnectorTarget, push: Envelope) -> None:
        if push.deleted or push.head_sha is None:
            # The branch is gone, the objects stay: nothing is concluded from an absent tree.
            with self.begin().as_upkeep() as work:
                self.targets.update(target, {"health": TargetHealth.BRANCH_MISSING}, work)
            return
        self._request_head(target, push.head_sha, push.delivery_id)

    def request_head(self, target: ConnectorTarget, head: str) -> None:
        """Queue a run of a head that a sweep saw without a delivery."""
        self._request_head(target, head, None)

    def _request_head(self, target: ConnectorTarget, head: str, delivery_id: str | None) -> None:
        """One event per target and head, whoever noticed it and how often."""
        trigger = SyncTrigger.PUSH if delivery_id else SyncTrigger.SWEEP
        event = self._new(target, trigger, head, delivery_ids=(delivery_id,) if delivery_id else ())
        try:
            with self.begin().as_upkeep() as work:
                self.events.add(event, work)
        except HeadAlreadyQueued:
            self._request_again(target, head, delivery_id)
            return
        self.enqueue(event)

    def _request_again(self, target: ConnectorTarget, head: str, delivery_id: str | None) -> None:
        """This head already has its event: note the delivery, and revive the event unless its work is done."""
        event = self.events.find_by_head(target.org_id, target.id, head)
        if event is None:
            return
        if delivery_id is not None and delivery_id not in event.delivery_ids:
            with self.begin().as_upkeep() as work:
                self.events.append_delivery(event, delivery_id, work)
        if event.status == SyncStatus.QUEUED:
            # The first delivery may have died between its write and its message; SQS drops a second one.
            self.enqueue(event)
        elif self._is_wanted_again(event, target, head, by_sweep=delivery_id is None):
            with suppress(Overtaken):  # another delivery of the same push has revived it
                self.requeue(event)

    def _is_wanted_again(self, event: SyncEvent, target: ConnectorTarget, head: str, *, by_sweep: bool) -> bool:
        """A push revives what failed at once, a sweep after a pause.

        A head that was synced and left (A → B → A by force push), or superseded, is asked for anew; also while the run
        of B is still to come, or under way: it may make B true after it looked at the branch.
        """
        if event.status == SyncStatus.FAILED:
            return not by_sweep or self.mint.now() >= event.updated_at + pause_after(event.attempts)
        if event.status in OPEN:
            return False
        return target.last_synced_revision != head or self._is_worked_on(target)

    def _is_worked_on(self, target: ConnectorTarget) -> bool:
        newest = self.events.list_by_target(target.org_id, target.id, PageRequest(_MOST_AT_WORK))
        return any(one.status in OPEN for one in newest.items)

    def _new(
        self,
        target: ConnectorTarget,
        trigger: SyncTrigger,
        revision: str | None,
        *,
        delivery_ids: tuple[str, ...] = (),
        requested_by: str | None = None,
    ) -> SyncEvent:
        at = self.mint.now()
        return SyncEvent(
            id=self.mint.new_id("syn"),
            org_id=target.org_id,
            instance_id=target.instance_id,
            target_id=target.id,
            trigger=trigger,
            status=SyncStatus.QUEUED,
            created_at=at,
            updated_at=at,
            revision=revision,
            delivery_ids=delivery_ids,
            lease_until=at + QUEUED_LEASE,
            requested_at=at,
            requested_by=requested_by,
        )

    def _event(self, actor: Actor, event_id: str, action: Action) -> SyncEvent:
        event = self.events.find(actor.org_id, event_id)
        if event is None:
            raise NotFound("sync event")
        instance = self.instances.find(actor.org_id, event.instance_id)
        require(actor, action, "sync event", instance.grants if instance else {})
        return event

    def _target(self, actor: Actor, target_id: str, action: Action) -> tuple[ConnectorTarget, ConnectorInstance]:
        target = self.targets.find(actor.org_id, target_id)
        if target is None:
            raise NotFound("connector target")
        return target, self._instance(actor, target.instance_id, action)

    def _instance(self, actor: Actor, instance_id: str, action: Action) -> ConnectorInstance:
        instance = self.instances.find(actor.org_id, instance_id)
        if instance is None:
            raise NotFound("connector instance")
        require(actor, action, "connector instance", instance.grants)
        return instance
