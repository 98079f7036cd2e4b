"""Instances that do not sync: what is queued for them ends quietly, and is caught up when they are enabled."""

import pytest

from shared.domain.sync_event import SyncStatus
from tests.fixtures.people import Person
from tests.integration.sync.files import skill
from tests.integration.sync.world import World

PATH = "skills/review/SKILL.md"


@pytest.mark.parametrize("verb", ["disable", "archive"])
def test_a_push_to_an_instance_at_rest_is_superseded_with_the_reason(world: World, alice: Person, verb: str) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    getattr(world.depot.instance_lifecycle, verb)(connected.actor, connected.instance_id)

    event = world.sync({PATH: None})

    assert event.status == SyncStatus.SUPERSEDED
    assert [(one.path, one.code) for one in event.failures] == [("", "instance_at_rest")]
    assert world.rows.objects()[PATH].is_delivered
    assert world.sweep()["checked"] == 0


def test_an_enabled_instance_catches_up_at_once(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    lifecycle = world.depot.instance_lifecycle
    lifecycle.disable(connected.actor, connected.instance_id)
    world.sync({PATH: skill("review")})

    lifecycle.enable(connected.actor, connected.instance_id)
    world.queue.drain()

    assert world.last_event().status == SyncStatus.COMPLETED
    assert world.rows.objects()[PATH].is_delivered


def test_another_branch_keeps_the_objects_that_both_have(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review"), "skills/old/SKILL.md": skill("old")})
    world.resync(connected)
    before = world.rows.objects()
    world.github.point_branch("acme/tools", "main", world.github.commit("acme/tools", {}, announce=False))
    files = {"skills/old/SKILL.md": None, "skills/new/SKILL.md": skill("new")}
    world.github.commit("acme/tools", files, branch="next", announce=False)

    world.depot.targets.switch_branch(connected.actor, connected.target_id, "next")
    world.queue.drain()

    after = world.rows.objects()
    assert after[PATH].id == before[PATH].id
    assert after["skills/new/SKILL.md"].is_delivered
    assert not after["skills/old/SKILL.md"].is_delivered
