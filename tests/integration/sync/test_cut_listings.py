"""Repositories with more paths than GitHub lists at once."""

from typing import Any

from shared.domain.sync_event import SyncStatus
from tests.fixtures.people import Person
from tests.integration.sync.files import skill
from tests.integration.sync.queue import Context
from tests.integration.sync.world import World

FOLDERS, FILES = 12, 30


def tree(text: str = "") -> dict[str, Any]:
    """Skills of many files, in folders of their own two levels down."""
    files: dict[str, Any] = {}
    for at in range(FOLDERS):
        root = f"plugins/p{at:02d}/skills/s{at:02d}"
        files[f"{root}/SKILL.md"] = skill(f"s{at:02d}", f"Do {at}. {text}")
        files |= {f"{root}/references/{number}.md": f"{at} {number}\n" for number in range(FILES - 1)}
    return files


def listings(world: World) -> int:
    return sum("/git/trees/" in one for one in world.github.requests)


def test_a_cut_listing_is_completed_by_a_call_per_cut_folder(world: World, alice: Person) -> None:
    connected = world.connect(alice, tree(), (("skills/", "skill"),))
    world.github.conditions.switch(tree_entries=130)
    world.github.requests.clear()

    event = world.resync(connected)

    cut = FOLDERS - 130 // (FILES + 4) + 2  # folders of which not everything was listed, and the two above them
    assert (event.status, event.counts.created) == (SyncStatus.COMPLETED, FOLDERS)
    assert listings(world) <= cut + 5
    assert len(world.github.requests) <= cut + 10


def test_nothing_is_taken_for_gone_because_a_listing_was_cut(world: World, alice: Person) -> None:
    connected = world.connect(alice, tree(), (("skills/", "skill"),))
    world.resync(connected)
    world.github.conditions.switch(tree_entries=100)

    changed, gone = "plugins/p11/skills/s11/SKILL.md", "plugins/p03/skills/s03/SKILL.md"
    event = world.sync({changed: skill("s11", "Anew."), gone: None})

    assert (event.counts.updated, event.counts.deleted) == (1, 1)
    assert [stone.locator for stone in world.rows.tombstones()] == [gone]


def test_a_cut_repository_is_synced_over_several_receives(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"}, (("skills/", "skill"),))
    world.github.conditions.switch(tree_entries=100)
    world.push(tree())

    receives = 1
    while world.queue.step(Context(chunks=1)):
        receives += 1

    assert receives > 1
    assert (world.last_event().status, world.last_event().counts.created) == (SyncStatus.COMPLETED, FOLDERS)
