"""What a sync may cost, counted: calls to GitHub and AWS, and rows written."""

from collections import Counter
from typing import Any

import pytest

from tests.fixtures.people import Person
from tests.integration.sync.aws_calls import counted, hooked
from tests.integration.sync.files import skill, skills
from tests.integration.sync.world import World


def commands(count: int) -> dict[str, Any]:
    return {f"commands/c{number:03d}.md": f"Do {number}.\n" for number in range(count)}


def test_one_changed_file_of_a_big_repository_costs_few_calls(world: World, alice: Person) -> None:
    untouched = {f"src/{number % 40}/{number}.py": str(number) for number in range(9_850)}
    connected = world.connect(alice, {**untouched, **commands(150)})
    world.resync(connected)
    world.restart()
    world.push({"commands/c007.md": "Do it differently.\n"})
    world.github.requests.clear()

    with counted(world.depot) as calls:
        world.queue.drain()

    assert world.last_event().counts.updated == 1
    assert len(world.github.requests) <= 4
    assert calls["dynamodb"] <= 10 + 1  # one page of bindings


def test_one_changed_file_of_a_large_skill_is_fetched_alone(world: World, alice: Person) -> None:
    files = skills(1, supporting=12)
    connected = world.connect(alice, files)
    world.resync(connected)
    world.restart()
    world.push({"skills/skill-0000/references/3.md": "Changed.\n"})
    world.github.requests.clear()

    with counted(world.depot) as calls:
        world.queue.drain()

    [entity] = world.rows.all_objects()
    assert world.files(entity)["references/3.md"][0] == b"Changed.\n"
    assert len(world.files(entity)) == 13
    assert len(world.github.requests) <= 4
    assert calls["dynamodb"] <= 10 + 1


def test_a_first_sync_of_many_skills_costs_one_archive(world: World, alice: Person) -> None:
    connected = world.connect(alice, skills(120, supporting=3))
    world.depot.sync_events.resync(connected.actor, connected.target_id)
    world.restart()
    world.github.requests.clear()
    written: Counter[str] = Counter()

    def note(params: dict[str, Any], **_: object) -> None:
        written.update(next(iter(step)) for step in params["TransactItems"])

    with hooked(world.depot, "before-parameter-build.dynamodb.TransactWriteItems", note):
        world.queue.drain()

    assert world.last_event().counts.created == 120
    assert len(world.github.requests) <= 10
    assert written.total() <= 6 * 120


def test_an_unchanged_head_is_known_without_its_tree(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    head = world.push({"skills/review/SKILL.md": skill("review")})
    world.queue.drain()
    world.push({"b": "c"})
    world.github.point_branch("acme/tools", "main", head, announce=False)
    world.clock.advance(minutes=1)
    world.github.requests.clear()

    with counted(world.depot) as calls:
        world.queue.drain()

    assert [one for one in world.github.requests if "/trees/" in one] == []
    assert calls["s3"] == 0


def test_a_big_run_holds_only_a_part_of_its_files_at_a_time(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.services.reconciliation.fetch.MAX_BATCH_BYTES", 2_000)
    connected = world.connect(alice, skills(60, supporting=2))

    event = world.resync(connected)

    assert event.counts.created == 60
    assert world.github.requests.count("POST /graphql") > 2
