"""The emulator is killed, as by a machine that is switched off: the stack comes up again with what was promised."""

import os
import signal

import pytest
import urllib3

from local.emulator import NAME
from local.processes import running, wait_until
from tests.e2e.conftest import run_local
from tests.e2e.running import RunningStack

pytestmark = pytest.mark.e2e

SKILL = "skills/review-pull-request/SKILL.md"
BETTER = b"---\nname: review-pull-request\ndescription: Reviews.\n---\nTwice.\n"
KILLED_S = 30.0


def again(stack: RunningStack, *commands: str) -> None:
    for command in commands:
        run_local(command, stack.state.folder, {"DEPOT_PORT": str(stack.port)})


def kill(stack: RunningStack) -> None:
    """At once, and its functions end with it: the rest of the stack goes on without AWS."""
    pid = running(stack.state, NAME)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: running(stack.state, NAME) is None, KILLED_S)
    assert health(stack) == 503


def health(stack: RunningStack) -> int:
    return urllib3.request("GET", f"{stack.details['baseUrl']}/healthz", retries=False, timeout=30).status


def kept_files(stack: RunningStack) -> dict[str, str]:
    """What content storage holds: entity tags by key."""
    storage = stack.aws.client("s3")
    (bucket,) = {one["Name"] for one in storage.list_buckets()["Buckets"] if "content" in one["Name"]}
    pages = storage.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {one["Key"]: one["ETag"] for page in pages for one in page.get("Contents", [])}


def delivered_digest(stack: RunningStack) -> str:
    plugin = f"{stack.org}/delivery/plugins/{stack.details['pluginId']}"
    return str(stack.owner.get(f"{plugin}/manifest")["item"]["digest"])


def test_a_stack_that_was_never_stopped_in_order_is_made_anew(own_stack: RunningStack) -> None:
    kill(own_stack)

    again(own_stack, "up")

    assert health(own_stack) == 200
    assert own_stack.push({SKILL: BETTER})["status"] == "completed"


def test_what_was_acknowledged_before_an_orderly_stop_or_is_in_a_repository_is_not_lost(
    own_stack: RunningStack,
) -> None:
    made = own_stack.owner.post(f"{own_stack.org}/plugins", {"name": "kept"})["item"]["id"]
    again(own_stack, "down", "up")
    head = own_stack.push({SKILL: BETTER})["revision"]
    digest, files = delivered_digest(own_stack), kept_files(own_stack)
    kill(own_stack)

    again(own_stack, "up")

    assert own_stack.owner.get(f"{own_stack.org}/plugins/{made}")["item"]["name"] == "kept"
    target = own_stack.owner.get(f"{own_stack.org}/connector-targets/{own_stack.target_id}")["item"]
    assert (target["health"], target["lastSyncedRevision"]) == ("healthy", head)
    assert delivered_digest(own_stack) == digest
    assert files.items() <= kept_files(own_stack).items()
