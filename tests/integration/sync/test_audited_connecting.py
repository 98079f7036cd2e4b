"""What an admin does to a connected repository leaves one audit event of its own: the routes that need a GitHub."""

import pytest

from tests.fixtures.people import ApiAs, Person
from tests.integration.sync.marketplaces import Desk, at_desk, repository
from tests.integration.sync.world import World
from tests.unit.admin.mutations import MAPPING, Step
from tests.unit.admin.test_audited_mutations import assert_true, live_through, told

ALPHA = "entry:alpha"
CONNECTED: list[Step] = [
    ("refreshDiscovery", "POST", "/connector-instances/{instance}/discovery/refresh", {}, ""),
    ("applyDiscovery", "POST", "/connector-instances/{instance}/discovery/apply", {"selectedKeys": [ALPHA]}, ""),
    ("createMappings", "POST", "/connector-targets/{target}/mappings/bulk", {"items": [MAPPING]}, ""),
    ("updateMapping", "PATCH", "/connector-mappings/{mapping}", {"selector": "/more/*/SKILL.md"}, ""),
    ("deleteMapping", "DELETE", "/connector-mappings/{mapping}", None, ""),
    ("syncInstanceNow", "POST", "/connector-instances/{instance}/sync-now", None, ""),
    ("updateTarget", "PATCH", "/connector-targets/{target}", {"branch": "next"}, ""),
]  # fmt: skip


@pytest.fixture
def desk(world: World, api_as: ApiAs, alice: Person) -> Desk:
    return at_desk(world, api_as, alice, repository("alpha"))


def test_each_step_on_a_connected_repository_leaves_one_event(desk: Desk, world: World, alice: Person) -> None:
    world.github.commit("acme/tools", {"README.md": "Next."}, branch="next", announce=False)
    mapping = {"selector": "/skills/*/SKILL.md", "objectType": "skill"}
    made = desk.api.post(f"/connector-targets/{desk.connected.target_id}/mappings", mapping).item.id
    ids = {
        "alice": alice.id,
        "instance": desk.connected.instance_id,
        "target": desk.connected.target_id,
        "mapping": made,
    }

    for step in CONNECTED:
        live_through(desk.api, [step], ids)
        world.queue.drain()

    events = {name: found for name, found in told(world.depot).items() if name in {step[0] for step in CONNECTED}}
    assert {name: len(found) for name, found in events.items()} == {step[0]: 1 for step in CONNECTED}
    assert_true(events, CONNECTED, ids)


def test_a_large_application_tells_of_each_part_what_it_made(world: World, api_as: ApiAs, alice: Person) -> None:
    names = [f"p{number:02d}" for number in range(30)]
    desk = at_desk(world, api_as, alice, repository(*names))
    desk.discover()

    made = desk.api.post(
        f"{desk.base}/apply", {"selectedKeys": [f"entry:{name}" for name in names]}, x_request_id="applied-discovery"
    ).json["item"]

    touched = {each for event in told(world.depot)["applied-discovery"] for each in event.metadata.get("touched", ())}
    assert {plugin["pluginId"] for plugin in made["plugins"]} <= touched


def test_disconnecting_an_account_tells_of_the_account_and_of_each_of_its_instances(desk: Desk, world: World) -> None:
    (account,) = desk.api.get("/connector-accounts").items

    desk.api.post(f"/connector-accounts/{account.id}/disconnect", {"dryRun": False}, x_request_id="disconnected")

    events = told(world.depot)["disconnected"]
    assert {event.action for event in events} == {"disconnectAccount"}
    changed = {event.resource for event in events} | {
        each for event in events for each in event.metadata.get("touched", ())
    }
    assert {account.id, desk.connected.instance_id} <= changed


def test_retrying_a_run_leaves_one_event(desk: Desk, world: World) -> None:
    desk.discover()
    desk.apply(ALPHA)
    world.queue.drain()
    broken = world.sync({"plugins/alpha/skills/alpha-skill/SKILL.md": "---\nname: &a [*a]\n---\n"})

    desk.api.post(f"/connector-sync-events/{broken.id}/retry", x_request_id="retried-run")

    (event,) = told(world.depot)["retried-run"]
    assert (broken.status, event.action, event.resource) == ("partial", "retrySyncEvent", broken.id)
