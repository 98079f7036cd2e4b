"""What people do to synced objects, and what the next sync makes of it."""

import pytest

from shared.domain.config_object import ConfigObject, ObjectStatus
from shared.domain.connector import BindingStatus
from shared.services.drafts import ContentDraft
from tests.fixtures.people import Person
from tests.integration.sync.aws_calls import hooked
from tests.integration.sync.files import BOMB, servers, skill
from tests.integration.sync.world import Connected, World

PATH = "skills/review/SKILL.md"
OTHER = "agents/critic.md"

Synced = tuple[Connected, str]


@pytest.fixture
def synced(world: World, alice: Person) -> Synced:
    """A skill that was synced, and its id; another object keeps the repository from being empty."""
    connected = world.connect(alice, {PATH: skill("review"), OTHER: "Be kind.\n", ".mcp.json": servers("search")})
    world.resync(connected)
    return connected, world.rows.objects()[PATH].id


def entity(world: World, object_id: str) -> ConfigObject:
    return next(one for one in world.rows.all_objects() if one.id == object_id)


def test_a_sync_does_not_revive_what_was_deleted_by_hand(world: World, synced: Synced) -> None:
    connected, object_id = synced
    world.depot.object_lifecycle.delete(connected.actor, object_id)

    event = world.sync({PATH: skill("review", "By push.")})

    assert entity(world, object_id).status == ObjectStatus.DELETED
    assert world.rows.bindings()[PATH].status == BindingStatus.SUPPRESSED
    assert len([one for one in world.rows.all_objects() if one.type == "skill"]) == 1
    assert event.counts.created == event.counts.updated == 0


def test_a_restored_object_is_brought_up_to_date_by_the_next_sync(world: World, synced: Synced) -> None:
    connected, object_id = synced
    world.depot.object_lifecycle.delete(connected.actor, object_id)
    world.sync({PATH: skill("review", "By push.")})

    restored = world.depot.object_lifecycle.restore(connected.actor, object_id)
    world.resync(connected)

    current = entity(world, object_id)
    assert (restored.status, current.status) == (ObjectStatus.ACTIVE, ObjectStatus.ACTIVE)
    assert world.versions(current) == ["connector", "cloud", "cloud", "connector"]
    assert b"By push." in world.files(current)["SKILL.md"][0]


def test_a_restored_object_whose_file_is_gone_is_deleted_by_the_next_sync(world: World, synced: Synced) -> None:
    connected, object_id = synced
    world.depot.object_lifecycle.delete(connected.actor, object_id)
    world.sync({PATH: None})
    world.depot.object_lifecycle.restore(connected.actor, object_id)

    world.resync(connected)

    assert entity(world, object_id).status == ObjectStatus.DELETED
    assert [one.former_config_object_id for one in world.rows.tombstones()] == [object_id]


@pytest.mark.parametrize("comes_back", [False, True])
def test_an_object_whose_path_was_ended_is_restored_without_a_source(
    world: World, synced: Synced, comes_back: bool
) -> None:
    connected, object_id = synced
    world.sync({PATH: None})
    if comes_back:
        world.sync({PATH: skill("review", "Somebody else.")})

    restored = world.depot.object_lifecycle.restore(connected.actor, object_id)
    world.resync(connected)

    current = entity(world, object_id)
    assert (current.status, current.source, current.diverged) == (ObjectStatus.ACTIVE, None, False)
    assert current.head_version_id == restored.head_version_id
    assert (PATH in world.rows.bindings()) == comes_back


@pytest.mark.parametrize("text", [skill("review", "By push."), BOMB])
def test_a_sync_leaves_an_archived_object_archived(world: World, synced: Synced, text: str) -> None:
    connected, object_id = synced
    world.depot.object_lifecycle.archive(connected.actor, object_id)

    world.sync({PATH: text})

    current = entity(world, object_id)
    expected = ["connector"] * (1 if text == BOMB else 2)
    assert (current.status, world.versions(current)) == (ObjectStatus.ARCHIVED, expected)


@pytest.mark.parametrize(
    ("text", "status"),
    [(skill("review", "By push."), ObjectStatus.ACTIVE), (BOMB, ObjectStatus.INGESTION_ERROR)],
)
def test_an_archived_object_comes_back_as_its_source_is(
    world: World, synced: Synced, text: str, status: ObjectStatus
) -> None:
    connected, object_id = synced
    world.depot.object_lifecycle.archive(connected.actor, object_id)
    world.sync({PATH: text})

    restored = world.depot.object_lifecycle.restore(connected.actor, object_id)

    assert restored.status == status
    assert restored.is_delivered


def test_a_written_description_outlives_a_sync(world: World, synced: Synced) -> None:
    connected, _ = synced
    server = world.rows.objects()[".mcp.json#search"]
    world.depot.object_metadata.update(connected.actor, server.id, {"description": "Searches our wiki."})

    world.sync({".mcp.json": servers("search").replace("search-server", "other-server")})

    current = entity(world, server.id)
    assert len(world.versions(current)) == 2
    assert (current.description, current.diverged) == ("Searches our wiki.", False)


def test_an_unchanged_file_does_not_overwrite_an_edit(world: World, synced: Synced) -> None:
    connected, object_id = synced
    draft = ContentDraft(skill("review", "By hand."))
    world.depot.config_objects.create_version(connected.actor, object_id, draft, None, None)

    world.sync({OTHER: "Be kinder.\n"})

    current = entity(world, object_id)
    assert current.diverged
    assert b"By hand." in world.files(current)["SKILL.md"][0]


@pytest.mark.parametrize("text", ["By push.", "By hand."])
def test_a_changed_file_wins_over_an_edit(world: World, synced: Synced, text: str) -> None:
    connected, object_id = synced
    draft = ContentDraft(skill("review", "By hand."))
    world.depot.config_objects.create_version(connected.actor, object_id, draft, None, None)

    world.sync({PATH: skill("review", text)})

    current = entity(world, object_id)
    assert not current.diverged
    assert text.encode() in world.files(current)["SKILL.md"][0]


@pytest.mark.parametrize("put_aside", ["delete", "archive"])
def test_an_object_that_is_put_aside_during_a_sync_stays_so(world: World, synced: Synced, put_aside: str) -> None:
    connected, object_id = synced
    world.push({PATH: skill("review", "By push.")})
    begun: list[str] = []

    def put_it_aside(**_: object) -> None:
        if not begun:
            begun.append(put_aside)
            getattr(world.depot.object_lifecycle, put_aside)(connected.actor, object_id)

    with hooked(world.depot, "before-parameter-build.dynamodb.TransactWriteItems", put_it_aside):
        world.queue.drain()

    assert not entity(world, object_id).is_delivered
