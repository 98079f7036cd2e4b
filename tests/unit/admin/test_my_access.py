"""What somebody may use: each way in, the highest role, and what it costs to know."""

from collections.abc import Callable

import pytest

from shared.bootstrap import Services
from tests.fixtures.calls import Calls
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.crowd import Crowd

TeamOf = Callable[..., str]
Share = Callable[..., str]


@pytest.fixture
def share(api_as: ApiAs, alice: Person) -> Share:
    """Makes a plugin of Alice's that grants show to others."""

    def make(name: str, *grants: dict[str, object]) -> str:
        plugin = str(api_as(alice).post("/plugins", {"name": name}).item.id)
        for grant in grants:
            assert api_as(alice).post(f"/plugins/{plugin}/access", grant).status == 201
        return plugin

    return make


@pytest.fixture
def market(api_as: ApiAs, alice: Person) -> Callable[..., str]:
    """Makes a marketplace of Alice's that holds plugins and is open to whom grants say."""

    def make(plugin_ids: list[str], grant: dict[str, object]) -> str:
        made = str(api_as(alice).post("/marketplaces", {"name": f"market-{len(plugin_ids)}"}).item.id)
        for plugin_id in plugin_ids:
            assert api_as(alice).post(f"/marketplaces/{made}/plugins", {"pluginId": plugin_id}).status == 201
        api_as(alice).post(f"/marketplaces/{made}/access", grant)
        return made

    return make


def test_each_way_in_is_told_and_the_highest_role(api_as: ApiAs, bob: Person, share: Share, team_of: TeamOf) -> None:
    team = team_of(bob)
    plugin = share(
        "reviews",
        {"memberId": bob.id, "role": "viewer"},
        {"teamId": team, "role": "editor"},
        {"orgWide": True, "role": "viewer"},
    )

    (access,) = api_as(bob).get("/me/access").items

    assert (access.id, access.kind, access.name, access.role) == (plugin, "plugin", "reviews", "editor")
    assert {(way["via"], way["role"], way["teamId"]) for way in access.waysIn} == {
        ("person", "viewer", None),
        ("team", "editor", team),
        ("org", "viewer", None),
    }


def test_what_somebody_made_is_their_own(api_as: ApiAs, bob: Person) -> None:
    made = api_as(bob).post("/plugins", {"name": "mine"}).item.id

    (access,) = api_as(bob).get("/me/access").items

    assert (access.id, access.role, access.waysIn[0]["via"]) == (made, "manager", "own")


def test_a_marketplace_lets_in(api_as: ApiAs, bob: Person, share: Share, market: Callable[..., str]) -> None:
    plugin = share("reviews")
    opened = market([plugin], {"orgWide": True, "role": "editor"})

    found = {one.id: one for one in api_as(bob).get("/me/access").items}

    assert found.keys() == {plugin, opened}
    assert found[plugin].waysIn == [{"via": "marketplace", "role": "viewer", "teamId": None, "marketplaceId": opened}]


def test_what_was_put_aside_is_left_out(
    api_as: ApiAs, alice: Person, bob: Person, share: Share, market: Callable[..., str]
) -> None:
    plugin, held = share("reviews", {"orgWide": True, "role": "viewer"}), share("held")
    opened = market([held], {"orgWide": True, "role": "viewer"})

    for path in (f"/plugins/{plugin}", f"/marketplaces/{opened}"):
        assert api_as(alice).post(f"{path}/archive").status == 200

    assert api_as(bob).get("/me/access").items == []


def test_an_owner_may_use_everything(api_as: ApiAs, alice: Person, bob: Person, object_id: str) -> None:
    made = api_as(bob).post("/plugins", {"name": "bobs"}).item.id

    found = {one.id: one for one in api_as(alice).get("/me/access").items}

    assert [way["via"] for way in found[made].waysIn] == ["admin"]
    assert [way["via"] for way in found[object_id].waysIn] == ["own", "admin"]
    assert (found[object_id].kind, found[object_id].type) == ("config_object", "skill")


def test_one_kind_can_be_asked_for(api_as: ApiAs, alice: Person, object_id: str, plugin_id: str) -> None:
    kinds = ("plugin", "config_object", "marketplace")

    found = [[one.id for one in api_as(alice).get(f"/me/access?kind={kind}").items] for kind in kinds]

    assert found == [[plugin_id], [object_id], []]
    assert api_as(alice).get("/me/access?kind=secret").status == 400


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_tell_everything_once(
    api_as: ApiAs, bob: Person, share: Share, market: Callable[..., str], team_of: TeamOf, limit: int
) -> None:
    grants: list[dict[str, object]] = [{"memberId": bob.id}, {"teamId": team_of(bob)}, {"orgWide": True}]
    shown = [share(f"shown-{number}", {**grants[number % 3], "role": "viewer"}) for number in range(4)]
    held = [share(f"held-{number}") for number in range(3)]
    opened = market(held, {"memberId": bob.id, "role": "viewer"})

    seen: list[str] = []
    path: str | None = f"/me/access?limit={limit}"
    while path:
        answer = api_as(bob).get(path).json
        seen += [one["id"] for one in answer["items"]]
        path = f"/me/access?limit={limit}&cursor={answer['nextCursor']}" if answer["nextCursor"] else None

    assert seen == sorted([*shown, *held, opened])


def test_a_team_s_access_is_for_its_members_and_admins(
    api_as: ApiAs, alice: Person, bob: Person, carol: Person, share: Share, team_of: TeamOf
) -> None:
    team = team_of(bob)
    plugin = share("reviews", {"teamId": team, "role": "editor"}, {"memberId": bob.id, "role": "manager"})

    answers = [api_as(one).get(f"/teams/{team}/access") for one in (alice, bob)]
    refused = api_as(carol).get(f"/teams/{team}/access")

    assert [[(one.id, one.role) for one in answer.items] for answer in answers] == [[(plugin, "editor")]] * 2
    assert (refused.status, refused.code) == (403, "missing_capability")


def test_access_costs_the_same_however_much_there_is(
    depot: Services,
    api_as: ApiAs,
    bob: Person,
    share: Share,
    market: Callable[..., str],
    team_of: TeamOf,
    calls: Calls,
) -> None:
    teams = [team_of(bob, name=f"Team {number}") for number in range(3)]
    plugin = share("reviews", {"orgWide": True, "role": "viewer"}, {"teamId": teams[0], "role": "viewer"})
    market([plugin], {"orgWide": True, "role": "viewer"})
    Crowd(depot, bob.org_id).plugins_like(plugin)(120)
    api_as(bob).get("/me/access?limit=50")

    with calls.counting() as cost:
        answer = api_as(bob).get("/me/access?limit=50")

    assert len(answer.items) == 50
    assert cost.dynamodb <= 9
    assert cost.depth <= 4
