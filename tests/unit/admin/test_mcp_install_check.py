"""What must be on a machine for a local MCP server, through the admin API."""

import json
from typing import Any

import pytest

from tests.fixtures.people import ApiAs, Person

LOCAL = {"command": "npx", "args": ["-y", "@acme/db@1.2.3"], "env": {"DB_PASSWORD": "canary-Zx81kk20ppQ"}}


def server(entry: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The body that creates an MCP server."""
    return {"type": "mcp", "input": {"rawSourceText": json.dumps({"mcpServers": {"db": entry}})}, **more}


def test_a_viewer_learns_what_a_local_server_needs(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> None:
    created = api_as(alice).post("/config-objects", server(LOCAL, pluginIds=[plugin_id])).item
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})

    answer = api_as(bob).post(f"/mcps/{created.id}/install-check")

    assert answer.status == 200
    assert answer.item.package == {"registry": "npm", "name": "@acme/db", "version": "1.2.3"}
    assert (answer.item.runtime, answer.item.pinned, answer.item.needsPluginFiles) == ("node", True, False)
    assert [check["kind"] for check in answer.item.checks] == ["executable", "runtime", "variable"]
    assert b"canary" not in answer.body


@pytest.mark.parametrize(("who", "status"), [("carol", 404), ("mallory", 404)])
def test_who_may_not_see_the_server_learns_nothing(
    api_as: ApiAs, alice: Person, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    created = api_as(alice).post("/config-objects", server(LOCAL)).item

    answer = api_as(request.getfixturevalue(who)).post(f"/mcps/{created.id}/install-check")

    assert answer.status == status


def test_a_remote_server_needs_nothing_installed(api_as: ApiAs, alice: Person) -> None:
    created = api_as(alice).post("/config-objects", server({"url": "https://mcp.example.com"})).item

    answer = api_as(alice).post(f"/mcps/{created.id}/install-check")

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "id")


def test_what_is_no_server_is_not_found(api_as: ApiAs, alice: Person, object_id: str) -> None:
    assert api_as(alice).post(f"/mcps/{object_id}/install-check").status == 404
