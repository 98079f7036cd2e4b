"""Changes the sample repository as an author would, and follows the change until clients see it."""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from local import follow
from local.api import Api
from local.errors import LocalStackError
from local.memory import Memory
from local.progress import say
from local.repository import clone, commit_and_push
from local.state import State

_FILE: Final = "skills/review-pull-request/SKILL.md"
_MARK: Final = "\n_Last reviewed by Platform Engineering on "
_SEEN_S: Final = 30.0


def push_change(state: State) -> None:
    """Edit one skill, push, and wait for the sync and for the manifest to name the new version."""
    stack = state.stack()
    target_id = Memory(state, "seed").get("target acme/engineering-reviews")
    owner = Api(stack["baseUrl"], stack["ownerToken"])
    org = f"/v1/orgs/{stack['orgId']}"
    client = Api(stack["baseUrl"], stack["deliveryToken"])
    manifest_path = f"{org}/delivery/plugins/{stack['pluginId']}/manifest"
    before = client.get(manifest_path)["item"]
    known = follow.newest_event(owner, org, target_id)

    started = time.monotonic()
    head = _push_edit(Path(stack["sampleRepository"]))
    say(f"  Pushed {head[:8]}, an edit of {_FILE}")
    event = follow.await_next(owner, org, target_id, after=known)
    follow.explain(event)
    after = _await_change(client, manifest_path, before["digest"])
    say(f"  Clients see it {time.monotonic() - started:.1f} s after the push:")
    for line in _changes(before, after):
        say(f"    {line}")


def _push_edit(repository: Path) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch) / "work"
        clone(repository, work)
        file = work / _FILE
        text = file.read_text().partition(_MARK)[0]
        now = datetime.now(UTC).strftime("%Y-%m-%d at %H:%M:%S.%f")
        file.write_text(f"{text}{_MARK}{now}._\n")
        return commit_and_push(work, "Note when the review skill was last reviewed")


def _await_change(client: Api, manifest_path: str, old_digest: str) -> dict[str, Any]:
    deadline = time.monotonic() + _SEEN_S
    while time.monotonic() < deadline:
        manifest: dict[str, Any] = client.get(manifest_path)["item"]
        if manifest["digest"] != old_digest:
            return manifest
        time.sleep(0.2)
    raise LocalStackError(f"The manifest still has the digest {old_digest} after {_SEEN_S:.0f} seconds.")


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    versions = {item["configObjectId"]: item["versionId"] for item in before["items"]}
    return [
        f"{item['type']} {item['title']}: version {item['versionId']}"
        for item in after["items"]
        if versions.get(item["configObjectId"]) != item["versionId"]
    ]
