"""Follows a target's sync events and shows how they get on."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from local.api import Api
from local.errors import LocalStackError
from local.progress import say

_POLL_S: Final = 0.2
_OPEN: Final = ("queued", "running")


def await_event(api: Api, org: str, event_id: str) -> dict[str, Any]:
    """Wait for one event to end, saying every change; return the ended event."""
    return _watch(lambda: api.get(f"{org}/connector-sync-events/{event_id}")["item"], within_s=600)


def await_next(api: Api, org: str, target_id: str, *, after: Mapping[str, Any] | None) -> dict[str, Any]:
    """Wait for the event that follows `after`, the newest one before whatever starts it, and for its end."""

    def find() -> dict[str, Any] | None:
        event = newest_event(api, org, target_id)
        return None if event is None or (after is not None and event["id"] == after["id"]) else event

    return _watch(find, within_s=60)


def _watch(find: Callable[[], dict[str, Any] | None], within_s: float) -> dict[str, Any]:
    started, shown = time.monotonic(), ""
    while (took := time.monotonic() - started) < within_s:
        event = find()
        if event is not None and (line := describe(event)) != shown:
            say(f"    {took:5.1f} s  {line}")
            shown = line
        if event is not None and event["status"] not in _OPEN:
            return event
        time.sleep(_POLL_S)
    raise LocalStackError(
        f"No sync has ended in {within_s:.0f} seconds ({shown or 'no event'}). `make logs` says more."
    )


def newest_event(api: Api, org: str, target_id: str) -> dict[str, Any] | None:
    events = api.get(f"{org}/connector-sync-events?targetId={target_id}&limit=1")["items"]
    return events[0] if events else None


def describe(event: Mapping[str, Any]) -> str:
    """One line: the status, the revision's first digits, and every count that is not zero."""
    counts = [f"{number} {what}" for what, number in event.get("counts", {}).items() if number]
    revision = (event.get("revision") or "")[:8]
    return ", ".join([f"{event['status']} {revision}".strip(), *counts])


def explain(event: Mapping[str, Any]) -> None:
    """Say what failed, file by file."""
    for failure in event.get("failures", []):
        say(f"      {failure['path']}: {failure['message']} ({failure['code']})")
