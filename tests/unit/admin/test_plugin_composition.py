"""Creating a plugin with its components, marketplaces and grants in one request."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.bootstrap import Services
from tests.fixtures.calls import Calls
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import AGENT, skill
from tests.unit.admin.rows import filled, rows_of

EVERYTHING = 100


def named(number: int) -> dict[str, Any]:
    return skill(f"---\nname: skill-{number}\ndescription: Number {number}.\n---\n")


@pytest.fixture
def team_id(team_of: Callable[..., str], bob: Person) -> str:
    return team_of(bob)


@pytest.fixture
def whole(object_id: str, marketplace_id: str, team_id: str, carol: Person) -> dict[str, Any]:
    """A plugin with one of everything that it can be created with."""
    return {
        "name": "reviews",
        "deliveryMode": "released",
        "components": [{"configObjectId": object_id}, {"type": "agent", "input": {"rawSourceText": AGENT}}],
        "marketplaceIds": [marketplace_id],
        "grants": [{"teamId": team_id, "role": "editor"}, {"memberId": carol.id, "role": "viewer"}],
    }


def test_a_plugin_comes_with_all_that_was_named(
    api_as: ApiAs, alice: Person, bob: Person, carol: Person, whole: dict[str, Any], marketplace_id: str
) -> None:
    made = api_as(alice).post("/plugins", whole)

    path = f"/plugins/{made.item.id}"
    members = api_as(carol).get(f"{path}/config-objects").items
    assert (made.status, made.item.deliveryMode, made.item.marketplaceIds) == (201, "released", [marketplace_id])
    assert sorted((one.source, one.configObject["type"]) for one in members) == [("api", "agent"), ("api", "skill")]
    assert [one.pluginId for one in api_as(alice).get(f"/marketplaces/{marketplace_id}/plugins").items] == [
        made.item.id
    ]
    assert api_as(bob).patch(path, {"description": "Mine, too."}).status == 200
    assert api_as(carol).patch(path, {"description": "Mine?"}).code == "missing_role"
    assert {one.role for one in api_as(alice).get(f"{path}/access").items} == {"manager", "editor", "viewer"}
    assert api_as(alice).get(path).item == api_as(alice).get("/plugins").items[0]


@pytest.mark.usefixtures("quick_moto")
def test_as_much_as_may_be_comes_at_once(
    depot: Services, calls: Calls, api_as: ApiAs, alice: Person, bob: Person
) -> None:
    """Four hundred rows: more than a transaction holds."""
    api = api_as(alice)
    body = {
        "name": "everything",
        "components": [named(number) for number in range(EVERYTHING)],
        "grants": [{"orgWide": True, "role": "viewer"}],
    }

    with calls.counting() as cost:
        made = api.post("/plugins", body)

    inside = api_as(bob).get(f"/plugins/{made.item.id}/resolved?limit=100").items
    assert (made.status, len(inside)) == (201, EVERYTHING)
    assert len(api.get("/config-objects?limit=100").items) == EVERYTHING
    assert len(api.get("/me/access?kind=config_object&limit=100").items) == EVERYTHING
    assert api.post(f"/config-objects/{inside[0].configObjectId}/archive").status == 200
    assert len(depot.object_rows.list_unindexed(alice.org_id, None, 200).items) == EVERYTHING
    assert cost.operations["dynamodb.TransactWriteItems"] == 9  # 5 stages, the last, 3 for lists


def test_repeating_it_under_its_key_gives_the_first_answer(api_as: ApiAs, alice: Person, whole: dict[str, Any]) -> None:
    api = api_as(alice)

    first, second = (api.post("/plugins", whole, idempotency_key="once") for _ in range(2))

    assert (second.status, second.item) == (201, first.item)
    assert len(api.get("/plugins").items) == 1


def test_naming_a_part_twice_is_naming_it_once(
    api_as: ApiAs, alice: Person, object_id: str, marketplace_id: str
) -> None:
    twice = {"components": [{"configObjectId": object_id}] * 2, "marketplaceIds": [marketplace_id] * 2}

    made = api_as(alice).post("/plugins", {"name": "reviews", **twice})

    assert len(api_as(alice).get(f"/plugins/{made.item.id}/config-objects").items) == 1
    assert made.item.marketplaceIds == [marketplace_id]


REFUSED: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "an object of another's": ({"components": [{"configObjectId": "{hidden}"}]}, 404, "not_found", "cfg_"),
    "an object shown by a plugin": ({"components": [{"configObjectId": "{shown}"}]}, 403, "missing_role", "cfg_"),
    "a marketplace of another's": ({"marketplaceIds": ["{marketplace}"]}, 404, "not_found", "mkt_"),
    "a marketplace to look at": ({"marketplaceIds": ["{open}"]}, 403, "missing_role", "mkt_"),
    "sharing with everybody": ({"grants": [{"orgWide": True, "role": "viewer"}]}, 403, "missing_capability", "rbac"),
    "an unknown team": (
        {"grants": [{"teamId": "team_01m83cm181mw5y2cd4zh3yt3tz", "role": "viewer"}]}, 404, "not_found", "team_",
    ),
    "a stranger": ({"grants": [{"memberId": "{stranger}", "role": "viewer"}]}, 404, "not_found", "mem_"),
    "a lesser role for oneself": (
        {"grants": [{"memberId": "{bob}", "role": "viewer"}]}, 400, "invalid", "grants.0",
    ),
    "two grants for one": (
        {"grants": [{"memberId": "{carol}", "role": each} for each in ("viewer", "editor")]},
        400, "invalid", "grants.1",
    ),
    "nobody to share with": ({"grants": [{"role": "viewer"}]}, 400, "invalid", "grants.0.memberId"),
    "a component that is nothing": ({"components": [{}]}, 400, "invalid", "components.0"),
    "a component that is two": (
        {"components": [{"configObjectId": "{own}", **skill()}]}, 400, "invalid", "components.0",
    ),
    "content that no client loads": (
        {"components": [skill(), {"type": "mcp", "input": {"rawSourceText": "{"}}]}, 400, "invalid",
        "components.1.input.rawSourceText",
    ),
    "broken base64": (
        {"components": [{"type": "skill", "input": {"rawSourceText": "# a", "files": [
            {"path": "a", "content": "%", "encoding": "base64"}]}}]}, 400, "invalid",
        "components.0.input.files.0.content",
    ),
    "too many": ({"components": [skill()] * 101}, 400, "invalid", "components"),
    "a connector's object": (
        {"components": [skill(sourceMode="connector")]}, 400, "invalid", "components.0.sourceMode",
    ),
}  # fmt: skip


@pytest.fixture
def names(
    api_as: ApiAs, alice: Person, bob: Person, carol: Person, mallory: Person, object_id: str, marketplace_id: str
) -> dict[str, str]:
    """Ids that Bob may name, for better or worse."""
    api = api_as(alice)
    showing = api.post("/plugins", {"name": "showing", "grants": [{"memberId": bob.id, "role": "viewer"}]}).item.id
    opened = api.post("/marketplaces", {"name": "open"}).item.id
    api.post(f"/marketplaces/{opened}/access", {"orgWide": True, "role": "viewer"})
    return {
        "hidden": object_id,
        "shown": api.post("/config-objects", named(1) | {"pluginIds": [showing]}).item.id,
        "own": api_as(bob).post("/config-objects", skill()).item.id,
        "marketplace": marketplace_id,
        "open": opened,
        "stranger": mallory.id,
        "bob": bob.id,
        "carol": carol.id,
    }


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_part_refuses_the_whole_and_is_named(
    depot: Services, api_as: ApiAs, bob: Person, names: dict[str, str], case: str
) -> None:
    parts, status, code, place = REFUSED[case]
    good = [{"configObjectId": names["own"]}]
    body = {"name": "reviews", **filled(parts, names)}
    body["components"] = [*body.get("components", ()), *good][:101]
    before = rows_of(depot)

    answer = api_as(bob).post("/plugins", body)

    assert (answer.status, answer.code) == (status, code)
    assert place in str([answer.json["detail"], answer.json["errors"]])
    assert rows_of(depot) == before


def test_who_may_create_no_objects_composes_of_those_there_are(
    api_as: ApiAs, alice: Person, bob: Person, names: dict[str, str]
) -> None:
    api_as(alice).patch("", {"settings": {"capabilities": {"config_object.create": "admin"}}})

    new = api_as(bob).post("/plugins", {"name": "new", "components": [named(1)]})
    old = api_as(bob).post("/plugins", {"name": "old", "components": [{"configObjectId": names["own"]}]})

    assert (new.code, old.status) == ("missing_capability", 201)


def test_a_taken_name_is_refused_before_anything_is_done(
    depot: Services, api_as: ApiAs, alice: Person, plugin_id: str, object_id: str
) -> None:
    before = rows_of(depot)

    answer = api_as(alice).post("/plugins", {"name": "Reviews", "components": [named(1)]})

    assert (answer.status, answer.code) == (409, "name_taken")
    assert plugin_id in answer.json["detail"]
    assert rows_of(depot) == before
