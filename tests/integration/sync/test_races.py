"""Several at once: workers, people, and both."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.domain.sync_event import SyncStatus
from shared.services.drafts import ContentDraft
from tests.fixtures.people import Person
from tests.integration.sync.aws_calls import hooked
from tests.integration.sync.files import skill
from tests.integration.sync.world import World

FILES = {f"commands/c{number:02d}.md": f"Do {number}.\n" for number in range(40)}
PATH = "skills/review/SKILL.md"


def require_one_object_per_path(world: World) -> None:
    objects = world.rows.all_objects()
    assert sorted(one.source.locator for one in objects if one.source) == sorted(FILES)
    assert {one.config_object_id for one in world.rows.bindings().values()} == {one.id for one in objects}
    assert all(len(world.versions(one)) == 1 for one in objects[:5])


def test_two_workers_with_one_message_make_everything_once(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push(FILES)
    [record] = world.queue.receive()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: world.queue.work_on([record]), range(2)))
    world.queue.release([record])
    world.queue.drain()

    require_one_object_per_path(world)
    assert world.last_event().status == SyncStatus.COMPLETED
    assert world.last_event().counts.created == 40


def test_two_runs_of_one_target_make_everything_once(world: World, alice: Person) -> None:
    connected = world.connect(alice, {**FILES})
    records = []
    for _ in range(2):
        world.depot.sync_events.resync(connected.actor, connected.target_id)
        records += world.queue.receive(most=10)
        world.queue.release(records)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: world.queue.work_on([one]), records))
    world.queue.release(records)
    world.queue.drain()

    require_one_object_per_path(world)
    assert {event.status for event in world.rows.events()} == {SyncStatus.COMPLETED}


def test_a_worker_that_was_overtaken_stops(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push(FILES)
    [record] = world.queue.receive()
    overtaken: list[list[str]] = []

    def take_over(params: dict[str, Any], **_: object) -> None:
        if not overtaken:
            overtaken.append([])
            world.clock.advance(seconds=1)
            overtaken[0] = world.queue.work_on([record])

    with hooked(world.depot, "before-parameter-build.dynamodb.TransactWriteItems", take_over):
        failed = world.queue.work_on([record])

    assert (overtaken, failed) == ([[]], [record["messageId"]])
    require_one_object_per_path(world)
    assert world.last_event().status == SyncStatus.COMPLETED


def test_an_edit_during_a_sync_is_kept_in_strict_order(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    entity = world.rows.objects()[PATH]
    world.push({PATH: skill("review", "By push.")})
    edits: list[str] = []

    def edit(**_: object) -> None:
        if not edits:
            edits.append("begun")
            draft = ContentDraft(skill("review", "By hand."))
            written = world.depot.config_objects.create_version(connected.actor, entity.id, draft, None, None)
            edits.append(written.version.id)

    with hooked(world.depot, "before-parameter-build.dynamodb.TransactWriteItems", edit):
        world.queue.drain()

    current = world.rows.objects()[PATH]
    assert world.versions(current) == ["connector", "cloud", "connector"]
    assert current.head_version_id is not None
    assert current.head_version_id > edits[1]
    assert b"By push." in world.files(current)["SKILL.md"][0]


def test_an_edit_by_hand_is_marked_until_the_source_changes(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    entity = world.rows.objects()[PATH]
    draft = ContentDraft(skill("review", "By hand."))
    world.depot.config_objects.create_version(connected.actor, entity.id, draft, None, None)

    marked = world.rows.objects()[PATH].diverged
    world.resync(connected)
    kept = world.rows.objects()[PATH].diverged
    world.sync({PATH: skill("review", "By push.")})

    assert (marked, kept, world.rows.objects()[PATH].diverged) == (True, True, False)
