"""Which head a run makes true: always the branch's own, never a stale one, and never a push too few."""

from datetime import timedelta

import pytest

from shared.connectors.github.reader import GitHubReader
from shared.domain.sync_event import SyncStatus
from shared.services.reconciliation.look import READS_SETTLE
from tests.fixtures.people import Person
from tests.integration.sync.files import skill
from tests.integration.sync.queue import Context
from tests.integration.sync.world import World

PATH = "skills/review/SKILL.md"


def version(number: int) -> dict[str, str]:
    return {PATH: skill("review", f"Text {number}.")}


def delivered(world: World) -> bytes:
    return world.files(world.rows.objects()[PATH])["SKILL.md"][0]


def lag_behind(patch: pytest.MonkeyPatch, head: str) -> None:
    """GitHub's reads may show a former head for a moment."""
    patch.setattr(GitHubReader, "head", lambda *_: head)


def test_a_pushed_head_that_does_not_show_yet_is_waited_for(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = world.connect(alice, version(1))
    world.resync(connected)
    before = world.target(connected).last_synced_revision
    assert before
    head = world.push(version(2))
    with monkeypatch.context() as patch:
        lag_behind(patch, before)
        world.queue.step()
    waiting = world.last_event()

    world.queue.drain()

    assert (waiting.status, waiting.failures[0].message) == (
        SyncStatus.QUEUED, "GitHub does not show the pushed head yet.",
    )  # fmt: skip
    assert world.last_event().revision == head
    assert b"Text 2" in delivered(world)


def test_an_older_head_that_was_never_synced_is_stale_as_well(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.connect(alice, {"README.md": "x"})
    older = world.push(version(1))
    world.push(version(2))
    world.queue.step()
    with monkeypatch.context() as patch:
        lag_behind(patch, older)
        world.queue.step()
    shown = [event.status for event in world.rows.events()]

    world.queue.drain()

    assert shown == [SyncStatus.SUPERSEDED, SyncStatus.QUEUED]
    assert b"Text 2" in delivered(world)


def test_a_head_that_never_shows_is_replaced_by_what_does(world: World, alice: Person) -> None:
    connected = world.connect(alice, version(1))
    world.resync(connected)
    kept = world.target(connected).last_synced_revision
    world.push(version(2))
    world.github.point_branch("acme/tools", "main", kept, announce=False)
    world.queue.step()

    world.clock.advance(seconds=READS_SETTLE.total_seconds())
    world.queue.drain()

    assert world.last_event().status == SyncStatus.SUPERSEDED
    assert b"Text 1" in delivered(world)


def test_all_waits_of_a_message_together_outlast_stale_reads() -> None:
    shortest = sum(2 ** (receive + 1) * 0.5 for receive in range(1, 5))

    assert timedelta(seconds=shortest) > READS_SETTLE


def test_queued_heads_coalesce_into_the_newest(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    heads = [world.push(version(number)) for number in range(4)]

    world.queue.drain()

    events = world.rows.events()
    assert [event.status for event in events] == [SyncStatus.SUPERSEDED] * 3 + [SyncStatus.COMPLETED]
    assert [event.revision for event in events] == heads
    assert world.target(connected).last_synced_revision == heads[-1]
    assert len(world.versions(world.rows.objects()[PATH])) == 1


def test_a_push_during_a_run_leads_to_another_run(world: World, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    world.push(version(1))
    tree = GitHubReader.tree
    later: list[str] = []

    def push_meanwhile(reader: GitHubReader, revision: str) -> object:
        if not later:
            later.append(world.push(version(2)))
        return tree(reader, revision)

    monkeypatch.setattr(GitHubReader, "tree", push_meanwhile)
    world.queue.drain()

    assert [event.status for event in world.rows.events()] == [SyncStatus.COMPLETED] * 2
    assert world.target(connected).last_synced_revision == later[0]
    assert b"Text 2" in delivered(world)


def test_a_head_left_and_pushed_again_is_synced_again(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    first = world.push(version(1))
    world.queue.drain()
    world.push(version(2))
    world.queue.drain()

    world.github.point_branch("acme/tools", "main", first)
    world.queue.drain()

    assert world.target(connected).last_synced_revision == first
    assert b"Text 1" in delivered(world)
    assert [event.attempts for event in world.rows.events()] == [2, 1]


def test_a_head_left_and_pushed_again_before_any_run_ends_as_the_branch(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    first = world.push(version(1))
    world.push(version(2))
    world.github.point_branch("acme/tools", "main", first)

    world.queue.step()
    world.clock.advance(minutes=1)
    world.queue.drain()

    assert world.target(connected).last_synced_revision == first
    assert [event.status for event in world.rows.events()] == [SyncStatus.COMPLETED, SyncStatus.SUPERSEDED]


def test_a_run_near_its_time_limit_stops_between_chunks_and_the_next_goes_on(world: World, alice: Person) -> None:
    files = {f"commands/c{number:02d}.md": f"Do {number}.\n" for number in range(40)}
    world.connect(alice, {"README.md": "x"})
    world.push(files)

    world.queue.step(Context(chunks=2))
    between = world.last_event()
    created = len(world.rows.objects())
    world.queue.drain()

    event = world.last_event()
    assert (between.status, between.attempts, between.counts.created) == (SyncStatus.QUEUED, 2, created)
    assert 0 < created < 40
    assert (event.status, event.counts.created, event.counts.skipped) == (SyncStatus.COMPLETED, 40, 0)


def test_a_run_that_can_do_one_chunk_at_a_time_gets_there(world: World, alice: Person) -> None:
    files = {f"commands/c{number:02d}.md": f"Do {number}.\n" for number in range(40)}
    world.connect(alice, {"README.md": "x"})
    world.push(files)

    while world.queue.step(Context(chunks=1)):
        pass

    assert world.last_event().status == SyncStatus.COMPLETED
    assert len(world.rows.objects()) == 40


def test_a_run_whose_reading_takes_all_of_its_time_gets_there_as_well(world: World, alice: Person) -> None:
    files = {f"commands/c{number:02d}.md": f"Do {number}.\n" for number in range(40)}
    world.connect(alice, {"README.md": "x"})
    world.push(files)

    receives = 1
    while world.queue.step(Context(chunks=0)):
        receives += 1
        assert receives < 10, "it starts over and over"

    assert world.last_event().status == SyncStatus.COMPLETED
    assert len(world.rows.objects()) == 40
