"""A sync that is stopped after any call, and received again, ends as if it had never been stopped."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.fixtures.people import Person
from tests.integration.sync.rehearsal import Rehearsal
from tests.integration.sync.world import World


def require_no_trace(rehearsal: Rehearsal, points: Iterable[int], expected: Any) -> None:
    for calls in points:
        assert rehearsal.stopped_after(calls) == expected, f"stopped after {calls} calls"


def test_an_undisturbed_run_ends_the_same_every_time(world: World, alice: Person) -> None:
    rehearsal = Rehearsal(world, alice)

    first, second = rehearsal.undisturbed(), rehearsal.undisturbed()

    event = world.last_event()
    assert first[1] == second[1]
    assert (event.counts.created, event.counts.updated, event.counts.deleted, event.counts.failed) == (17, 16, 12, 2)


def test_a_run_stopped_after_some_calls_leaves_no_trace(world: World, alice: Person) -> None:
    """Every 25th call here; all of them in the benchmarks."""
    rehearsal = Rehearsal(world, alice)
    calls, expected = rehearsal.undisturbed()

    require_no_trace(rehearsal, [*range(0, calls, 25), calls - 1], expected)


@pytest.mark.benchmark
def test_a_run_stopped_after_any_call_leaves_no_trace(world: World, alice: Person) -> None:
    rehearsal = Rehearsal(world, alice)
    calls, expected = rehearsal.undisturbed()

    require_no_trace(rehearsal, range(calls), expected)
    print(f"\nno trace of {calls} crash points")
