"""The company's own pipelines: EventBridge is told of every audit event, as the API shows it."""

import json
from collections.abc import Sequence
from typing import Any, Final

from pydantic.alias_generators import to_camel

from shared.domain.audit import AuditEvent
from shared.domain.errors import Retryable

SOURCE: Final = "plugin-depot"
"""What the rules of a bus know these events by; their detail type is the action."""

BATCH: Final = 10
"""Entries that one call of PutEvents takes."""


class AuditBus:
    def __init__(self, client: Any, bus: str) -> None:
        self._client = client
        self._bus = bus

    def put(self, events: Sequence[AuditEvent]) -> int:
        """Hand over at most `BATCH` events; how many from the first on were taken.

        The bus decides on each alone, so behind the first that it refuses some may be taken, too.
        Raises: Retryable where already the first is refused.
        """
        entries = [{**entry_of(event), "EventBusName": self._bus} for event in events]
        results = self._client.put_events(Entries=entries)["Entries"]
        refused = [(place, each["ErrorCode"]) for place, each in enumerate(results) if "ErrorCode" in each]
        taken, code = refused[0] if refused else (len(events), None)
        if code is not None and taken == 0:
            raise Retryable(f"The event bus refuses {events[0].id}: {code}.")
        return taken


def entry_of(event: AuditEvent) -> dict[str, Any]:
    """One entry of PutEvents but for its bus. One bus hears of all orgs, so the detail names the event's."""
    detail = {
        "id": event.id,
        "orgId": event.org_id,
        "actor": {"kind": event.actor.kind, "id": event.actor.id},
        "action": event.action,
        "outcome": event.outcome,
        "resource": event.resource,
        "metadata": {to_camel(name): value for name, value in event.metadata.items()},
        "requestId": event.request_id,
        "createdAt": event.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return {
        "Source": SOURCE,
        "DetailType": event.action,
        "Detail": json.dumps(detail, ensure_ascii=False, default=sorted),
        "Resources": [event.resource, *event.metadata.get("touched", [])],
        "Time": event.created_at,
    }
