"""Paths that go, come back, move, or change hands."""

from shared.domain.config_object import ObjectStatus
from shared.domain.sync_event import SyncCounts
from shared.services.plugins import PluginDraft
from tests.fixtures.people import Person
from tests.integration.sync.files import command, servers, skill
from tests.integration.sync.world import World

PATH = "skills/review/SKILL.md"


def test_a_deleted_file_becomes_a_tombstone(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review"), "agents/critic.md": "Be kind.\n"})
    world.resync(connected)

    event = world.sync({PATH: None})

    entity = world.rows.objects()[PATH]
    [tombstone] = world.rows.tombstones()
    assert (entity.status, entity.is_delivered) == (ObjectStatus.DELETED, False)
    assert (tombstone.locator, tombstone.former_config_object_id) == (PATH, entity.id)
    assert set(world.rows.bindings()) == {"agents/critic.md"}
    assert event.counts == SyncCounts(deleted=1, skipped=1)


def test_a_deletion_is_a_version_and_keeps_the_membership(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review"), "agents/critic.md": "Be kind.\n"})
    world.resync(connected)
    before = world.plugin(connected).content_version

    world.sync({PATH: None})

    entity = world.rows.objects()[PATH]
    kept = [one for one in world.rows.memberships() if one.config_object_id == entity.id]
    assert len(world.versions(entity)) == 2
    assert entity.latest_version_id != entity.head_version_id
    assert [one.removed_at for one in kept] == [None]
    assert world.plugin(connected).content_version == before + 1


def test_a_path_that_comes_back_gets_a_new_identity(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    world.sync({PATH: None, "README.md": "empty"})

    world.sync({PATH: skill("review")})

    former, current = world.rows.all_objects()
    assert (former.status, current.status) == (ObjectStatus.DELETED, ObjectStatus.ACTIVE)
    assert world.rows.bindings()[PATH].config_object_id == current.id


def test_a_rename_is_a_deletion_and_a_creation(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)

    event = world.sync({PATH: None, "skills/inspect/SKILL.md": skill("inspect")})

    assert event.counts == SyncCounts(created=1, deleted=1)
    assert set(world.rows.bindings()) == {"skills/inspect/SKILL.md"}


def test_a_server_taken_out_of_its_file_is_deleted(world: World, alice: Person) -> None:
    connected = world.connect(alice, {".mcp.json": servers("search", "tickets")})
    world.resync(connected)

    world.sync({".mcp.json": servers("search")})

    objects = world.rows.objects()
    assert objects[".mcp.json#tickets"].status == ObjectStatus.DELETED
    assert len(world.versions(objects[".mcp.json#search"])) == 1


def test_an_emptied_repository_deletes_everything(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)

    event = world.sync({PATH: None})

    assert event.counts == SyncCounts(deleted=1)
    assert world.rows.bindings() == {}


def test_of_two_mappings_the_most_specific_owns_a_path(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"tools/x.md": command("X")}, mappings=[("/tools/", "agent")])
    special = world.depot.plugins.create(connected.actor, PluginDraft("special"))
    world.map(connected, "/tools/x.md", "command", special.id)

    world.resync(connected)

    entity = world.rows.objects()["tools/x.md"]
    assert (entity.type, set(entity.plugin_ids)) == ("command", {special.id})


def test_a_more_specific_mapping_takes_a_path_into_its_own_plugin_without_fetching(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    special = world.depot.plugins.create(connected.actor, PluginDraft("special"))
    mapping = world.map(connected, "/skills/review/", "skill", special.id)
    world.github.requests.clear()

    event = world.resync(connected)

    entity = world.rows.objects()[PATH]
    assert entity.plugin_ids == {special.id}
    assert world.rows.bindings()[PATH].mapping_id == mapping.id
    assert event.counts == SyncCounts(updated=1)
    assert not [request for request in world.github.requests if "/blobs/" in request or "tarball" in request]


def test_a_path_whose_type_changes_becomes_another_object(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"tools/x.md": command("X")}, mappings=[("/tools/", "agent")])
    world.resync(connected)
    world.map(connected, "/tools/x.md", "command", None)

    world.resync(connected)

    former, current = world.rows.all_objects()
    assert (former.type, former.status) == ("agent", ObjectStatus.DELETED)
    assert (current.type, current.status) == ("command", ObjectStatus.ACTIVE)
    assert world.rows.bindings()["tools/x.md"].config_object_id == current.id
