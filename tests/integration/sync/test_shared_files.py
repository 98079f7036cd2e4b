"""One file may hold units of several types: each is an object of its own, and minds nothing beside it."""

import json

from shared.domain.sync_event import SyncStatus
from tests.fixtures.people import Person
from tests.integration.sync.world import World

PATH = "opencode.json"
MAPPINGS = ((f"/{PATH}", "agent"), (f"/{PATH}", "command"), (f"/{PATH}", "mcp"))


def document(**sections: dict[str, object]) -> str:
    return json.dumps(sections)


AGENTS: dict[str, object] = {"critic": {"prompt": "Be kind."}}
COMMANDS: dict[str, object] = {"tidy": {"template": "Tidy up."}}
SERVERS: dict[str, object] = {"search": {"type": "local", "command": ["search"]}}


def test_every_section_of_a_file_becomes_objects_of_its_type(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: document(agent=AGENTS, command=COMMANDS, mcp=SERVERS)}, MAPPINGS)

    event = world.resync(connected)

    objects = world.rows.objects()
    assert {locator: one.type for locator, one in objects.items()} == {
        f"{PATH}#agent/critic": "agent",
        f"{PATH}#command/tidy": "command",
        f"{PATH}#mcp/search": "mcp",
    }
    assert (event.status, event.counts.created) == (SyncStatus.COMPLETED, 3)
    assert world.files(objects[f"{PATH}#agent/critic"])["opencode.json"][0] == (
        b'{\n  "agent": {\n    "critic": {\n      "prompt": "Be kind."\n    }\n  }\n}\n'
    )


def test_a_change_in_one_section_is_a_version_of_its_object_alone(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: document(agent=AGENTS, command=COMMANDS, mcp=SERVERS)}, MAPPINGS)
    world.resync(connected)

    world.sync({PATH: document(agent=AGENTS, command={"tidy": {"template": "Tidy it all up."}}, mcp=SERVERS)})

    versions = {locator: len(world.versions(one)) for locator, one in world.rows.objects().items()}
    assert versions == {f"{PATH}#agent/critic": 1, f"{PATH}#command/tidy": 2, f"{PATH}#mcp/search": 1}


def test_a_broken_file_of_many_sections_is_one_failure_and_deletes_nothing(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: document(agent=AGENTS, command=COMMANDS)}, MAPPINGS[:2])
    world.resync(connected)

    event = world.sync({PATH: "{ not json"})

    assert [(one.path, one.code) for one in event.failures] == [(PATH, "json_invalid")]
    assert all(one.is_delivered for one in world.rows.objects().values())


def test_a_section_that_is_gone_takes_its_objects_with_it(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: document(agent=AGENTS, command=COMMANDS)}, MAPPINGS[:2])
    world.resync(connected)

    event = world.sync({PATH: document(agent=AGENTS)})

    assert (event.counts.deleted, [one.locator for one in world.rows.tombstones()]) == (1, [f"{PATH}#command/tidy"])


def test_a_file_of_many_sections_is_fetched_once(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: document(agent=AGENTS, command=COMMANDS, mcp=SERVERS)}, MAPPINGS)
    world.github.requests.clear()

    world.resync(connected)

    assert len([one for one in world.github.requests if "/blobs/" in one]) == 1
