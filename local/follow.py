"""Follows a target's sync events and shows how they get on."""

import time
from collections.abc import Mapping
from typing import Any, Final

from local.api import Api
from local.errors import LocalStackError
from local.progress import say

_POLL_S: Final = 0.2
_OPEN: Final = ("queued", "running")


def await_sync(
    api: Api, org: str, target_id: str, *, after: Mapping[str, Any] | None, within_s: float = 600
) -> dict[str, Any]:
    """Wait for the event that follows `after` to end, saying every change; return the ended event.

    `after` is the newest event from before the sync was asked for; None when there was none.
    """
    started, shown = time.monotonic(), ""
    known = after["id"] if after else None
    while time.monotonic() - started < within_s:
        event = newest_event(api, org, target_id)
        if event is not None and event["id"] != known:
            line = describe(event)
            if line != shown:
                say(f"    {time.monotonic() - started:5.1f} s  {line}")
                shown = line
            if event["status"] not in _OPEN:
                return event
        time.sleep(_POLL_S)
    raise LocalStackError(f"The sync of {target_id} has not ended after {within_s:.0f} seconds: {shown or 'no event'}")


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
