"""Sync events, and the guard that lets one target and head have one event."""

from collections.abc import Mapping
from datetime import datetime

from shared.domain.errors import Conflict, NotFound
from shared.domain.ids import first_id_at
from shared.domain.paging import Page, PageRequest
from shared.domain.sync_event import SyncEvent
from shared.repositories import keys
from shared.repositories.codec import attribute_values, decode, encode, timestamp
from shared.repositories.table import DUE, EDGE, LIST, Index, Table, attribute_key
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork, where


class HeadAlreadyQueued(Conflict):
    """The target has an event for this head; see `find_by_head`."""


class Overtaken(Conflict):
    """Another worker has moved the event on; whatever this one knows of it is out of date."""


class SyncEventRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, event: SyncEvent, work: UnitOfWork) -> None:
        """A push event takes the guard of its head: of any number of identical deliveries one gets it.

        The guard is also the event's place in its instance's list, so a run of no particular head takes its own.
        """
        guard = attribute_key(keys.head_guard(event.org_id, event.target_id, event.revision or event.id))
        fields = {"event_id": event.id, "edge_pk": keys.instance_edge(event.org_id, event.instance_id)}
        taken = HeadAlreadyQueued("This head already has a sync event.")
        work.add(guard | attribute_values(fields | {"edge_sk": event.id}), taken)
        work.add(_to_item(event), Conflict("This sync event already exists."))

    def find_by_head(self, org_id: str, target_id: str, revision: str) -> SyncEvent | None:
        guard = self._table.get(keys.head_guard(org_id, target_id, revision))
        return self.find(org_id, guard["event_id"]["S"]) if guard else None

    def find(self, org_id: str, event_id: str) -> SyncEvent | None:
        item = self._table.get(keys.sync_event(org_id, event_id))
        return decode(SyncEvent, item) if item else None

    def change(self, event: SyncEvent, changes: Mapping[str, object], work: UnitOfWork) -> None:
        """Assign fields while the event is as `event` says: same status, attempt and start.

        Every start leaves another `started_at`, so that of two workers with the same message only the later one
        goes on. Raises: Overtaken, on commit.
        """
        if "lease_until" in changes:
            changes = {**changes, **_due(event.id, changes["lease_until"])}
        work.update(
            keys.sync_event(event.org_id, event.id),
            assign=changes,
            when=where(status=event.status, attempts=event.attempts, started_at=event.started_at),
            otherwise=Overtaken("Another worker has moved this sync event on."),
        )

    def append_delivery(self, event: SyncEvent, delivery_id: str, work: UnitOfWork) -> None:
        """A redelivery carries the same delivery id and adds nothing; the list keeps the newest 50."""
        known = [*(seen for seen in event.delivery_ids if seen != delivery_id), delivery_id]
        work.update(
            keys.sync_event(event.org_id, event.id),
            assign={"delivery_ids": known[-50:]},
            when=Condition(PRESENT),
            otherwise=NotFound("sync event"),
        )

    def list_page(self, org_id: str, page: PageRequest, since: datetime | None = None) -> Page[SyncEvent]:
        return self._newest(org_id, keys.listing(org_id, "syn"), LIST, page, since)

    def list_by_target(
        self, org_id: str, target_id: str, page: PageRequest, since: datetime | None = None
    ) -> Page[SyncEvent]:
        return self._newest(org_id, keys.target_edge(org_id, target_id), EDGE, page, since)

    def list_by_instance(
        self, org_id: str, instance_id: str, page: PageRequest, since: datetime | None = None
    ) -> Page[SyncEvent]:
        return self._newest(org_id, keys.instance_edge(org_id, instance_id), EDGE, page, since)

    def list_expired(self, shard: str, until: datetime, limit: int) -> list[SyncEvent]:
        """Events of one shard whose lease has ended while they were queued or running."""
        found = self._table.query(shard, index=DUE, prefix="syn#", until=f"syn#{timestamp(until)}", limit=limit)
        rows = self._table.batch_get(found.keys)
        return [decode(SyncEvent, item) for item in rows.values()]

    def _newest(self, org_id: str, pk: str, index: Index, page: PageRequest, since: datetime | None) -> Page[SyncEvent]:
        """Ids sort by creation, so a time is a place in the list: what is older is never read."""
        first = first_id_at("syn", since) if since else None
        found = self._table.query(pk, index=index, after=page.after, since=first, limit=page.limit, newest_first=True)
        ids = [item[f"{index.name}_sk"]["S"] for item in found.items]
        rows = self._table.batch_get(keys.sync_event(org_id, i) for i in ids)
        events = [decode(SyncEvent, row) for i in ids if (row := rows.get(keys.sync_event(org_id, i)))]
        return Page(events, ids[-1] if found.more else None)


def _to_item(event: SyncEvent) -> dict[str, object]:
    return dict(
        encode(
            keys.sync_event(event.org_id, event.id),
            event,
            {
                "list_pk": keys.listing(event.org_id, "syn"),
                "list_sk": event.id,
                "edge_pk": keys.target_edge(event.org_id, event.target_id),
                "edge_sk": event.id,
                **_due(event.id, event.lease_until),
            },
        )
    )


def _due(event_id: str, lease_until: object) -> dict[str, object]:
    """A finished event has no lease and leaves the due index."""
    if not isinstance(lease_until, datetime):
        return {"due_pk": None, "due_sk": None}
    return {"due_pk": keys.due_shard(event_id), "due_sk": f"syn#{timestamp(lease_until)}#{event_id}"}
