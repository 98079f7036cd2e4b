"""What lists cost as an org grows: the same calls, and no more rows than the page has, at every size."""

from collections.abc import Callable
from operator import gt
from typing import Any

import pytest

from shared.bootstrap import Services
from tests.fixtures.calls import Calls
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import skill
from tests.unit.admin.crowd import Crowd

Ask = Callable[[Person, str], tuple[int, int, int]]
"""What a list of 50 costs a person: DynamoDB calls, round trips, and rows in all answers."""

SIZES = [50, 5_000]
"""Rows of each kind; marketplaces end at their own limit. `make bench` lists and searches 100,000 objects."""

LISTS = ("config-objects", "skills", "plugins", "marketplaces", "members", "teams", "tokens", "me/access")

OWNER = dict.fromkeys(LISTS, (4, 3, 450)) | {"me/access": (9, 4, 450)}
MEMBER = dict.fromkeys(LISTS, (9, 4, 450))
"""DynamoDB calls, round trips and rows at most, authentication included; a row in an index and itself are two."""


@pytest.fixture
def teams(alice: Person, bob: Person, team_of: Callable[..., str]) -> list[str]:
    """Bob's three."""
    return [team_of(bob, name=f"Team {number}") for number in range(3)]


@pytest.fixture
def fill(
    depot: Services, api_as: ApiAs, alice: Person, bob: Person, teams: list[str], plugin_id: str, marketplace_id: str
) -> Callable[[int], None]:
    """Gives the org so many rows of each kind that Bob sees by a team, by the org, or as his own."""
    api, crowd = api_as(alice), Crowd(depot, alice.org_id)
    api.post(f"/plugins/{plugin_id}/access", {"teamId": teams[0], "role": "viewer"})
    api.post(f"/plugins/{plugin_id}/access", {"orgWide": True, "role": "viewer"})
    api.post(f"/marketplaces/{marketplace_id}/access", {"teamId": teams[1], "role": "viewer"})
    shown = api.post("/config-objects", skill(pluginIds=[plugin_id])).item.id
    another = api_as(bob).post("/tokens", {"kind": "delivery", "name": "laptop"}).item.id
    growing = [
        crowd.objects_like(shown),
        crowd.plugins_like(plugin_id),
        crowd.marketplaces_like(marketplace_id),
        crowd.people_like(bob.id),
        crowd.teams_like(teams[2]),
        crowd.tokens_like(another),
    ]

    def grow(size: int) -> None:
        for kind in growing:
            kind(size)

    return grow


@pytest.fixture
def ask(depot: Services, api_as: ApiAs, calls: Calls) -> Ask:
    rows: list[int] = []

    def note(parsed: Any, **_: Any) -> None:
        rows.append(len(parsed.get("Items", [])) + sum(map(len, parsed.get("Responses", {}).values())))

    depot.table.client.meta.events.register("after-call.dynamodb", note)

    def cost_of(person: Person, name: str) -> tuple[int, int, int]:
        rows.clear()
        with calls.counting() as cost:
            answer = api_as(person).get(f"/{name}?limit=50")
        assert len(answer.items) == 50
        return cost.dynamodb, cost.depth, sum(rows)

    return cost_of


@pytest.mark.parametrize("size", SIZES)
def test_a_list_costs_the_same_in_every_org(
    ask: Ask, fill: Callable[[int], None], api_as: ApiAs, alice: Person, bob: Person, size: int
) -> None:
    fill(size)
    api_as(alice).get("/teams?limit=1")  # a function fetches the secret of cursors with its first page

    spent = {(person.id, name): ask(person, name) for person in (alice, bob) for name in LISTS}

    bars = {(person.id, name): of[name] for person, of in ((alice, OWNER), (bob, MEMBER)) for name in LISTS}
    over = {who: cost for who, cost in spent.items() if any(map(gt, cost, bars[who]))}
    assert over == {}
