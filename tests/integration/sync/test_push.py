"""A push becomes versions, memberships and delivered content."""

from local.github import File
from shared.domain.config_object import ObjectStatus
from shared.domain.plugin import MembershipSource
from shared.domain.sync_event import SyncCounts, SyncStatus, SyncTrigger
from tests.fixtures.people import Person
from tests.integration.sync.files import command, servers, skill
from tests.integration.sync.world import World


def test_a_push_becomes_objects_versions_and_memberships(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "# Tools\n"})

    event = world.sync({"skills/review/SKILL.md": skill("review"), "agents/critic.md": "Be kind.\n"})

    objects = world.rows.objects()
    assert (event.status, event.trigger, event.counts) == (SyncStatus.COMPLETED, SyncTrigger.PUSH, SyncCounts(2))
    assert {one.status for one in objects.values()} == {ObjectStatus.ACTIVE}
    assert {one.config_object_id for one in world.rows.memberships()} == {one.id for one in objects.values()}
    assert {one.source for one in world.rows.memberships()} == {MembershipSource.CONNECTOR}
    assert all(one.plugin_ids == {connected.plugin_id} for one in objects.values())
