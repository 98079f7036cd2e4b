"""GitHub sends a webhook once: the sweep has those repeated that did not arrive."""

from typing import Any

import pytest

from tests.fixtures.people import Person
from tests.integration.sync.files import skill
from tests.integration.sync.world import Connected, World

PATH = "skills/review/SKILL.md"
ORDERS = "/attempts"


@pytest.fixture
def connected(world: World, alice: Person) -> Connected:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    return connected


def lose(world: World, pushes: int) -> None:
    world.github.conditions.switch(lost_deliveries=pushes)
    for number in range(pushes):
        world.push({PATH: skill("review", f"Unheard {number}.")})
    world.clock.advance(seconds=1)


def orders(world: World) -> list[str]:
    return [one for one in world.github.requests if one.endswith(ORDERS)]


def test_a_delivery_that_failed_is_repeated_by_the_next_sweep(world: World, connected: Connected) -> None:
    lose(world, 1)

    swept = world.sweep()
    world.queue.drain()

    first, second = world.github.deliveries
    assert (swept["redelivered"], first.guid == second.guid, second.redelivery) == (1, True, True)
    assert list(world.last_event().delivery_ids) == [first.guid]
    assert b"Unheard 0" in world.files(world.rows.objects()[PATH])["SKILL.md"][0]


def test_what_arrived_at_last_is_not_repeated_again(world: World, connected: Connected) -> None:
    lose(world, 2)
    world.sweep()
    for _ in range(3):
        world.clock.advance(hours=2)
        world.sweep()

    assert len(orders(world)) == 2


def test_what_a_person_had_repeated_is_left_alone(world: World, connected: Connected) -> None:
    lose(world, 1)
    world.github.redeliver(world.github.deliveries[0])

    assert world.sweep()["redelivered"] == 0


def test_what_fails_again_is_repeated_after_longer_pauses_and_then_given_up(world: World, connected: Connected) -> None:
    lose(world, 1)
    world.github.conditions.switch(lost_deliveries=1_000)
    made = []
    for hours in (0, 0.5, 0.6, 11, 2, 30):
        world.clock.advance(hours=hours)
        made.append(world.sweep()["redelivered"])

    assert made == [1, 0, 1, 0, 1, 0]


def test_the_log_is_read_from_where_the_last_sweep_stopped(
    world: World, connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.connectors.github.deliveries._PAGE", 2)
    monkeypatch.setattr("shared.services.redelivery.PAGES", 2)
    lose(world, 9)
    first = world.sweep()["redelivered"]
    world.github.requests.clear()

    rest = [world.sweep()["redelivered"] for _ in range(4)]

    assert first == 4
    assert sum(rest) == 5
    assert {one.guid for one in world.github.deliveries if one.redelivery} == {
        one.guid for one in world.github.deliveries
    }


def test_deliveries_that_were_read_long_ago_are_not_listed_again(
    world: World, connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.connectors.github.deliveries._PAGE", 2)
    for number in range(6):
        world.push({PATH: skill("review", f"Heard {number}.")})
    for _ in range(3):
        world.sweep()
        world.clock.advance(hours=1)
    world.github.requests.clear()

    world.sweep()

    assert [one for one in world.github.requests if "/hook/" in one] == ["GET /app/hook/deliveries?per_page=2"]


@pytest.mark.parametrize("fault", [{"status": 502, "times": 3}, {"status": 404}, {"status": 429}])
def test_a_log_that_cannot_be_read_stops_no_sweep(world: World, connected: Connected, fault: dict[str, Any]) -> None:
    lose(world, 1)
    world.clock.advance(minutes=5)
    world.github.fail_next("/app/hook/deliveries", **fault)

    swept, later = world.sweep(), world.sweep()

    assert (swept["redelivered"], swept["moved"]) == (0, 1)
    assert later["redelivered"] == 1


def test_a_delivery_that_github_keeps_no_longer_is_forgotten(world: World, connected: Connected) -> None:
    lose(world, 1)
    world.github.fail_next(f"/app/hook/deliveries/{world.github.deliveries[0].id}", 404)

    assert [world.sweep()["redelivered"] for _ in range(2)] == [0, 1]
