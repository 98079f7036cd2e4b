"""Objects that are put aside, and brought back."""

import pytest

from functions.delivery.handler import handler as delivery
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import SKILL, skill


@pytest.fixture
def delivered_id(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> str:
    """A skill of Alice's in a plugin that Bob may view; Bob has a grant of his own on it, too."""
    object_id = str(api_as(alice).post("/config-objects", skill(pluginIds=[plugin_id])).item.id)
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})
    return object_id


def manifest(api_as: ApiAs, person: Person, plugin_id: str) -> list[str]:
    answer = api_as(person, delivery).get(f"/delivery/plugins/{plugin_id}/manifest")
    return [one["configObjectId"] for one in answer.json["item"]["items"]]


@pytest.mark.parametrize(("verb", "status"), [("archive", "archived"), ("delete", "deleted")])
def test_what_is_put_aside_leaves_delivery_at_once(
    api_as: ApiAs, alice: Person, bob: Person, delivered_id: str, plugin_id: str, verb: str, status: str
) -> None:
    assert manifest(api_as, bob, plugin_id) == [delivered_id]

    answer = api_as(alice).post(f"/config-objects/{delivered_id}/{verb}")

    assert (answer.status, answer.item.status) == (200, status)
    assert manifest(api_as, bob, plugin_id) == []


@pytest.mark.parametrize("verb", ["archive", "delete"])
def test_restoring_brings_all_of_it_back(
    api_as: ApiAs, alice: Person, bob: Person, delivered_id: str, plugin_id: str, verb: str
) -> None:
    before = api_as(alice).get(f"/config-objects/{delivered_id}").item
    api_as(alice).post(f"/config-objects/{delivered_id}/{verb}")

    restored = api_as(alice).post(f"/config-objects/{delivered_id}/restore").item

    assert (restored.status, restored.deletedAt) == ("active", None)
    assert (restored.pluginIds, restored.headDigest) == (before.pluginIds, before.headDigest)
    assert manifest(api_as, bob, plugin_id) == [delivered_id]


@pytest.mark.parametrize("verb", ["archive", "delete", "restore"])
def test_doing_it_again_changes_nothing(api_as: ApiAs, alice: Person, object_id: str, verb: str) -> None:
    first = api_as(alice).post(f"/config-objects/{object_id}/{verb}")

    again = api_as(alice).post(f"/config-objects/{object_id}/{verb}")

    assert (again.status, again.item, again.headers["etag"]) == (200, first.item, first.headers["etag"])


def test_the_history_tells_of_a_deletion_and_of_the_way_back(api_as: ApiAs, alice: Person, object_id: str) -> None:
    api_as(alice).post(f"/config-objects/{object_id}/delete")
    api_as(alice).post(f"/config-objects/{object_id}/restore")

    history = api_as(alice).get(f"/config-objects/{object_id}/versions").items

    assert [(one.isDeletion, one.reason) for one in history] == [(False, "restored"), (True, None), (False, None)]
    assert history[0].digest == history[2].digest
    assert api_as(alice).get(f"/config-objects/{object_id}/versions/latest").item.rawSourceText == SKILL


def test_an_archived_object_takes_versions_and_stays_archived(api_as: ApiAs, alice: Person, object_id: str) -> None:
    api_as(alice).post(f"/config-objects/{object_id}/archive")

    written = api_as(alice).post(f"/config-objects/{object_id}/versions", {"input": {"rawSourceText": f"{SKILL}More."}})

    entity = api_as(alice).get(f"/config-objects/{object_id}").item
    assert (written.status, entity.status, entity.headVersionId) == (201, "archived", written.item.id)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/versions", {"input": {"rawSourceText": f"{SKILL}More."}}),
        ("PATCH", "", {"description": "Mine."}),
        ("POST", "/archive", None),
    ],
)
def test_a_deleted_object_is_restored_before_anything_else(
    api_as: ApiAs, alice: Person, object_id: str, method: str, path: str, body: object
) -> None:
    api_as(alice).post(f"/config-objects/{object_id}/delete")

    answer = api_as(alice).send(method, f"/config-objects/{object_id}{path}", body)

    assert (answer.status, answer.code) == (409, "conflict")
    assert "restore it first" in answer.json["detail"]


@pytest.mark.parametrize("verb", ["archive", "delete", "restore"])
@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 403), ("editor", 403), ("manager", 200)])
def test_it_takes_a_manager(
    api_as: ApiAs, alice: Person, bob: Person, object_id: str, role: str | None, status: int, verb: str
) -> None:
    if role:
        api_as(alice).post(f"/config-objects/{object_id}/access", {"memberId": bob.id, "role": role})

    assert api_as(bob).post(f"/config-objects/{object_id}/{verb}").status == status
