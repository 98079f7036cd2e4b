"""How file contents come: in as few calls as can be, and never for nothing."""

import pytest

from local.github.writing import Files
from shared.domain.sync_event import SyncStatus
from tests.fixtures.people import Person
from tests.integration.sync.files import skill
from tests.integration.sync.queue import Context
from tests.integration.sync.world import World

BINARIES: Files = {
    ".gitattributes": "*.png export-ignore\n",
    **{f"skills/s{at:02d}/SKILL.md": skill(f"s{at:02d}") for at in range(30)},
    **{f"skills/s{at:02d}/{name}.png": b"\0%d %s" % (at, name.encode()) for at in range(30) for name in ("a", "b")},
}
"""What neither a query nor the archive brings."""


def asked(world: World, part: str) -> int:
    return sum(part in one for one in world.github.requests)


def test_a_push_of_many_texts_is_one_query(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.github.requests.clear()

    event = world.sync({f"skills/s{at}/SKILL.md": skill(f"s{at}") for at in range(40)})

    assert event.counts.created == 40
    assert (asked(world, "/graphql"), asked(world, "/blobs/"), asked(world, "/tarball/")) == (1, 0, 0)


def test_a_rate_limit_in_the_middle_keeps_what_came_before_it(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push(BINARIES)
    world.github.fail_next("/repositories/", None, times=3 + 3 + 20)
    world.github.fail_next("/repositories/", 429, headers={"Retry-After": "30"})

    world.queue.step()
    waiting, created = world.last_event(), len(world.rows.objects())
    world.queue.drain()

    event = world.last_event()
    assert (waiting.status, waiting.failures[-1].code) == (SyncStatus.QUEUED, "rate_limited")
    assert 0 < created < 30
    assert (event.status, event.counts.created, event.counts.failed) == (SyncStatus.COMPLETED, 30, 0)
    assert asked(world, "/blobs/") <= 60 + 2


def test_a_query_over_its_limit_puts_the_run_off(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({f"skills/s{at}/SKILL.md": skill(f"s{at}") for at in range(5)})
    world.github.fail_next("/graphql", 200, headers={"Retry-After": "300"})

    world.queue.step()
    waiting = world.last_event()
    world.queue.drain()

    assert waiting.failures[-1].code == "rate_limited"
    assert world.queue.waits[0] == 300
    assert (world.last_event().status, world.last_event().counts.created) == (SyncStatus.COMPLETED, 5)


def test_a_fetch_that_takes_all_of_the_time_is_gone_on_with(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.services.reconciliation.fetch.CLOCK_EVERY", 10)
    world.connect(alice, {"README.md": "x"})
    world.push(BINARIES)

    receives, created = 1, [0]
    while world.queue.step(Context(chunks=0)):
        receives += 1
        created.append(len(world.rows.objects()))

    assert world.last_event().status == SyncStatus.COMPLETED
    assert receives > 2
    assert created == sorted(created)
    assert created[-1] == 30
