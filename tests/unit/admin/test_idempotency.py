"""`Idempotency-Key`: the same creation twice is one creation."""

import pytest

from shared.bootstrap import Services
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import skill

KEY = "5f0c6d1e-build-4711"


def test_a_repeated_creation_is_answered_as_the_first(api_as: ApiAs, alice: Person) -> None:
    first, again = (api_as(alice).post("/config-objects", skill(), idempotency_key=KEY) for _ in range(2))

    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    assert again.headers["location"] == first.headers["location"]
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    assert len(api_as(alice).get("/config-objects").items) == 1


def test_a_key_is_good_for_one_request(api_as: ApiAs, alice: Person) -> None:
    api_as(alice).post("/plugins", {"name": "one"}, idempotency_key=KEY)

    other_body = api_as(alice).post("/plugins", {"name": "two"}, idempotency_key=KEY)
    other_path = api_as(alice).post("/config-objects", skill(), idempotency_key=KEY)

    assert {(one.status, one.code) for one in (other_body, other_path)} == {(422, "idempotency_mismatch")}


def test_a_key_belongs_to_who_used_it(api_as: ApiAs, alice: Person, bob: Person) -> None:
    made = [api_as(one).post("/plugins", {"name": "one"}, idempotency_key=KEY) for one in (alice, bob)]

    assert [answer.status for answer in made] == [201, 201]
    assert made[0].item.id != made[1].item.id


def test_a_duplicate_that_comes_meanwhile_is_told_to_wait(
    depot: Services, api_as: ApiAs, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = api_as(alice)
    composition = depot.plugin_composition
    meanwhile = []

    def create_slowly(*arguments: object) -> object:
        monkeypatch.setitem(depot.__dict__, "plugin_composition", composition)
        meanwhile.append(api.post("/plugins", {"name": "one"}, idempotency_key=KEY))
        return composition.create(*arguments)  # type: ignore[arg-type]  # handed on as they came

    slow = type("Slow", (), {"create": staticmethod(create_slowly)})
    monkeypatch.setitem(depot.__dict__, "plugin_composition", slow)
    first = api.post("/plugins", {"name": "one"}, idempotency_key=KEY)

    assert (first.status, meanwhile[0].status, meanwhile[0].code) == (201, 409, "request_in_progress")


def test_a_refusal_leaves_the_key_free(api_as: ApiAs, alice: Person) -> None:
    api_as(alice).post("/plugins", {"name": "taken"})

    refused = [api_as(alice).post("/plugins", {"name": name}, idempotency_key=KEY) for name in ("npm", "taken")]
    done = api_as(alice).post("/plugins", {"name": "free"}, idempotency_key=KEY)

    assert [answer.status for answer in refused] == [400, 409]
    assert done.status == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "ümlaut"])
def test_a_key_is_a_plain_word(api_as: ApiAs, alice: Person, key: str) -> None:
    answer = api_as(alice).post("/plugins", {"name": "one"}, idempotency_key=key)

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "Idempotency-Key")


def test_a_resync_that_is_sent_again_is_one_run(api_as: ApiAs, alice: Person, target_id: str) -> None:
    path = f"/connector-targets/{target_id}/resync"

    first, again = (api_as(alice).post(path, idempotency_key=KEY) for _ in range(2))

    assert first.json == again.json
    assert len(api_as(alice).get("/connector-sync-events").items) == 1


def test_a_bulk_that_is_sent_again_gives_each_item_the_answer_it_had(
    api_as: ApiAs, alice: Person, marketplace_id: str, plugin_id: str
) -> None:
    path, api = f"/marketplaces/{marketplace_id}/plugins", api_as(alice)
    body = {"items": [{"pluginId": plugin_id}, {"pluginId": "plg_00000000000000000000000000"}]}
    first = api.post(f"{path}/bulk", body, idempotency_key=KEY)
    api.delete(f"{path}/{plugin_id}")

    again = api.post(f"{path}/bulk", body, idempotency_key=KEY)

    assert (first.status, again.status, again.headers["idempotent-replayed"]) == (207, 207, "true")
    assert [one["status"] for one in again.json["items"]] == [201, 404]
    assert again.json == first.json
    assert api.get(path).items == []
