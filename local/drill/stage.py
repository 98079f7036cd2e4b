"""One repository of the drill, as its author changes it, as GitHub serves it, and as the org's owner sees it."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import urllib3

from local import emulator, follow
from local.api import Api
from local.aws import Aws
from local.errors import LocalStackError
from local.repository import clone, commit_and_push
from local.stand_in import StandIn
from local.state import Ports, State

_POLL_S: Final = 0.1
_PATIENCE_S: Final = 45.0

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """`paths` is where GitHub answers for this repository alone; `git` the bare repository that it serves."""

    state: State
    owner: Api
    org: str
    stand_in: StandIn
    git: Path
    target_id: str
    plugin_id: str
    paths: str

    def push(self, files: Mapping[str, str]) -> str:
        """Commit and push as an author would; the new head."""
        with tempfile.TemporaryDirectory() as scratch:
            work = Path(scratch) / "work"
            clone(self.git, work)
            for path, text in files.items():
                (work / path).parent.mkdir(parents=True, exist_ok=True)
                (work / path).write_text(text)
            return commit_and_push(work, "Change what the drill changes")

    def target(self) -> Mapping[str, Any]:
        item: Mapping[str, Any] = self.owner.get(f"{self.org}/connector-targets/{self.target_id}")["item"]
        return item

    def newest(self) -> Event | None:
        return follow.newest_event(self.owner, self.org, self.target_id)

    def health(self) -> str:
        """The target's health, and what the owner is told to do about it."""
        target = self.target()
        return f"target {target['health']}" + (f": {target['healthReason']}" if target["healthReason"] else "")

    def count_objects(self) -> int:
        """How many objects the repository's plugin holds."""
        return len(self.owner.items(f"{self.org}/config-objects?pluginId={self.plugin_id}&limit=100"))

    def sees(self, wanted: Callable[[Event], bool], what: str, within_s: float = _PATIENCE_S) -> str:
        """Wait until the newest sync event is as wanted, and describe it; `what` names it in the error."""
        event = self._await(wanted, what, within_s)
        told = "; ".join(f"{one['path'] or 'run'}: {one['code']} ({one['message']})" for one in event["failures"])
        return f"sync {follow.describe(event)}" + (f": {told}" if told else "")

    def sees_failure(self, code: str) -> str:
        """Wait until the newest event is put off, or was given up, for the reason of this code."""
        return self.sees(lambda event: any(one["code"] == code for one in event["failures"]), f"an event with {code}")

    def recovers(
        self, head: str, within_s: float = _PATIENCE_S, as_status: tuple[str, ...] = ("completed", "partial")
    ) -> Iterator[str]:
        """Wait until the pushed head is synced and the target healthy."""
        yield self.sees(
            lambda event: event["revision"] == head and event["status"] in as_status,
            f"the sync of {head[:8]}",
            within_s,
        )
        target = self.target()
        if (target["lastSyncedRevision"], target["health"]) != (head, "healthy"):
            raise LocalStackError(f"The target is {target['health']} at {target['lastSyncedRevision']}, not {head}.")
        yield self.health()

    def sweep(self) -> dict[str, int]:
        """Let the clock strike now instead of within five minutes; what the sweep did."""
        aws = Aws(emulator.endpoint(Ports(**self.state.read("ports"))), self.state.certificate)
        answer = aws.client("lambda").invoke(FunctionName="depot-local-sweep", Payload=b"{}")
        content = answer["Payload"].read()
        if answer.get("FunctionError"):
            raise LocalStackError(f"The sweep failed: {content.decode(errors='replace')}")
        counts: dict[str, int] = json.loads(content)
        return counts

    def forge(self, body: bytes) -> int:
        """Send a push that nobody signed to the public webhook; its answer's status."""
        headers = {
            "content-type": "application/json",
            "x-github-event": "push",
            "x-github-delivery": "00000000-0000-4000-8000-000000000000",
            "x-hub-signature-256": "sha256=" + "0" * 64,
        }
        url = f"{self.owner.base_url}/api/webhooks/connectors/github"
        return urllib3.request("POST", url, body=body, headers=headers, timeout=20, retries=False).status

    def _await(self, wanted: Callable[[Event], bool], what: str, within_s: float) -> Event:
        deadline, event = time.monotonic() + within_s, None
        while time.monotonic() < deadline:
            event = self.newest()
            if event is not None and wanted(event):
                return event
            time.sleep(_POLL_S)
        last = follow.describe(event) if event else "no event"
        raise LocalStackError(f"Waited {within_s:.0f} s for {what}; the newest is: {last}. `make logs` says more.")
