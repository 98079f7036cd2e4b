"""Lists of sync events: newest first, at a cost that does not grow with the history."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.domain.access import Action, Actor, Capability, has_capability, require, strongest
from shared.domain.connector import ConnectorInstance
from shared.domain.errors import NotFound
from shared.domain.paging import MAX_LIMIT, Page, PageRequest
from shared.domain.sync_event import SyncEvent, SyncStatus, SyncTrigger
from shared.repositories.connector_instances import ConnectorInstanceRepository
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.sync_events import SyncEventRepository
from shared.services.side_by_side import side_by_side

_BUDGET: Final = MAX_LIMIT
"""Rows read for one page where not every row will pass."""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """`since` bounds what is read; the others are compared with what was read."""

    instance_id: str | None = None
    target_id: str | None = None
    status: SyncStatus | None = None
    trigger: SyncTrigger | None = None
    since: datetime | None = None

    @property
    def is_narrow(self) -> bool:
        return any((self.status, self.trigger, self.instance_id and self.target_id))

    def takes(self, event: SyncEvent) -> bool:
        return (
            self.instance_id in (None, event.instance_id)
            and self.target_id in (None, event.target_id)
            and self.status in (None, event.status)
            and self.trigger in (None, event.trigger)
        )


@dataclass(frozen=True, slots=True)
class SyncEventListing:
    events: SyncEventRepository
    targets: ConnectorTargetRepository
    instances: ConnectorInstanceRepository

    def list_page(self, actor: Actor, wanted: EventFilter, page: PageRequest) -> Page[SyncEvent]:
        """Of a target, of an instance, or of everything the actor may see; short pages have a cursor.

        Access and events are read at once; what was read is dropped when access is refused.
        Raises: NotFound for a target or instance that is unknown, foreign or hidden.
        """
        rows = PageRequest(max(page.limit, _BUDGET) if wanted.is_narrow else page.limit, page.after)
        found = self._read(actor, wanted, rows)
        taken = [event for event in found.items if wanted.takes(event)]
        if len(taken) > page.limit:
            return Page(taken[: page.limit], taken[page.limit - 1].id)
        return Page(taken, found.next_after)

    def _read(self, actor: Actor, wanted: EventFilter, page: PageRequest) -> Page[SyncEvent]:
        org_id, target_id, instance_id = actor.org_id, wanted.target_id, wanted.instance_id
        if target_id is not None:
            return _allowed(
                lambda: self._require_target(actor, target_id),
                lambda: self.events.list_by_target(org_id, target_id, page, wanted.since),
            )
        if instance_id is not None:
            return _allowed(
                lambda: _require(actor, self.instances.find(org_id, instance_id)),
                lambda: self.events.list_by_instance(org_id, instance_id, page, wanted.since),
            )
        return self._visible(actor, self.events.list_page(org_id, page, wanted.since))

    def _visible(self, actor: Actor, found: Page[SyncEvent]) -> Page[SyncEvent]:
        if has_capability(actor, Capability.SYNC_VIEW_ALL):
            return found
        instances = self.instances.find_all(actor.org_id, {event.instance_id for event in found.items})
        shown = {one.id for one in instances.values() if strongest(actor, one.grants) is not None}
        return Page([event for event in found.items if event.instance_id in shown], found.next_after)

    def _require_target(self, actor: Actor, target_id: str) -> None:
        target = self.targets.find(actor.org_id, target_id)
        if target is None:
            raise NotFound("connector target")
        _require(actor, self.instances.find(actor.org_id, target.instance_id))


def _require(actor: Actor, instance: ConnectorInstance | None) -> None:
    if instance is None:
        raise NotFound("connector instance")
    require(actor, Action.VIEW, "connector instance", instance.grants)


def _allowed(access: Callable[[], None], read: Callable[[], Page[SyncEvent]]) -> Page[SyncEvent]:
    _, found = side_by_side(access, read)
    return found
