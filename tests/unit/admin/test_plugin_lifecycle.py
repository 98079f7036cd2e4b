"""Plugins are put aside, deleted and brought back, and take their members in bulk, through the admin API."""

import pytest

from functions.delivery.handler import handler as delivery
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import skill


@pytest.mark.parametrize(("verb", "status"), [("archive", "archived"), ("delete", "deleted")])
def test_what_is_put_aside_is_delivered_to_nobody_until_it_is_restored(
    api_as: ApiAs, alice: Person, plugin_id: str, verb: str, status: str
) -> None:
    path = f"/delivery/plugins/{plugin_id}"
    statuses = [api_as(alice, delivery).get(path).status]

    moved = [api_as(alice).post(f"/plugins/{plugin_id}/{verb}") for _ in range(2)]
    statuses.append(api_as(alice, delivery).get(path).status)
    back = [api_as(alice).post(f"/plugins/{plugin_id}/restore") for _ in range(2)]
    statuses.append(api_as(alice, delivery).get(path).status)

    assert statuses == [200, 404, 200]
    assert moved[0].item == moved[1].item
    assert (moved[0].item.status, back[1].item.status, back[1].item.deletedAt) == (status, "active", None)
    assert moved[1].headers["etag"] == moved[0].headers["etag"]


def test_a_restored_plugin_has_its_members_and_grants(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, object_id: str
) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/config-objects", {"configObjectId": object_id})
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})
    seen = [api_as(bob).get(f"/config-objects/{object_id}").status]
    api_as(alice).post(f"/plugins/{plugin_id}/delete")
    seen.append(api_as(bob).get(f"/config-objects/{object_id}").status)

    api_as(alice).post(f"/plugins/{plugin_id}/restore")

    seen.append(api_as(bob).get(f"/config-objects/{object_id}").status)
    assert seen == [200, 404, 200]
    assert [one.configObjectId for one in api_as(alice).get(f"/plugins/{plugin_id}/resolved").items] == [object_id]


@pytest.mark.parametrize("verb", ["archive", "delete"])
def test_a_name_is_free_while_its_plugin_is_put_aside(api_as: ApiAs, alice: Person, plugin_id: str, verb: str) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/{verb}")
    heir = api_as(alice).post("/plugins", {"name": "reviews"})

    refused = api_as(alice).post(f"/plugins/{plugin_id}/restore")

    assert (heir.status, refused.status, refused.code) == (201, 409, "name_taken")
    assert heir.item.id in refused.json["detail"]
    assert api_as(alice).post("/plugins", {"name": "reviews"}).status == 409


def test_a_deleted_plugin_is_in_no_list_and_takes_no_changes(
    api_as: ApiAs, alice: Person, plugin_id: str, object_id: str
) -> None:
    api = api_as(alice)
    api.post(f"/plugins/{plugin_id}/delete")

    refusals = [
        api.patch(f"/plugins/{plugin_id}", {"description": "late"}),
        api.post(f"/plugins/{plugin_id}/config-objects", {"configObjectId": object_id}),
        api.post(f"/plugins/{plugin_id}/config-objects/bulk", {"items": [{"configObjectId": object_id}]}),
        api.post(f"/plugins/{plugin_id}/archive"),
    ]

    assert api.get("/plugins").items == []
    assert [(one.status, one.code) for one in refusals] == [(409, "conflict")] * 4


@pytest.mark.parametrize("verb", ["archive", "delete", "restore"])
def test_editors_do_not_dispose_of_a_plugin(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, verb: str
) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "editor"})

    answer = api_as(bob).post(f"/plugins/{plugin_id}/{verb}")

    assert (answer.status, answer.code) == (403, "missing_role")


def test_a_name_does_not_change(api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    answer = api_as(alice).patch(f"/plugins/{plugin_id}", {"name": "other"})

    assert (answer.status, [one["path"] for one in answer.json["errors"]]) == (400, ["name"])


def test_every_item_of_a_bulk_gets_its_own_answer(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, object_id: str
) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "editor"})
    api_as(alice).post(f"/plugins/{plugin_id}/config-objects", {"configObjectId": object_id})
    own = api_as(bob).post("/config-objects", skill()).item.id
    unknown = own[:-1] + ("0" if own[-1] != "0" else "1")
    body = {"items": [{"configObjectId": each} for each in (own, object_id, unknown, own)]}

    answer = api_as(bob).post(f"/plugins/{plugin_id}/config-objects/bulk", body)

    results = answer.json["items"]
    assert answer.status == 207
    assert [(one["index"], one["status"]) for one in results] == [(0, 201), (1, 403), (2, 404), (3, 201)]
    assert [one["error"]["code"] for one in results[1:3]] == ["missing_role", "not_found"]
    assert results[0]["item"] == results[3]["item"]


def test_a_bulk_beyond_one_transaction_is_added_as_a_whole(api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    made = [api_as(alice).post("/config-objects", skill()).item.id for _ in range(60)]
    body = {"items": [{"configObjectId": each} for each in made]}

    answers = [api_as(alice).post(f"/plugins/{plugin_id}/config-objects/bulk", body) for _ in range(2)]

    assert [one.status for one in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert len(api_as(alice).get(f"/plugins/{plugin_id}/resolved?limit=100").items) == 60


def test_a_bulk_of_too_many_is_refused(api_as: ApiAs, alice: Person, plugin_id: str, object_id: str) -> None:
    body = {"items": [{"configObjectId": object_id}] * 101}

    answer = api_as(alice).post(f"/plugins/{plugin_id}/config-objects/bulk", body)

    assert (answer.status, [one["path"] for one in answer.json["errors"]]) == (400, ["items"])
