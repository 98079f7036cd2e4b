"""Many config objects in one request."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.bootstrap import Services, utc_now
from shared.repositories import keys
from shared.services.mint import Mint
from tests.fixtures.calls import Calls
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import SKILL, skill

BULK = "/config-objects/bulk"

# Items are written side by side, and the table in memory answers one request at a time.
pytestmark = pytest.mark.usefixtures("quick_moto")


def named(number: int, **more: Any) -> dict[str, Any]:
    return skill(SKILL.replace("deploy", f"deploy-{number}", 1), **more)


def test_a_hundred_objects_are_created_at_once(api_as: ApiAs, alice: Person) -> None:
    answer = api_as(alice).post(BULK, {"items": [named(number) for number in range(100)]})

    results = answer.json["items"]
    assert answer.status == 201
    assert [(one["index"], one["status"], one["item"]["title"]) for one in results] == [
        (number, 201, f"deploy-{number}") for number in range(100)
    ]
    assert len(api_as(alice).get("/config-objects?limit=100").items) == 100


def test_a_wrong_item_keeps_none_of_the_others_back(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> None:
    items = [
        skill(),
        skill(colour="red"),
        skill(sourceMode="connector"),
        skill(pluginIds=[plugin_id]),
        {"type": "poem", "input": {"rawSourceText": "x"}},
        skill(input={"rawSourceText": SKILL, "files": [{"path": "a", "content": "%", "encoding": "base64"}]}),
        skill(SKILL + "x" * 1024 * 1024),
        "nothing",
    ]

    answer = api_as(bob).post(BULK, {"items": items})

    results = answer.json["items"]
    assert answer.status == 207
    assert [one["status"] for one in results] == [201, 400, 400, 404, 400, 400, 413, 400]
    assert results[1]["error"]["errors"] == [{"path": "colour", "message": "is not a known field"}]
    assert results[5]["error"]["errors"][0]["path"] == "input.files.0.content"
    assert len(api_as(bob).get("/config-objects").items) == 1


def test_every_item_joins_its_plugins(api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    answer = api_as(alice).post(BULK, {"items": [named(number, pluginIds=[plugin_id]) for number in range(12)]})

    members = api_as(alice).get(f"/plugins/{plugin_id}/config-objects").items
    assert answer.status == 201
    assert {one.configObjectId for one in members} == {one["item"]["id"] for one in answer.json["items"]}


def test_a_bulk_request_is_repeated_as_a_whole(api_as: ApiAs, alice: Person) -> None:
    body = {"items": [named(1), skill(colour="red")]}
    first = api_as(alice).post(BULK, body, idempotency_key="nightly")

    again = api_as(alice).post(BULK, body, idempotency_key="nightly")
    other = api_as(alice).post(BULK, {"items": [named(2)]}, idempotency_key="nightly")

    assert (again.status, again.json) == (207, first.json)
    assert (other.status, len(api_as(alice).get("/config-objects").items)) == (422, 1)


@pytest.mark.parametrize(
    ("items", "status"),
    [
        ([], 400),
        ([skill()] * 101, 400),
        ([skill(input={"rawSourceText": SKILL, "files": [{"path": f"f{n}", "content": ""} for n in range(1_000)]})] * 2,
         413),
    ],
    ids=["none", "too many", "too many files"],
)  # fmt: skip
def test_a_request_beyond_the_limits_creates_nothing(
    api_as: ApiAs, alice: Person, items: list[Any], status: int
) -> None:
    assert api_as(alice).post(BULK, {"items": items}).status == status
    assert api_as(alice).get("/config-objects").items == []


def test_who_may_not_create_is_refused_once(depot: Services, api_as: ApiAs, alice: Person, bob: Person) -> None:
    with depot.begin() as work:
        work.update(keys.organization(alice.org_id), assign={"settings": {"config_object.create": "admin"}})

    answer = api_as(bob).post(BULK, {"items": [skill()]})

    assert (answer.status, answer.code) == (403, "missing_capability")


def test_what_is_not_reached_in_time_is_told(depot: Services, api_as: ApiAs, alice: Person) -> None:
    readings = iter(range(10_000))

    def now() -> datetime:
        return utc_now() + timedelta(seconds=4 * next(readings))

    slow = depot.bulk_creation
    object.__setattr__(slow, "mint", Mint(now, depot.mint.random_bits))

    answer = api_as(alice).post(BULK, {"items": [named(number) for number in range(3)]})

    assert answer.status == 207
    assert {one["status"] for one in answer.json["items"]} == {201, 503}
    created = [one for one in answer.json["items"] if one["status"] == 201]
    assert len(api_as(alice).get("/config-objects").items) == len(created)


@pytest.mark.parametrize("count", [2, 40])
def test_a_bulk_request_costs_one_transaction_and_two_blobs_per_item(
    api_as: ApiAs, bob: Person, alice: Person, plugin_id: str, calls: Calls, count: int
) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "editor"})
    api_as(bob).get("/plugins")

    with calls.counting() as cost:
        api_as(bob).post(BULK, {"items": [named(number, pluginIds=[plugin_id]) for number in range(count)]})

    assert cost.operations["dynamodb.TransactWriteItems"] == count
    assert cost.of("s3") == 2 * count
    assert cost.dynamodb - count <= 4
