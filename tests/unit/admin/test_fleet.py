"""Who has what installed: counts by content, and the clients behind them, for owners and admins."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from tests.fixtures.calls import Calls
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.crowd import Crowd

OLD, NEW = ("sha256:" + letter * 64 for letter in "ab")
CLIENTS = [f"cli_01m83cm181mw5y2cd4zh3yt3t{letter}" for letter in "abcd"]
ITEM = {"configObjectId": "cfg_01m83cm181mw5y2cd4zh3yt3tz", "digest": OLD}
DRIFTED = {**ITEM, "drift": "missing"}


@pytest.fixture
def report(api_as: ApiAs) -> Callable[..., None]:
    """A client of somebody's says that it has a plugin in this content."""

    def put(person: Person, client: str, plugin_id: str, digest: str, kind: str = "depot", **more: Any) -> None:
        installed = [{"pluginId": plugin_id, "digest": digest, **more}]
        answer = api_as(person, delivery).send(
            "PUT", f"/delivery/clients/{client}/state", {"kind": kind, "installed": installed}
        )
        assert answer.status == 200, answer.body

    return put


Report = Callable[..., None]


@pytest.fixture
def four(report: Report, alice: Person, bob: Person, carol: Person, plugin_id: str) -> list[str]:
    """Alice, Bob and Carol have the plugin, Bob twice; one of Bob's has drifted."""
    report(alice, CLIENTS[0], plugin_id, NEW, version="1.1.0")
    report(bob, CLIENTS[1], plugin_id, OLD, items=[DRIFTED], version="1.0.0")
    report(bob, CLIENTS[2], plugin_id, NEW, kind="claude-code")
    report(carol, CLIENTS[3], plugin_id, NEW, items=[ITEM])
    return CLIENTS


def test_clients_are_counted_by_what_they_have(api_as: ApiAs, alice: Person, plugin_id: str, four: list[str]) -> None:
    found = api_as(alice).get(f"/plugins/{plugin_id}/installs").json["items"]

    assert found == [
        {
            "digest": OLD, "version": "1.0.0", "current": False, "clients": 1, "members": 1, "drifted": 1,
            "kinds": [{"kind": "depot", "clients": 1}],
        },
        {
            "digest": NEW, "version": "1.1.0", "current": False, "clients": 3, "members": 3, "drifted": 0,
            "kinds": [{"kind": "claude-code", "clients": 1}, {"kind": "depot", "clients": 2}],
        },
    ]  # fmt: skip


def test_counts_follow_an_update_a_repair_and_a_removal(
    api_as: ApiAs, report: Report, alice: Person, bob: Person, plugin_id: str, four: list[str]
) -> None:
    def counts() -> dict[str, tuple[int, int]]:
        found = api_as(alice).get(f"/plugins/{plugin_id}/installs").items
        return {one.digest[-1]: (one.clients, one.drifted) for one in found}

    report(bob, four[1], plugin_id, OLD, items=[ITEM])
    repaired = counts()
    report(bob, four[1], plugin_id, NEW, items=[ITEM])
    updated = counts()
    nothing: dict[str, Any] = {"kind": "depot", "installed": []}
    api_as(bob, delivery).send("PUT", f"/delivery/clients/{four[1]}/state", nothing)

    assert (repaired, updated, counts()) == ({"a": (1, 0), "b": (3, 0)}, {"b": (4, 0)}, {"b": (3, 0)})


def test_a_member_counts_once_however_many_of_their_clients_there_are(
    api_as: ApiAs, report: Report, alice: Person, bob: Person, plugin_id: str
) -> None:
    def members() -> dict[str, tuple[int, int]]:
        found = api_as(alice).get(f"/plugins/{plugin_id}/installs").items
        return {one.digest[-1]: (one.clients, one.members) for one in found}

    for client in CLIENTS[:3]:
        report(bob, client, plugin_id, OLD)
    all_old = members()
    report(bob, CLIENTS[0], plugin_id, NEW)
    report(alice, CLIENTS[0], plugin_id, NEW)
    mixed = members()
    for client in CLIENTS[1:3]:
        report(bob, client, plugin_id, NEW)

    assert (all_old, mixed, members()) == ({"a": (3, 1)}, {"a": (2, 1), "b": (2, 2)}, {"b": (4, 2)})


def test_what_is_delivered_now_is_marked(
    api_as: ApiAs, report: Report, alice: Person, bob: Person, plugin_id: str
) -> None:
    current = api_as(alice, delivery).get(f"/delivery/plugins/{plugin_id}").item.digest
    report(bob, CLIENTS[0], plugin_id, current)

    [one] = api_as(alice).get(f"/plugins/{plugin_id}/installs").items

    assert (one.digest, one.current) == (current, True)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "abcd"),
        ("?kind=claude-code", "c"),
        ("?drifted=true", "b"),
        ("?drifted=false", "acd"),
        ("?memberId={bob}", "bc"),
        ("?pluginId={plugin}", "abcd"),
        ("?pluginId={plugin}&digest=" + NEW, "acd"),
        ("?pluginId={plugin}&digest=" + NEW + "&memberId={bob}", "c"),
        ("?pluginId={plugin}&drifted=true", "b"),
        ("?pluginId=plg_01m83cm181mw5y2cd4zh3yt3tz", ""),
    ],
)
def test_the_fleet_is_listed_by_what_is_asked(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, four: list[str], query: str, expected: str
) -> None:
    found = api_as(alice).get("/clients" + query.format(bob=bob.id, plugin=plugin_id)).items

    assert "".join(one.id[-1] for one in found) == expected


def test_a_client_is_shown_with_whose_it_is_and_how_far_it_has_drifted(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, four: list[str]
) -> None:
    [found] = api_as(alice).get(f"/clients?pluginId={plugin_id}&drifted=true").json["items"]

    assert (found["memberId"], found["tokenId"], found["kind"]) == (bob.id, None, "depot")
    assert (found["pluginCount"], found["drifted"]) == (1, 1)
    assert found["plugin"] == {
        "pluginId": plugin_id, "digest": OLD, "version": "1.0.0", "releaseId": None, "drifted": 1,
    }  # fmt: skip


def test_pages_follow_one_another_whatever_the_filter(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, four: list[str]
) -> None:
    for query in ("", f"&pluginId={plugin_id}", f"&pluginId={plugin_id}&drifted=false"):
        seen, cursor = "", cast("str | None", "")
        while cursor is not None:
            page = api_as(alice).get(f"/clients?limit=1{query}{cursor and f'&cursor={cursor}'}").json
            seen, cursor = seen + "".join(one["id"][-1] for one in page["items"]), page["nextCursor"]

        assert seen == ("acd" if "drifted" in query else "abcd")


def test_only_owners_and_admins_see_the_fleet(
    api_as: ApiAs, alice: Person, bob: Person, mallory: Person, plugin_id: str, four: list[str]
) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "manager"})

    refused = [api_as(bob).get(path) for path in ("/clients", f"/plugins/{plugin_id}/installs")]
    foreign = [api_as(mallory).get("/clients").items, api_as(mallory).get(f"/plugins/{plugin_id}/installs").status]

    assert [(one.status, one.code) for one in refused] == [(403, "missing_capability")] * 2
    assert foreign == [[], 404]


def test_a_digest_needs_its_plugin(api_as: ApiAs, alice: Person) -> None:
    answer = api_as(alice).get(f"/clients?digest={OLD}")

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "digest")


@pytest.mark.parametrize("size", [50, 5_000])
def test_a_fleet_costs_the_same_at_every_size(
    calls: Calls, depot: Services, api_as: ApiAs, report: Report, alice: Person, bob: Person, plugin_id: str, size: int
) -> None:
    report(bob, CLIENTS[0], plugin_id, OLD, items=[DRIFTED])
    crowd = Crowd(depot, alice.org_id)
    crowd.clients_like(bob.id, CLIENTS[0], plugin_id)(size)
    crowd.adoptions_like(plugin_id, OLD)(size)
    api = api_as(alice)
    api.get("/clients?limit=1")

    spent = {}
    for query in (
        "clients?",
        "clients?drifted=true&",
        f"clients?pluginId={plugin_id}&",
        f"plugins/{plugin_id}/installs?",
    ):
        with calls.counting() as cost:
            answer = api.get(f"/{query}limit=50")
        assert len(answer.items) == 50
        spent[query] = (cost.dynamodb, cost.depth)

    assert list(spent.values()) == [(3, 3), (3, 3), (3, 3), (3, 3)]
