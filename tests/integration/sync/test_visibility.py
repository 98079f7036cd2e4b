"""What clients may see of a push while it is synced."""

from collections.abc import Callable
from typing import Any

import pytest

from local.github.writing import Files
from tests.fixtures.people import Person
from tests.integration.sync.aws_calls import hooked
from tests.integration.sync.files import command
from tests.integration.sync.world import Connected, World

FEW, MANY = 11, 30


def commands(count: int, text: str, start: int = 0) -> Files:
    return {f"commands/c{at:02d}.md": command(f"{text} {at}") for at in range(start, start + count)}


@pytest.fixture
def connected(world: World, alice: Person) -> Connected:
    connected = world.connect(alice, commands(MANY, "Old"))
    world.resync(connected)
    return connected


def seen_during(world: World, act: Callable[[], object]) -> list[dict[str, str | None]]:
    """The contents that are delivered, by path, after each write; each state once."""
    states: list[dict[str, str | None]] = []

    def look(**_: Any) -> None:
        state = {path: one.head_digest for path, one in world.rows.objects().items() if one.is_delivered}
        if state not in states[-1:]:
            states.append(state)

    with hooked(world.depot, "after-call.dynamodb.TransactWriteItems", look):
        act()
    return states


def test_a_push_of_a_few_changes_becomes_visible_as_a_whole(world: World, connected: Connected) -> None:
    changed = commands(4, "New")
    renamed = {"commands/c10.md": None, "commands/renamed.md": command("Old 10")}
    gone: Files = {"commands/c11.md": None, "commands/c12.md": None}
    added = commands(3, "Added", start=50)

    states = seen_during(world, lambda: world.sync({**changed, **renamed, **gone, **added}))

    event = world.last_event()
    assert (event.counts.created, event.counts.updated, event.counts.deleted) == (4, 4, 3)
    assert len(states) == 2  # as it was when the push came, and as it is now


def test_a_larger_push_is_visible_in_few_steps_of_whole_objects_and_removals_come_last(
    world: World, connected: Connected
) -> None:
    before = set(world.rows.objects())
    removed = dict.fromkeys(commands(5, "", start=20))

    states = seen_during(world, lambda: world.sync({**commands(20, "New"), **removed}))

    assert len(states) <= 1 + -(-20 // FEW) + -(-5 // FEW)
    assert set(states[-1]) == before - set(removed)
    assert all(set(state) == before for state in states[:-1])
