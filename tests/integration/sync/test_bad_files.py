"""A bad file fails alone."""

from secrets import token_urlsafe

import pytest

from local.github import File
from shared.domain.config_object import ObjectStatus
from shared.domain.sync_event import SyncEvent, SyncStatus, SyncTrigger
from tests.fixtures.people import ApiAs, Person
from tests.integration.sync.files import BOMB, command, servers, skill
from tests.integration.sync.queue import Context
from tests.integration.sync.world import Connected, World

PATH = "skills/review/SKILL.md"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12\n"


def test_a_broken_file_leaves_its_last_good_version_in_place(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)

    event = world.sync({PATH: BOMB, "commands/deploy.md": command("Deploy")})

    entity = world.rows.objects()[PATH]
    [failure] = event.failures
    assert (event.status, failure.path, failure.code) == (SyncStatus.PARTIAL, PATH, "yaml_alias")
    assert (entity.status, entity.is_delivered) == (ObjectStatus.INGESTION_ERROR, True)
    assert world.files(entity)["SKILL.md"][0] == skill("review").encode()
    assert world.rows.objects()["commands/deploy.md"].status == ObjectStatus.ACTIVE


def test_a_mended_file_is_active_again(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    world.sync({PATH: BOMB})

    event = world.sync({PATH: skill("review", "Mended.")})

    entity = world.rows.objects()[PATH]
    assert (event.status, entity.status) == (SyncStatus.COMPLETED, ObjectStatus.ACTIVE)
    assert all(note.code != "yaml_alias" for note in entity.diagnostics)
    assert b"Mended" in world.files(entity)["SKILL.md"][0]


def test_a_file_put_back_as_it_was_is_active_without_a_new_version(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    world.sync({PATH: BOMB})

    world.sync({PATH: skill("review")})

    entity = world.rows.objects()[PATH]
    assert entity.status == ObjectStatus.ACTIVE
    assert len(world.versions(entity)) == 1


def test_a_file_that_never_loaded_is_shown_and_not_delivered(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})

    event = world.sync({PATH: BOMB, "agents/critic.md": "Be kind.\n"})

    entity = world.rows.objects()[PATH]
    assert (entity.status, entity.is_delivered) == (ObjectStatus.INGESTION_ERROR, False)
    assert [note.code for note in entity.diagnostics if note.severity == "error"] == ["yaml_alias"]
    assert (event.counts.created, event.counts.failed) == (1, 1)


def test_a_file_beyond_the_limits_is_told_by_its_listing(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    world.github.requests.clear()

    event = world.sync({PATH: skill("review") + "x" * 2_000_000, "agents/critic.md": "Be kind.\n"})

    entity = world.rows.objects()[PATH]
    assert [(one.path, one.code) for one in event.failures] == [(PATH, "entry_too_large")]
    assert (entity.status, entity.is_delivered) == (ObjectStatus.INGESTION_ERROR, True)
    assert len([one for one in world.github.requests if "/blobs/" in one]) == 1


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("skills/review/link.md", File(b"../../../etc/passwd", mode="120000"), "symlink_skipped"),
        ("skills/review/vendored", File(b"1" * 40, mode="160000"), "submodule_skipped"),
        ("skills/review/model.bin", LFS, "lfs_pointer"),
        ("skills/review/a\\..\\..\\b.md", "x", "unsafe_path"),
    ],
)
def test_what_is_no_content_is_left_out_and_named(
    world: World, alice: Person, path: str, content: File | bytes | str, code: str
) -> None:
    world.connect(alice, {"README.md": "x"})

    event = world.sync({PATH: skill("review"), path: content})

    entity = world.rows.objects()[PATH]
    assert code in {note.code for note in entity.diagnostics}
    assert set(world.files(entity)) == {"SKILL.md"}
    assert event.status == SyncStatus.COMPLETED


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (skill("review").encode() + b"\xff\xfe caf\xe9", ObjectStatus.ACTIVE, "not_utf8"),
        (LFS, ObjectStatus.INGESTION_ERROR, "lfs_entry"),
        (b"", ObjectStatus.ACTIVE, "empty_file"),
        (b"---\nname: \x00\n---\n", ObjectStatus.ACTIVE, "name_pattern"),
    ],
)
def test_hostile_bytes_are_diagnosed_and_stop_nobody(
    world: World, alice: Person, content: bytes, status: ObjectStatus, code: str
) -> None:
    world.connect(alice, {"README.md": "x"})

    world.sync({PATH: content, "commands/deploy.md": command("Deploy")})

    objects = world.rows.objects()
    assert objects[PATH].status == status
    assert code in {note.code for note in objects[PATH].diagnostics}
    assert objects["commands/deploy.md"].status == ObjectStatus.ACTIVE


def test_an_entry_that_is_a_link_or_a_submodule_is_no_object(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})

    event = world.sync(
        {
            "agents/link.md": File(b"critic.md", mode="120000"),
            "agents/vendored.md": File(b"1" * 40, mode="160000"),
            "skills/vendored": File(b"1" * 40, mode="160000"),
            "agents/critic.md": "Be kind.\n",
        }
    )

    assert set(world.rows.objects()) == {"agents/critic.md"}
    assert ("agents/vendored.md", "entry_not_a_file") in {(one.path, one.code) for one in event.failures}


def told(event: SyncEvent) -> set[tuple[str, str]]:
    return {(note.path, note.code) for note in event.diagnostics}


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        (".mcp.json", "{}", "mcp_no_servers"),
        (".mcp.json", '{"mcpServers": {"": {"command": "a"}}}', "mcp_key_refused"),
    ],
)
def test_what_is_found_about_a_path_that_becomes_no_object_is_told_by_the_event(
    world: World, api_as: ApiAs, alice: Person, path: str, content: str, code: str
) -> None:
    world.connect(alice, {"README.md": "x"})

    event = world.sync({path: content})

    shown = api_as(alice).get(f"/connector-sync-events/{event.id}").item
    assert (path, code) in told(event)
    assert (event.status, event.failures) == (SyncStatus.COMPLETED, [])
    assert {"path": path, "code": code}.items() <= shown.diagnostics[0].items()


def test_a_retry_tells_anew_what_it_finds(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    first = world.sync({".mcp.json": "{}"})

    world.depot.sync_events.retry(connected.actor, first.id)
    between = world.event(first.id)
    world.depot.mappings.delete(connected.actor, mapping_of(world, connected, "/.mcp.json"))
    world.queue.drain()

    assert told(first) == {(".mcp.json", "mcp_no_servers")}
    assert (between.diagnostics, world.event(first.id).diagnostics) == ([], [])


def mapping_of(world: World, connected: Connected, selector: str) -> str:
    found = world.depot.mapping_rows.list_all(connected.actor.org_id, connected.target_id)
    return next(one.id for one in found if one.selector == selector)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (PATH, BOMB),
        (PATH, LFS),
        (PATH, skill("review") + "x" * 1_100_000),
        (".mcp.json", "{ not json"),
        (".mcp.json", servers("search") + " " * 2_000_000),
    ],
)
@pytest.mark.parametrize("known", [True, False], ids=["was good before", "is new"])
def test_a_partial_event_that_is_retried_stays_partial_while_its_file_is_broken(
    world: World, alice: Person, path: str, content: bytes | str, known: bool
) -> None:
    before = {PATH: skill("review"), ".mcp.json": servers("search")} if known else {"README.md": "x"}
    connected = world.connect(alice, before)
    world.resync(connected)
    first = world.sync({path: content})

    world.depot.sync_events.retry(connected.actor, first.id)
    world.queue.drain()

    again = world.event(first.id)
    assert (first.status, again.status) == (SyncStatus.PARTIAL, SyncStatus.PARTIAL)
    assert [(one.path, one.code) for one in again.failures] == [(one.path, one.code) for one in first.failures]
    assert again.counts.failed == first.counts.failed == 1


def test_a_file_of_servers_that_cannot_be_read_keeps_its_objects(world: World, alice: Person) -> None:
    connected = world.connect(alice, {".mcp.json": servers("search", "tickets")})
    world.resync(connected)

    event = world.sync({".mcp.json": "{ not json"})

    assert (event.status, event.failures[0].path) == (SyncStatus.PARTIAL, ".mcp.json")
    assert {one.status for one in world.rows.objects().values()} == {ObjectStatus.ACTIVE}


def test_a_file_of_servers_beyond_the_limits_fails_by_name(world: World, alice: Person) -> None:
    connected = world.connect(alice, {".mcp.json": servers("search")})
    world.resync(connected)

    event = world.sync({".mcp.json": servers("search") + " " * 2_000_000})

    assert [(one.path, one.code) for one in event.failures] == [(".mcp.json", "entry_too_large")]
    assert world.rows.objects()[".mcp.json#search"].is_delivered


def test_what_outgrows_a_row_fails_alone(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    deep = {f"skills/review/{'/'.join(token_urlsafe(150) for _ in range(3))}": str(number) for number in range(1_000)}

    event = world.sync({PATH: skill("review"), **deep, "agents/critic.md": "Be kind.\n"})

    assert set(world.rows.objects()) == {"agents/critic.md"}
    assert [(one.path, one.code) for one in event.failures] == [(PATH, "too_large")]


def test_a_file_that_is_still_broken_fails_every_run_and_is_not_read_again(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    broken = world.sync({PATH: BOMB})
    world.github.requests.clear()

    world.depot.sync_events.retry(connected.actor, broken.id)
    world.queue.drain()
    retried, again = world.event(broken.id), world.resync(connected)
    beside = world.sync({"commands/deploy.md": command("Deploy")})

    for event in (retried, again, beside):
        assert event.status == SyncStatus.PARTIAL
        assert [(one.path, one.code) for one in event.failures] == [(PATH, "yaml_alias")]
        assert event.counts.failed == 1
    assert (retried.counts.skipped, beside.counts.created) == (0, 1)
    assert len([one for one in world.github.requests if "/blobs/" in one]) == 1
    assert world.rows.objects()[PATH].status == ObjectStatus.INGESTION_ERROR


def test_a_broken_head_that_is_asked_for_again_is_not_called_complete(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    world.sync({PATH: BOMB})

    event = world.depot.sync_events.request(world.target(connected), SyncTrigger.LIFECYCLE, None)
    world.queue.drain()

    assert (world.event(event.id).status, world.event(event.id).counts.failed) == (SyncStatus.PARTIAL, 1)


def test_a_mended_file_fails_no_more(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: BOMB})
    world.resync(connected)
    world.sync({PATH: skill("review")})

    event = world.resync(connected)

    assert (event.status, event.counts.failed, event.counts.skipped) == (SyncStatus.COMPLETED, 0, 1)
    assert world.target(connected).failed_files == 0


def test_a_run_in_pieces_counts_each_broken_file_once(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.services.reconciliation.apply.CHUNK", 1)
    connected = world.connect(alice, {f"skills/s{n}/SKILL.md": BOMB for n in range(3)})
    world.depot.sync_events.resync(connected.actor, connected.target_id)

    while world.queue.step(Context(chunks=1)):
        pass

    event = world.last_event()
    assert event.attempts > 1
    assert (event.status, event.counts.failed, len(event.failures)) == (SyncStatus.PARTIAL, 3, 3)
