"""A sync seals literal secrets as an author's own upload does, and tells of none."""

import json

from shared.domain.sync_event import SyncStatus
from tests.fixtures.people import Person
from tests.integration.sync.world import World

MARK = "Zx81kk20ppQ"
SERVERS = ".mcp.json"


def server(secret: str, *args: str) -> str:
    return json.dumps({"mcpServers": {"db": {"command": "db", "args": list(args), "env": {"API_TOKEN": secret}}}})


def test_a_secret_in_a_repository_is_sealed_and_its_rotation_is_a_version(world: World, alice: Person) -> None:
    world.resync(world.connect(alice, {SERVERS: server(f"canary-{MARK}")}))
    world.sync({SERVERS: server(f"canary-new-{MARK}")})

    entity = world.rows.objects()[f"{SERVERS}#db"]
    latest = world.depot.version_rows.find(entity.org_id, entity.id, entity.head_version_id or "")

    assert latest is not None
    assert len(world.versions(entity)) == 2
    assert f"canary-new-{MARK}".encode() in world.depot.sealing.open(latest)[0].data
    assert b"${API_TOKEN}" in world.files(entity)[SERVERS][0]
    assert MARK not in repr(world.rows.items())


def test_the_same_secret_beside_another_layout_is_no_version(world: World, alice: Person) -> None:
    world.resync(world.connect(alice, {SERVERS: server(f"canary-{MARK}")}))

    world.sync({SERVERS: server(f"canary-{MARK}").replace(" ", "\n ")})

    assert len(world.versions(world.rows.objects()[f"{SERVERS}#db"])) == 1


def test_a_failure_repeats_no_secret(world: World, alice: Person) -> None:
    world.resync(world.connect(alice, {SERVERS: server("${API_TOKEN}")}))

    event = world.sync({SERVERS: f'{{"mcpServers": {{"db": {{"env": {{"API_TOKEN": "canary-{MARK}" "oops'})

    assert event.status == SyncStatus.PARTIAL
    assert MARK not in repr(event)
    assert MARK not in repr(world.rows.items())
