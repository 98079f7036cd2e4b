"""What CloudWatch reads out of the functions' lines: counts, durations, failures by code, refused webhooks."""

import json
from typing import Any

import pytest

from shared.observability import NAMESPACE
from tests.fixtures.people import Person
from tests.integration.sync.deliveries import push_body, signed
from tests.integration.sync.files import skill
from tests.integration.sync.world import World, deliver

PATH = "skills/review/SKILL.md"


def metrics(printed: str, message: str) -> list[dict[str, Any]]:
    """Of each line, the values by name and, where it has more dimensions than the stage, by those: `Name/Code`."""
    lines = [json.loads(line) for line in printed.splitlines()]
    return [_values(line) for line in lines if line["message"] == message and "_aws" in line]


def _values(line: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for told in line["_aws"]["CloudWatchMetrics"]:
        ((stage, *others),) = told["Dimensions"]
        assert (told["Namespace"], stage, line[stage]) == (NAMESPACE, "Stage", "test")
        for metric in told["Metrics"]:
            found["/".join([metric["Name"], *(line[other] for other in others)])] = line[metric["Name"]]
    return found


def test_a_run_tells_its_counts_and_how_long_it_took(
    world: World, alice: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    world.connect(alice, {"README.md": "x"})
    world.sync({PATH: skill("review"), "commands/go.md": "Go.\n"})

    [told] = metrics(capsys.readouterr().out, "sync")

    assert (told["SyncRuns"], told["SyncFailed"], told["ObjectsCreated"]) == (1, 0, 2)
    assert told["SyncDuration"] > 0
    assert told["SyncDelay"] >= 0


def test_a_failure_is_counted_by_its_code(world: World, alice: Person, capsys: pytest.CaptureFixture[str]) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    world.github.fail_next("/repositories/", 404)
    world.queue.drain()

    [told] = metrics(capsys.readouterr().out, "sync")

    assert (told["SyncRuns"], told["SyncFailed"], told["SyncFailed/source_not_found"]) == (1, 1, 1)


def test_a_run_that_is_put_off_has_neither_ended_nor_failed(
    world: World, alice: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    world.github.fail_next("/repositories/", 429, headers={"Retry-After": "9"})
    world.queue.step()

    [told] = metrics(capsys.readouterr().out, "sync")

    assert told.pop("SyncDuration") > 0
    assert told == {"SyncPostponed/rate_limited": 1}


def test_a_poison_message_is_one_failure_in_the_end(
    world: World, alice: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    world.github.fail_next("/repositories/", 502, times=15)
    world.queue.drain()

    told = metrics(capsys.readouterr().out, "sync")

    assert [one.get("SyncFailed", 0) for one in told] == [0, 0, 0, 0, 1]
    assert told[-1]["SyncFailed/dead_letter"] == 1


def test_refused_webhooks_are_counted(world: World, alice: Person, capsys: pytest.CaptureFixture[str]) -> None:
    body = push_body(1, "a" * 40)
    deliver(signed(body), body)
    deliver(signed(body, secret="guess"), body)

    told = metrics(capsys.readouterr().out, "webhook")

    assert told == [{"WebhookDeliveries": 1}, {"WebhookRefused": 1}]


def test_a_sweep_tells_what_it_found(world: World, alice: Person, capsys: pytest.CaptureFixture[str]) -> None:
    world.connect(alice, {"README.md": "x"})
    world.clock.advance(minutes=6)
    world.sweep()

    [told] = metrics(capsys.readouterr().out, "sweep")

    assert told == {"SweepChecked": 1, "SweepMoved": 1}
