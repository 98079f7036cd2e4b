"""A push that comes while a run is under way: whenever it comes, the branch's newest head is what becomes true."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from shared.connectors.github.reader import GitHubReader
from shared.domain.connector import ConnectorTarget
from shared.domain.sync_event import OPEN, SyncStatus
from shared.services.reconciliation.record import Record
from tests.fixtures.people import Person
from tests.integration.sync.aws_calls import hooked
from tests.integration.sync.files import skill
from tests.integration.sync.queue import Context
from tests.integration.sync.world import REPOSITORY, Connected, World

PATH = "skills/review/SKILL.md"
STEPS = ("resolved", "listed", "fetched", "applied", "recorded")


def version(number: int) -> dict[str, str]:
    return {PATH: skill("review", f"Text {number}.")}


@pytest.fixture
def connected(world: World, alice: Person) -> Connected:
    connected = world.connect(alice, version(0))
    world.resync(connected)
    return connected


@contextmanager
def once_after(world: World, patch: pytest.MonkeyPatch, step: str, act: Callable[[], object]) -> Iterator[None]:
    """Let something happen in the run that is next, right after a step of it."""
    done: list[str] = []

    def act_once() -> None:
        if not done:
            done.append(step)
            act()

    def after(original: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **options: Any) -> Any:
            found = original(*args, **options)
            act_once()
            return found

        return wrapped

    if step == "applied":
        with hooked(world.depot, "after-call.dynamodb.TransactWriteItems", lambda **_: act_once()):
            yield
    else:
        owner, name = {
            "resolved": (GitHubReader, "head"),
            "listed": (GitHubReader, "tree"),
            "fetched": (GitHubReader, "blobs"),
            "recorded": (Record, "finish"),
        }[step]
        with patch.context() as patched:
            patched.setattr(owner, name, after(getattr(owner, name)))
            yield
    assert done == [step]


def require_in_sync(world: World, connected: Connected, head: str, text: bytes) -> None:
    target: ConnectorTarget = world.target(connected)
    assert target.last_synced_revision == head
    assert text in world.files(world.rows.objects()[PATH])["SKILL.md"][0]
    assert not [event for event in world.rows.events() if event.status in OPEN]


@pytest.mark.parametrize("step", STEPS)
def test_a_push_behind_any_step_of_a_run_leads_to_another_run(
    world: World, connected: Connected, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    heads = [world.push(version(1))]

    with once_after(world, monkeypatch, step, lambda: heads.append(world.push(version(2)))):
        world.queue.drain()

    assert [event.status for event in world.rows.events()[1:]] == [SyncStatus.COMPLETED] * 2
    require_in_sync(world, connected, heads[-1], b"Text 2")


@pytest.mark.parametrize("step", STEPS)
def test_a_branch_that_is_put_back_behind_any_step_of_a_run_is_put_back_here(
    world: World, connected: Connected, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = world.push(version(1))
    world.queue.drain()
    world.push(version(2))

    with once_after(world, monkeypatch, step, lambda: world.github.point_branch(REPOSITORY, "main", first)):
        world.queue.drain()

    require_in_sync(world, connected, first, b"Text 1")


@pytest.mark.parametrize("step", STEPS)
def test_a_push_whose_webhook_is_lost_during_a_run_is_found_by_the_next_sweep(
    world: World, connected: Connected, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    heads = [world.push(version(1))]

    with once_after(world, monkeypatch, step, lambda: heads.append(world.push(version(2), announce=False))):
        world.queue.drain()
    world.clock.advance(minutes=6)
    world.sweep()
    world.queue.drain()

    require_in_sync(world, connected, heads[-1], b"Text 2")


def test_pushes_between_the_chunks_of_a_long_run_end_as_the_last_of_them(world: World, connected: Connected) -> None:
    many = {f"commands/c{at:02d}.md": f"Do {at}.\n" for at in range(40)}
    world.push({**many, **version(1)})
    heads = []

    for number in range(2, 5):
        world.queue.step(Context(chunks=1))
        heads.append(world.push(version(number)))
    world.queue.drain()

    assert len(world.rows.objects()) == 41
    assert [event.status for event in world.rows.events()].count(SyncStatus.COMPLETED) >= 2
    require_in_sync(world, connected, heads[-1], b"Text 4")


def test_ten_pushes_before_a_run_are_one_run(world: World, connected: Connected) -> None:
    heads = [world.push(version(number)) for number in range(1, 11)]
    world.github.requests.clear()

    world.queue.drain()

    assert [event.status for event in world.rows.events()[1:]] == [SyncStatus.SUPERSEDED] * 9 + [SyncStatus.COMPLETED]
    assert len([one for one in world.github.requests if "/git/trees/" in one]) == 1
    require_in_sync(world, connected, heads[-1], b"Text 10")
