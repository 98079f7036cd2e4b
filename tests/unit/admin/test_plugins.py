"""Plugins and what belongs to them, through the admin API."""

import pytest

from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import skill


def test_a_plugin_without_a_grant_is_not_found(api_as: ApiAs, alice: Person, bob: Person) -> None:
    created = api_as(alice).post("/plugins", {"name": "reviews"}).item

    answer = api_as(bob).get(f"/plugins/{created.id}")

    assert answer.status == 404


def test_a_name_is_taken_once_per_creator(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> None:
    again = api_as(alice).post("/plugins", {"name": "reviews"})
    others = api_as(bob).post("/plugins", {"name": "reviews"})

    assert (again.status, again.code, others.status) == (409, "name_taken", 201)
    assert plugin_id in again.json["detail"]


@pytest.mark.parametrize("name", ["npm", "claudeai-x", "-x", "a b", "ümlaut", "agent-skills"])
def test_a_name_that_the_clients_refuse_is_refused(api_as: ApiAs, alice: Person, name: str) -> None:
    answer = api_as(alice).post("/plugins", {"name": name})

    assert (answer.status, [one["path"] for one in answer.json["errors"]]) == (400, ["name"])


def test_a_change_leaves_what_it_does_not_name(api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    api_as(alice).patch(f"/plugins/{plugin_id}", {"description": "Reviews"})

    changed = api_as(alice).patch(f"/plugins/{plugin_id}", {"deliveryMode": "released"})

    assert (changed.item.description, changed.item.deliveryMode) == ("Reviews", "released")
    assert changed.item == api_as(alice).get(f"/plugins/{plugin_id}").item


def test_a_change_of_nothing_changes_nothing(api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    before = api_as(alice).get(f"/plugins/{plugin_id}")

    answer = api_as(alice).patch(f"/plugins/{plugin_id}", {})

    assert (answer.status, answer.item) == (200, before.item)
    assert answer.headers["etag"] == before.headers["etag"]


def test_a_change_of_an_older_state_is_stale(api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    seen = api_as(alice).get(f"/plugins/{plugin_id}").headers["etag"]

    first = api_as(alice).patch(f"/plugins/{plugin_id}", {"description": "one"}, if_match=seen)
    second = api_as(alice).patch(f"/plugins/{plugin_id}", {"description": "two"}, if_match=seen)

    assert (first.status, second.status) == (200, 412)
    assert first.headers["etag"] == api_as(alice).get(f"/plugins/{plugin_id}").headers["etag"]


def test_only_editors_change_a_plugin(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})

    answer = api_as(bob).patch(f"/plugins/{plugin_id}", {"description": "mine"})

    assert (answer.status, answer.code) == (403, "missing_role")


def test_a_member_is_added_once(api_as: ApiAs, alice: Person, plugin_id: str, object_id: str) -> None:
    body = {"configObjectId": object_id}
    answers = [api_as(alice).post(f"/plugins/{plugin_id}/config-objects", body) for _ in range(2)]

    members = api_as(alice).get(f"/plugins/{plugin_id}/config-objects").items

    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].item == answers[1].item
    assert [(one.configObjectId, one.configObject["title"]) for one in members] == [(object_id, "deploy")]


def test_a_removed_member_is_no_longer_listed(api_as: ApiAs, alice: Person, plugin_id: str, object_id: str) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/config-objects", {"configObjectId": object_id})

    removed = [api_as(alice).delete(f"/plugins/{plugin_id}/config-objects/{object_id}") for _ in range(2)]

    assert [answer.status for answer in removed] == [200, 200]
    assert removed[0].item.removedAt == removed[1].item.removedAt is not None
    assert api_as(alice).get(f"/plugins/{plugin_id}/config-objects").items == []


def test_what_is_only_shown_through_a_plugin_may_not_be_published_further(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, object_id: str
) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/config-objects", {"configObjectId": object_id})
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})
    own = api_as(bob).post("/plugins", {"name": "copies"}).item.id

    answer = api_as(bob).post(f"/plugins/{own}/config-objects", {"configObjectId": object_id})

    assert (answer.status, answer.code) == (403, "missing_role")


def test_resolved_members_come_with_their_head_versions(api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    made = [api_as(alice).post("/config-objects", skill(pluginIds=[plugin_id])).item for _ in range(3)]

    first = api_as(alice).get(f"/plugins/{plugin_id}/resolved?limit=2")
    rest = api_as(alice).get(f"/plugins/{plugin_id}/resolved?cursor={first.json['nextCursor']}")

    members = [*first.items, *rest.items]
    assert [(one.configObjectId, one.versionId) for one in members] == [(one.id, one.headVersionId) for one in made]
    assert [file["path"] for file in members[0].files] == ["SKILL.md"]


def test_a_list_holds_what_the_caller_may_see(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> None:
    own = api_as(bob).post("/plugins", {"name": "own"}).item.id

    assert [one.id for one in api_as(bob).get("/plugins").items] == [own]
    assert [one.id for one in api_as(alice).get("/plugins").items] == [plugin_id, own]
