"""One call in ten to AWS and GitHub fails: the end is the same, only later."""

from collections import Counter
from types import SimpleNamespace

import pytest

from shared.domain.sync_event import SyncStatus
from shared.services.reconciliation.worker import MAX_RECEIVES
from tests.fixtures.people import Person
from tests.integration.sync.failing_sides import failing
from tests.integration.sync.files import skills
from tests.integration.sync.rehearsal import CHANGES, Rehearsal
from tests.integration.sync.snapshots import outcome, require_whole_objects
from tests.integration.sync.world import World

RATE = 0.1
STORMY = 0.3
"""GitHub is asked so rarely that it has to fail more often to be met failing."""
TRIES = 3
"""Of one call to AWS: the first, and two more."""


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore waits between its tries."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))


def work_until_synced(world: World) -> int:
    """The queue is worked on, and where an event was given up the clock strikes; how many rounds it took."""
    for rounds in range(1, 20):
        world.queue.drain()
        if world.last_event().status in (SyncStatus.COMPLETED, SyncStatus.PARTIAL):
            return rounds
        world.clock.advance(minutes=20)
        world.try_to_sweep()
    raise AssertionError(f"still {world.last_event().status}")


def require_the_same_end(world: World, owner: Person, patch: pytest.MonkeyPatch, seed: int) -> Counter[str]:
    """Returns the faults by far side and kind."""
    rehearsal = Rehearsal(world, owner, {**CHANGES, **skills(20, supporting=2)})
    rehearsal.undisturbed()
    expected = outcome(world.rows)
    rehearsal.start_over()

    with failing(world, patch, seed, RATE, STORMY) as (aws, github):
        rounds = work_until_synced(world)

    event = world.last_event()
    assert outcome(world.rows) == expected
    assert {failure.code for failure in event.failures} == {"yaml_alias"}
    require_whole_objects(world.rows)
    assert aws.tries <= TRIES
    assert world.queue.most_receives <= MAX_RECEIVES
    print(f"\nseed {seed}: AWS {dict(aws.done)}, GitHub {dict(github.done)}, {rounds} rounds")
    return Counter({"aws": aws.done.total(), "github": github.done.total()})


@pytest.mark.parametrize("seed", [3, 5, 6])
def test_a_tenth_of_all_calls_failing_changes_nothing_in_the_end(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch, no_pauses: None, seed: int
) -> None:
    faults = require_the_same_end(world, alice, monkeypatch, seed)

    assert faults["aws"] > 5
    assert faults["github"] > 0


@pytest.mark.benchmark
@pytest.mark.parametrize("seed", range(100, 130))
def test_whichever_calls_fail_the_end_is_the_same(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch, no_pauses: None, seed: int
) -> None:
    require_the_same_end(world, alice, monkeypatch, seed)
