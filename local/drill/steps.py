"""What goes wrong, step by step: each switches it on, and says what the owner sees until it is mended."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from local.drill.stage import Stage
from local.errors import LocalStackError

SKILL: Final = "skills/drill/SKILL.md"
_SERIAL: Final = itertools.count(int(time.time()))


@dataclass(frozen=True, slots=True)
class Step:
    """`play` gives line by line what the owner sees; it raises LocalStackError when the stack does not cope."""

    name: str
    switched: str
    play: Callable[[Stage], Iterator[str]]


def skill(name: str = "drill") -> str:
    """A skill that is different every time."""
    return f"---\nname: {name}\ndescription: Something that is drilled.\n---\nTake {next(_SERIAL)}.\n"


def _primary(stage: Stage) -> Iterator[str]:
    stage.stand_in.switch(remaining=0, resetInSeconds=6)
    head = stage.push({SKILL: skill()})
    yield stage.sees_failure("rate_limited")
    yield from stage.recovers(head)


def secondary(stage: Stage) -> Iterator[str]:
    """GitHub names no time: whoever is limited so must wait for a minute at least."""
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    stage.stand_in.fail(match=stage.paths, status=403, message=message)
    head = stage.push({SKILL: skill()})
    yield stage.sees_failure("rate_limited")
    yield from stage.recovers(head, within_s=110)


def _retry_after(stage: Stage) -> Iterator[str]:
    stage.stand_in.fail(match=stage.paths, status=429, headers={"Retry-After": "3"})
    head = stage.push({SKILL: skill()})
    yield stage.sees_failure("rate_limited")
    yield from stage.recovers(head)


def _outage(stage: Stage) -> Iterator[str]:
    stage.stand_in.fail(match=stage.paths, status=503, times=3)
    head = stage.push({SKILL: skill()})
    yield stage.sees_failure("unavailable")
    yield from stage.recovers(head)


def _slow(stage: Stage) -> Iterator[str]:
    stage.stand_in.fail(match=stage.paths, status=None, delay_ms=11_000)
    head = stage.push({SKILL: skill()})
    yield stage.sees(lambda event: event["status"] == "running", "a run that waits")
    yield from stage.recovers(head)
    yield f"its steps took {(stage.newest() or {})['timings']} ms"


def _truncated(stage: Stage) -> Iterator[str]:
    stage.stand_in.switch(treeEntries=3)
    asked = len(stage.stand_in.requests())
    head = stage.push({"skills/deep/a/b/notes.txt": skill(), "skills/deep/SKILL.md": skill("deep"), SKILL: skill()})
    yield from stage.recovers(head)
    walked = sum("/git/trees/" in request for request in stage.stand_in.requests()[asked:])
    objects = stage.count_objects()
    if objects < 2 or walked < 2:
        raise LocalStackError(f"{objects} objects are left, {walked} trees were asked for.")
    yield f"{walked} trees were read instead of one; all {objects} objects are there"


def _archive(stage: Stage) -> Iterator[str]:
    stage.stand_in.fail(match="/_codeload/", status=404)
    images = {f"skills/drill/images/{number:02d}.bin": f"\0 {next(_SERIAL)}" for number in range(60)}
    head = stage.push({SKILL: skill(), **images})
    yield stage.sees_failure("unavailable")
    yield from stage.recovers(head)


def _stale(stage: Stage) -> Iterator[str]:
    stage.stand_in.switch(staleReads=1)
    head = stage.push({SKILL: skill()})
    yield stage.sees_failure("unavailable")
    yield from stage.recovers(head)


def _lost(stage: Stage) -> Iterator[str]:
    known = stage.newest()
    stage.stand_in.switch(lostDeliveries=1)
    head = stage.push({SKILL: skill()})
    if stage.newest() != known:
        raise LocalStackError("The webhook was not lost.")
    yield f"no new event for {head[:8]}; then the clock strikes"
    swept = stage.sweep()
    yield "the sweep: " + (", ".join(f"{number} {what}" for what, number in swept.items() if number) or "nothing")
    yield from stage.recovers(head)


def _forged(stage: Stage) -> Iterator[str]:
    known = stage.newest()
    repository = {"id": int(stage.paths.rpartition("/")[2]), "full_name": stage.target()["repositoryFullName"]}
    push = {"ref": "refs/heads/main", "before": "0" * 40, "after": "f" * 40, "repository": repository}
    status = stage.forge(json.dumps(push).encode())
    yield f"the webhook answers {status}"
    if status != 401 or stage.newest() != known:
        raise LocalStackError(f"A forged delivery was answered {status}, or led to an event.")
    yield "no new event"
    yield from stage.recovers(stage.push({SKILL: skill()}))


def _poison(stage: Stage) -> Iterator[str]:
    bad = "skills/poison/SKILL.md"
    head = stage.push({bad: "---\na: &a [x, x]\nb: [*a, *a]\n---\nBoom\n", SKILL: skill()})
    yield stage.sees(lambda event: event["status"] == "partial" and event["revision"] == head, "a partial sync")
    yield from stage.recovers(stage.push({bad: skill("poison")}), as_status=("completed",))


def _suspended(stage: Stage) -> Iterator[str]:
    stage.stand_in.change_installation("suspend")
    try:
        yield _becomes(stage, "suspended")
        head = stage.push({SKILL: skill()})
        yield f"no event for {head[:8]}: GitHub sends a suspended app nothing"
    finally:
        stage.stand_in.change_installation("unsuspend")
    yield _becomes(stage, "healthy")
    yield from stage.recovers(head)


def _becomes(stage: Stage, health: str) -> str:
    for _ in range(300):
        if stage.target()["health"] == health:
            return stage.health()
        time.sleep(0.1)
    raise LocalStackError(f"The target is {stage.target()['health']}, not {health}.")


SECONDARY: Final = Step(
    "secondary rate limit", "one 403 that names no time, for a repository of its own: seen to its end below", secondary
)
STEPS: Final = (
    Step("primary rate limit", "no call is left, the next hour begins in 6 s", _primary),
    Step("retry-after", "one 429 with Retry-After: 3", _retry_after),
    Step("outage", "three times 503, as many as a call is tried", _outage),
    Step("slow answer", "one answer comes after 11 s; a call waits for 10", _slow),
    Step("truncated tree", "trees are cut after 3 entries", _truncated),
    Step("archive link", "60 new images, and the link to the archive that holds them does not open", _archive),
    Step("stale read", "right after the push, the branch still shows its former head", _stale),
    Step("lost webhook", "the next delivery does not arrive", _lost),
    Step("forged webhook", "a push event with a made-up signature", _forged),
    Step("poison file", "one file is a YAML bomb", _poison),
)
SUSPENDED: Final = Step("suspended installation", "the app's installation is suspended, then no longer", _suspended)
