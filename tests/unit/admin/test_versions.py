"""Versions of config objects through the admin API."""

from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import SKILL

NEXT = {"input": {"rawSourceText": SKILL + "\nAnd again.\n"}, "reason": "again"}


def test_a_version_becomes_the_head(api_as: ApiAs, alice: Person, object_id: str) -> None:
    written = api_as(alice).post(f"/config-objects/{object_id}/versions", NEXT)

    head = api_as(alice).get(f"/config-objects/{object_id}").item.headVersionId
    assert (written.status, written.item.id, written.item.reason) == (201, head, "again")
    assert written.headers["location"].endswith(f"/versions/{head}")


def test_equal_content_makes_no_version(api_as: ApiAs, alice: Person, object_id: str) -> None:
    head = api_as(alice).get(f"/config-objects/{object_id}").item.headVersionId

    written = api_as(alice).post(f"/config-objects/{object_id}/versions", {"input": {"rawSourceText": SKILL}})

    assert (written.status, written.json["unchanged"], written.item.id) == (200, True, head)


def test_versions_are_listed_newest_first_without_content(api_as: ApiAs, alice: Person, object_id: str) -> None:
    newest = api_as(alice).post(f"/config-objects/{object_id}/versions", NEXT).item

    first, second = api_as(alice).get(f"/config-objects/{object_id}/versions").items

    assert first == newest
    assert first.id > second.id
    assert not hasattr(first, "rawSourceText")


def test_an_old_version_stays_as_it_was(api_as: ApiAs, alice: Person, object_id: str) -> None:
    first = api_as(alice).get(f"/config-objects/{object_id}/versions/latest").item
    api_as(alice).post(f"/config-objects/{object_id}/versions", NEXT)

    again = api_as(alice).get(f"/config-objects/{object_id}/versions/{first.id}").item

    assert again == first
    assert again.rawSourceText == SKILL


def test_a_version_upon_an_older_state_is_stale(api_as: ApiAs, alice: Person, object_id: str) -> None:
    seen = api_as(alice).get(f"/config-objects/{object_id}").headers["etag"]
    api_as(alice).post(f"/config-objects/{object_id}/versions", NEXT)

    other = {"input": {"rawSourceText": SKILL + "Something else."}}
    answer = api_as(alice).post(f"/config-objects/{object_id}/versions", other, if_match=seen)

    assert (answer.status, answer.code) == (412, "stale")


def test_an_entry_keeps_its_name_from_version_to_version(api_as: ApiAs, alice: Person) -> None:
    body = {"type": "command", "input": {"rawSourceText": "Ship it.", "fileName": "ops/ship.md"}}
    created = api_as(alice).post("/config-objects", body).item

    api_as(alice).post(f"/config-objects/{created.id}/versions", {"input": {"rawSourceText": "Ship it now."}})

    latest = api_as(alice).get(f"/config-objects/{created.id}/versions/latest").item
    assert latest.entryPath == "ops/ship.md"


def test_who_is_shown_an_object_through_a_plugin_may_not_change_it(
    api_as: ApiAs, alice: Person, bob: Person, object_id: str, plugin_id: str
) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/config-objects", {"configObjectId": object_id})
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "manager"})

    shown = api_as(bob).get(f"/config-objects/{object_id}")
    refused = api_as(bob).post(f"/config-objects/{object_id}/versions", NEXT)

    assert shown.status == 200
    assert (refused.status, refused.code) == (403, "missing_role")


def test_a_literal_secret_is_shown_to_editors_alone(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> None:
    server = (
        '{"mcpServers": {"db": {"command": "db", "env": {"API_TOKEN": "ghp_0123456789abcdefghijABCDEFGHIJ456789"}}}}'
    )
    body = {"type": "mcp", "pluginIds": [plugin_id], "input": {"rawSourceText": server}}
    created = api_as(alice).post("/config-objects", body).item
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"orgWide": True, "role": "viewer"})

    path = f"/config-objects/{created.id}/versions/latest"
    editor, viewer = api_as(alice).get(path), api_as(bob).get(path)

    assert editor.item.rawSourceText == server
    assert viewer.status == 200
    assert b"ghp_" not in viewer.body
