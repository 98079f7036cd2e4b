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


def test_only_what_a_mapping_selects_becomes_an_object(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "# Tools\n"})

    world.sync({"skills/review/SKILL.md": skill("review"), "docs/guide.md": "x", "LICENSE": "MIT", "src/a.py": "1"})

    assert set(world.rows.objects()) == {"skills/review/SKILL.md"}


def test_a_skill_is_its_whole_directory_with_executable_bits(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "# Tools\n"})

    world.sync(
        {
            "skills/review/SKILL.md": skill("review"),
            "skills/review/scripts/run.sh": File(b"#!/bin/sh\n", mode="100755"),
            "skills/review/assets/logo.png": b"\x89PNG\0\xff",
        }
    )

    assert world.files(world.rows.objects()["skills/review/SKILL.md"]) == {
        "SKILL.md": (skill("review").encode(), 0o100644),
        "scripts/run.sh": (b"#!/bin/sh\n", 0o100755),
        "assets/logo.png": (b"\x89PNG\0\xff", 0o100644),
    }


def test_commands_in_folders_are_named_by_their_path(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "# Tools\n"})

    world.sync({"commands/deploy.md": command("Deploy"), "commands/db/migrate.md": command("Migrate")})

    assert {one.slug for one in world.rows.objects().values()} == {"deploy", "db:migrate"}


def test_a_file_with_two_servers_becomes_two_objects(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "# Tools\n"})

    event = world.sync({".mcp.json": servers("search", "tickets")})

    assert set(world.rows.objects()) == {".mcp.json#search", ".mcp.json#tickets"}
    assert event.counts.created == 2


def test_a_change_moves_what_the_plugin_delivers(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "# Tools\n"})
    world.sync({"skills/review/SKILL.md": skill("review")})
    before = world.plugin(connected).content_version

    event = world.sync({"skills/review/SKILL.md": skill("review", "Do it better.")})

    entity = world.rows.objects()["skills/review/SKILL.md"]
    assert world.plugin(connected).content_version == before + 1
    assert b"better" in world.files(entity)["SKILL.md"][0]
    assert world.versions(entity) == ["connector", "connector"]
    assert event.counts == SyncCounts(updated=1)


def test_a_run_is_recorded_on_the_event_the_target_and_the_instance(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "# Tools\n"})

    head = world.push({"skills/review/SKILL.md": skill("review")})
    world.queue.drain()

    event, target = world.last_event(), world.target(connected)
    instance = world.depot.instances.get(connected.actor, connected.instance_id)
    assert (event.revision, event.delivery_ids) == (head, [world.github.deliveries[-1].guid])
    assert {"resolve", "list", "match", "plan", "fetch", "apply", "prune", "follow"} == set(event.timings)
    assert (target.last_synced_revision, target.last_synced_at) == (head, event.started_at)
    assert (instance.last_sync_status, instance.last_attempted_revision) == ("completed", head)


def test_new_objects_belong_to_who_made_the_mapping(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "# Tools\n"})

    world.sync({"agents/critic.md": "Be kind.\n"})

    entity = world.rows.objects()["agents/critic.md"]
    assert (entity.created_by, set(entity.grants)) == ("connector", {alice.id})


def test_an_unchanged_head_writes_no_content(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"skills/review/SKILL.md": skill("review")})
    world.resync(connected)
    before = world.rows.all_objects()

    event = world.resync(connected)

    assert world.rows.all_objects() == before
    assert event.counts == SyncCounts(skipped=1)


def test_two_orgs_that_track_one_repository_share_nothing(world: World, alice: Person, mallory: Person) -> None:
    ours = world.connect(alice, {"README.md": "# Tools\n"})
    theirs = world.connect(mallory)

    world.sync({"skills/review/SKILL.md": skill("review")})

    assert {event.target_id for event in world.rows.events()} == {ours.target_id, theirs.target_id}
    assert {one.org_id for one in world.rows.all_objects()} == {alice.org_id, mallory.org_id}
    assert len(world.rows.all_objects()) == 2
