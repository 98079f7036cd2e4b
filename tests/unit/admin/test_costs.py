"""What requests cost in calls and round trips, authentication included, and that it does not grow with the org."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from shared.bootstrap import Services
from tests.fixtures.calls import Calls, Cost
from tests.fixtures.http import Answer
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import SKILL, skill
from tests.unit.admin.crowd import Crowd

SMALL, LARGE = 210, 630

Ask = Callable[[], Answer]


@pytest.fixture
def crowd(depot: Services, alice: Person) -> Crowd:
    return Crowd(depot, alice.org_id)


@pytest.fixture
def costs(calls: Calls, crowd: Crowd) -> Callable[[Ask, Callable[[int], None]], Cost]:
    """What a request costs in a small and in a large org, which has to be the same."""

    def measure(ask: Ask, grow: Callable[[int], None]) -> Cost:
        measured = []
        for size in (SMALL, LARGE - SMALL):
            grow(size)
            assert ask().status < 300  # a function fetches its secrets with its first request
            with calls.counting() as cost:
                ask()
            measured.append(cost)
        assert measured[0] == measured[1]
        return measured[1]

    return measure


@pytest.fixture
def rows_read(depot: Services) -> list[int]:
    """Grows by the number of rows in each answer of DynamoDB."""
    answers: list[int] = []

    def note(parsed: Any, **_: Any) -> None:
        batches = parsed.get("Responses", {}).values()
        answers.append(len(parsed.get("Items", [])) + sum(map(len, batches)))

    depot.table.client.meta.events.register("after-call.dynamodb", note)
    return answers


Costs = Callable[[Ask, Callable[[int], None]], Cost]


@pytest.mark.parametrize("base", ["/config-objects", "/skills"])
def test_getting_an_object(costs: Costs, crowd: Crowd, api_as: ApiAs, alice: Person, object_id: str, base: str) -> None:
    api = api_as(alice)

    cost = costs(lambda: api.get(f"{base}/{object_id}"), crowd.objects_like(object_id))

    assert cost.dynamodb <= 5
    assert cost.depth <= 4


@pytest.mark.parametrize("path", ["/config-objects?limit=50", "/skills?limit=50", "/skills?limit=50&dialect=claude"])
def test_listing_objects_as_owner(
    costs: Costs, crowd: Crowd, api_as: ApiAs, alice: Person, object_id: str, path: str
) -> None:
    api = api_as(alice)

    cost = costs(lambda: api.get(path), crowd.objects_like(object_id))

    assert cost.dynamodb <= 4
    assert cost.depth <= 3


@pytest.mark.parametrize("base", ["/config-objects", "/skills"])
def test_listing_objects_as_a_member_of_three_teams(
    costs: Costs,
    crowd: Crowd,
    api_as: ApiAs,
    alice: Person,
    bob: Person,
    team_of: Callable[..., str],
    plugin_id: str,
    base: str,
) -> None:
    teams = [team_of(bob, name=f"Team {number}") for number in range(3)]
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"teamId": teams[0], "role": "viewer"})
    shown = api_as(alice).post("/config-objects", skill(pluginIds=[plugin_id])).item.id
    api = api_as(bob)

    cost = costs(lambda: api.get(f"{base}?limit=50"), crowd.objects_like(shown))

    assert len(api.get(f"{base}?limit=50").items) == 50
    assert cost.dynamodb <= 9
    assert cost.depth <= 4


@pytest.mark.parametrize("query", ["type=skill", "sourceMode=cloud", "type=skill&sourceMode=cloud&status=active"])
def test_listing_what_has_a_fact_as_owner(
    costs: Costs, crowd: Crowd, api_as: ApiAs, alice: Person, object_id: str, query: str
) -> None:
    api = api_as(alice)

    cost = costs(lambda: api.get(f"/config-objects?limit=50&{query}"), crowd.indexed_like(object_id))

    assert cost.dynamodb <= 4
    assert cost.depth <= 3


@pytest.mark.parametrize("query", ["q=deploy", "q=deploy service", "q=serv&type=skill", "q=production&status=deleted"])
def test_searching_as_a_member_of_three_teams(
    costs: Costs,
    crowd: Crowd,
    api_as: ApiAs,
    alice: Person,
    bob: Person,
    team_of: Callable[..., str],
    plugin_id: str,
    query: str,
) -> None:
    teams = [team_of(bob, name=f"Team {number}") for number in range(3)]
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"teamId": teams[0], "role": "viewer"})
    shown = api_as(alice).post("/config-objects", skill(pluginIds=[plugin_id])).item.id
    api = api_as(bob)

    cost = costs(lambda: api.get(f"/config-objects?limit=50&{quote(query, safe='=&')}"), crowd.indexed_like(shown))

    assert cost.dynamodb <= 7
    assert cost.depth <= 4


def test_a_search_reads_what_it_answers_and_not_what_the_org_has(
    rows_read: list[int], crowd: Crowd, api_as: ApiAs, alice: Person, object_id: str
) -> None:
    api, wanted = api_as(alice), "---\nname: rollback\ndescription: Back.\n---\n"
    crowd.indexed_like(object_id)(LARGE)
    rare = api.post("/config-objects", skill(wanted)).item.id
    crowd.depot.indexing.index(alice.org_id, rare)

    rows_read.clear()
    answer = api.get("/config-objects?q=rollback&type=skill&limit=50")

    assert [one.id for one in answer.items] == [rare]
    _who_asks, *read = rows_read
    assert sum(read) == 2  # one posting, one object


def test_creating_an_object(
    costs: Costs, crowd: Crowd, api_as: ApiAs, bob: Person, alice: Person, object_id: str, plugin_id: str
) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "editor"})
    api = api_as(bob)

    cost = costs(lambda: api.post("/config-objects", skill(pluginIds=[plugin_id])), crowd.objects_like(object_id))

    assert cost.dynamodb <= 7
    assert cost.operations["dynamodb.TransactWriteItems"] == 1
    assert cost.depth <= 5


def test_listing_versions(costs: Costs, crowd: Crowd, api_as: ApiAs, alice: Person, object_id: str) -> None:
    api = api_as(alice)
    api.post(f"/config-objects/{object_id}/versions", {"input": {"rawSourceText": f"{SKILL}More."}})

    cost = costs(lambda: api.get(f"/config-objects/{object_id}/versions"), crowd.versions_of(object_id))

    assert cost.dynamodb <= 5
    assert cost.depth <= 4


def test_resolving_a_plugin(
    costs: Costs, crowd: Crowd, api_as: ApiAs, alice: Person, bob: Person, plugin_id: str
) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"orgWide": True, "role": "viewer"})
    inside = api_as(alice).post("/config-objects", skill(pluginIds=[plugin_id])).item.id
    api = api_as(bob)

    cost = costs(lambda: api.get(f"/plugins/{plugin_id}/resolved?limit=50"), crowd.members_like(plugin_id, inside))

    assert len(api.get(f"/plugins/{plugin_id}/resolved?limit=50").items) == 50
    assert cost.dynamodb <= 6
    assert cost.depth <= 4


@pytest.mark.parametrize("query", ["", "&targetId={target}", "&instanceId={instance}"])
def test_listing_sync_events(
    costs: Costs,
    crowd: Crowd,
    api_as: ApiAs,
    alice: Person,
    instance_id: str,
    target_id: str,
    event_id: str,
    query: str,
) -> None:
    api = api_as(alice)
    path = "/connector-sync-events?limit=50" + query.format(target=target_id, instance=instance_id)

    cost = costs(lambda: api.get(path), crowd.events_like(event_id, target_id))

    assert cost.dynamodb <= 5
    assert cost.depth <= 4


def test_listing_plugins(
    costs: Costs, crowd: Crowd, api_as: ApiAs, alice: Person, bob: Person, team_of: Callable[..., str], plugin_id: str
) -> None:
    team_of(bob)
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"orgWide": True, "role": "viewer"})
    api = api_as(bob)

    cost = costs(lambda: api.get("/plugins"), crowd.plugins_like(plugin_id))

    assert cost.dynamodb <= 9
    assert cost.depth <= 4


def test_listing_marketplaces(
    costs: Costs, crowd: Crowd, api_as: ApiAs, alice: Person, bob: Person, marketplace_id: str
) -> None:
    api_as(alice).post(f"/marketplaces/{marketplace_id}/access", {"orgWide": True, "role": "viewer"})
    api = api_as(bob)

    cost = costs(lambda: api.get("/marketplaces?limit=50"), crowd.marketplaces_like(marketplace_id))

    assert len(api.get("/marketplaces?limit=50").items) == 50
    assert (cost.dynamodb, cost.depth) == (3, 3)


def test_listing_plugins_of_marketplaces_as_a_member_of_three_teams(
    costs: Costs,
    crowd: Crowd,
    api_as: ApiAs,
    alice: Person,
    bob: Person,
    team_of: Callable[..., str],
    marketplace_id: str,
    plugin_id: str,
) -> None:
    for number in range(3):
        team_of(bob, name=f"Team {number}")
    api_as(alice).post(f"/marketplaces/{marketplace_id}/access", {"orgWide": True, "role": "viewer"})
    api_as(alice).post(f"/marketplaces/{marketplace_id}/plugins", {"pluginId": plugin_id})
    api = api_as(bob)

    cost = costs(lambda: api.get("/plugins"), crowd.marketplaces_like(marketplace_id))

    assert [one.id for one in api.get("/plugins").items] == [plugin_id]
    assert (cost.dynamodb, cost.depth) == (9, 4)


def test_getting_what_a_marketplace_shows(
    costs: Costs,
    crowd: Crowd,
    api_as: ApiAs,
    alice: Person,
    bob: Person,
    marketplace_id: str,
    plugin_id: str,
) -> None:
    api_as(alice).post(f"/marketplaces/{marketplace_id}/access", {"orgWide": True, "role": "viewer"})
    api_as(alice).post(f"/marketplaces/{marketplace_id}/plugins", {"pluginId": plugin_id})
    shown = api_as(alice).post("/config-objects", skill(pluginIds=[plugin_id])).item.id
    api = api_as(bob)

    single = costs(lambda: api.get(f"/config-objects/{shown}"), crowd.objects_like(shown))
    resolved = costs(lambda: api.get(f"/plugins/{plugin_id}/resolved"), crowd.objects_like(shown))

    assert (single.dynamodb, single.depth) == (4, 4)
    assert (resolved.dynamodb, resolved.depth) == (6, 4)


def test_comparing_versions(costs: Costs, crowd: Crowd, api_as: ApiAs, alice: Person, object_id: str) -> None:
    api = api_as(alice)
    (first,) = api.get(f"/config-objects/{object_id}/versions").items
    api.post(f"/config-objects/{object_id}/versions", {"input": {"rawSourceText": f"{SKILL}More."}})
    path = f"/config-objects/{object_id}/versions/compare?from={first.id}&to=latest"

    cost = costs(lambda: api.get(path), crowd.versions_of(object_id))

    assert cost.dynamodb <= 5
    assert cost.operations["dynamodb.BatchGetItem"] <= 3
    assert cost.of("s3") <= 4  # a payload and a file of each
    assert cost.depth <= 5


def test_reading_one_file(costs: Costs, crowd: Crowd, api_as: ApiAs, alice: Person, object_id: str) -> None:
    api = api_as(alice)
    head = api.get(f"/config-objects/{object_id}").item.headVersionId
    path = f"/config-objects/{object_id}/versions/{head}/files/SKILL.md"

    cost = costs(lambda: api.get(path), crowd.versions_of(object_id))

    assert cost.dynamodb <= 5
    assert cost.of("s3") == 1
    assert cost.depth <= 5


def test_listing_the_plugins_of_an_object(
    costs: Costs, crowd: Crowd, api_as: ApiAs, alice: Person, plugin_id: str
) -> None:
    api = api_as(alice)
    inside = api.post("/config-objects", skill(pluginIds=[plugin_id])).item.id

    cost = costs(lambda: api.get(f"/config-objects/{inside}/plugins"), crowd.members_like(plugin_id, inside))

    assert cost.dynamodb <= 5
    assert cost.depth <= 4


@pytest.mark.parametrize("verb", ["archive", "delete"])
def test_putting_an_object_aside_and_bringing_it_back(
    calls: Calls, api_as: ApiAs, alice: Person, plugin_id: str, verb: str
) -> None:
    api = api_as(alice)
    inside = api.post("/config-objects", skill(pluginIds=[plugin_id])).item.id
    costs = []

    for each in (verb, "restore"):
        with calls.counting() as cost:
            assert api.post(f"/config-objects/{inside}/{each}").status == 200
        costs.append(cost)

    assert [cost.operations["dynamodb.TransactWriteItems"] for cost in costs] == [1, 1]
    assert all(cost.dynamodb <= 5 and cost.depth <= 5 for cost in costs)
