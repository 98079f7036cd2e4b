"""Metadata that people write beside a source."""

import json
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.config_types.metadata import changed_metadata
from tests.fixtures.people import ApiAs, Person


def server(**fields: Any) -> dict[str, Any]:
    return {"rawSourceText": json.dumps({"mcpServers": {"search": {"command": "search-server", **fields}}})}


@pytest.fixture
def server_id(api_as: ApiAs, alice: Person) -> str:
    """An MCP server of Alice's: its file has no place for a description."""
    return str(api_as(alice).post("/config-objects", {"type": "mcp", "input": server()}).item.id)


def test_what_the_source_does_not_say_may_be_written(api_as: ApiAs, alice: Person, server_id: str) -> None:
    written = api_as(alice).patch(f"/config-objects/{server_id}", {"description": "Searches  our wiki."})

    got = api_as(alice).get(f"/config-objects/{server_id}")
    assert (written.status, got.item.description) == (200, "Searches our wiki.")
    assert got.headers["etag"] == written.headers["etag"]


def test_it_stays_from_version_to_version(api_as: ApiAs, alice: Person, server_id: str) -> None:
    api_as(alice).patch(f"/config-objects/{server_id}", {"description": "Searches our wiki."})

    api_as(alice).post(f"/config-objects/{server_id}/versions", {"input": server(args=["--fast"])})

    assert api_as(alice).get(f"/config-objects/{server_id}").item.description == "Searches our wiki."


def test_it_is_found_by_what_was_written(depot: Services, api_as: ApiAs, alice: Person, server_id: str) -> None:
    api_as(alice).patch(f"/config-objects/{server_id}", {"description": "Searches our wiki."})

    entity = depot.object_rows.find(alice.org_id, server_id)

    assert entity is not None
    assert "wiki" in entity.searchable


def test_null_takes_away_what_was_written(api_as: ApiAs, alice: Person, server_id: str) -> None:
    api_as(alice).patch(f"/config-objects/{server_id}", {"description": "Searches our wiki."})

    answer = api_as(alice).patch(f"/config-objects/{server_id}", {"description": None})

    assert (answer.status, answer.item.description) == (200, None)


@pytest.mark.parametrize("body", [{"description": "Mine."}, {"title": "Mine"}, {"description": None}])
def test_what_the_source_says_is_changed_there(
    api_as: ApiAs, alice: Person, object_id: str, body: dict[str, Any]
) -> None:
    before = api_as(alice).get(f"/config-objects/{object_id}")

    refused = api_as(alice).patch(f"/config-objects/{object_id}", body)

    (error,) = refused.json["errors"]
    assert (refused.status, error["path"]) == (400, next(iter(body)))
    assert "source" in error["message"]
    assert api_as(alice).get(f"/config-objects/{object_id}").body == before.body


def test_every_field_that_the_source_defines_is_named() -> None:
    with pytest.raises(Exception, match=r"title: .*; description: "):
        changed_metadata({}, {"title": "a", "description": "b"}, {"title", "description"})


def test_a_change_of_an_older_state_is_stale(api_as: ApiAs, alice: Person, server_id: str) -> None:
    seen = api_as(alice).get(f"/config-objects/{server_id}").headers["etag"]
    api_as(alice).patch(f"/config-objects/{server_id}", {"description": "First."}, if_match=seen)

    late = api_as(alice).patch(f"/config-objects/{server_id}", {"description": "Second."}, if_match=seen)

    assert (late.status, late.code) == (412, "stale")
    assert api_as(alice).get(f"/config-objects/{server_id}").item.description == "First."


def test_a_change_of_nothing_changes_nothing(api_as: ApiAs, alice: Person, server_id: str) -> None:
    before = api_as(alice).get(f"/config-objects/{server_id}").headers["etag"]

    answer = api_as(alice).patch(f"/config-objects/{server_id}", {})

    assert (answer.status, answer.headers["etag"]) == (200, before)


def test_viewers_change_nothing(api_as: ApiAs, alice: Person, bob: Person, server_id: str, plugin_id: str) -> None:
    hidden = api_as(bob).patch(f"/config-objects/{server_id}", {"description": "Mine."})
    api_as(alice).post(f"/plugins/{plugin_id}/config-objects", {"configObjectId": server_id})
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "manager"})

    shown = api_as(bob).patch(f"/config-objects/{server_id}", {"description": "Mine."})

    assert (hidden.status, shown.status, shown.code) == (404, 403, "missing_role")
