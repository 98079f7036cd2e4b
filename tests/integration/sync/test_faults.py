"""One call in ten to AWS and GitHub fails: the end is the same, only later."""

import random
from types import SimpleNamespace
from typing import Any

import pytest

from shared.domain.sync_event import OPEN, SyncStatus
from tests.fixtures.people import Person
from tests.integration.sync.aws_calls import Faults, hooked
from tests.integration.sync.files import skills
from tests.integration.sync.rehearsal import BEFORE, CHANGES
from tests.integration.sync.snapshots import require_whole_objects
from tests.integration.sync.world import World

RATE = 0.1
STORMY = 0.3
"""GitHub is asked so rarely that it has to fail more often to be met failing."""


class Weather:
    """GitHub's own faults, by seeded dice: bad gateways, cut connections and, now and then, a limit."""

    def __init__(self, world: World, seed: int) -> None:
        self._world, self._dice, self._request = world, random.Random(seed), world.pool.request
        self.done = 0

    def request(self, *args: Any, **options: Any) -> Any:
        if self._dice.random() < STORMY:
            self.done += 1
            status = self._dice.choice([500, 502, 503, 0, 0, 429])
            self._world.github.fail_next("", status, headers={"Retry-After": "2"} if status == 429 else None)
        return self._request(*args, **options)


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore waits between its tries."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_tenth_of_all_calls_failing_changes_nothing_in_the_end(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch, no_pauses: None, seed: int
) -> None:
    connected = world.connect(alice, BEFORE)
    world.resync(connected)
    head = world.push({**CHANGES, **skills(20, supporting=2)})
    faults, weather = Faults(seed, RATE), Weather(world, seed)

    with monkeypatch.context() as patch, hooked(world.depot, "before-send", faults):
        patch.setattr(world.pool, "request", weather.request)
        for _ in range(10):
            world.queue.drain()
            if world.last_event().status not in OPEN:
                break
            world.clock.advance(minutes=20)
            world.sweep()
    world.heal()

    event = world.last_event()
    assert faults.done > 5
    assert weather.done > 0
    assert (event.status, event.revision) == (SyncStatus.PARTIAL, head)
    assert {failure.code for failure in event.failures} == {"yaml_alias"}
    require_whole_objects(world.rows)
    require_the_tree(world)


def require_the_tree(world: World) -> None:
    """Every path once, each with its own content."""
    alive = [one for one in world.rows.all_objects() if one.deleted_at is None]
    wanted = {path for path, content in {**BEFORE, **CHANGES}.items() if content is not None}
    locators = [one.source.locator for one in alive if one.source]
    assert len(locators) == len(set(locators)) == len(world.rows.bindings())
    assert {locator for locator in locators if locator.startswith(("agents/", "commands/"))} == {
        path for path in wanted if path.startswith(("agents/", "commands/"))
    }
    assert len([locator for locator in locators if locator.startswith("skills/skill-")]) == 20
    assert {len(world.versions(one)) for one in alive if "agents/" in str(one.source)} == {2}
