"""Testing the connection to a remote MCP server, through the admin API; the far side is asked by its own tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.mcp_connection import ConnectionTest, ServerInfo, Tool
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.test_mcp_install_check import LOCAL, server

CANARY = "canary-Zx81kk20ppQ"
REMOTE = {"url": "https://mcp.example.com/${ORG}", "headers": {"Authorization": f"Bearer {CANARY}"}}


@dataclass
class FakeClient:
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def test(self, url: str, headers: Mapping[str, str]) -> ConnectionTest:
        self.asked.append((url, headers))
        return ConnectionTest(True, 12, "2025-06-18", ServerInfo("sample", "1"), [Tool("look", None)])


@pytest.fixture
def far_side(depot: Services, monkeypatch: pytest.MonkeyPatch) -> FakeClient:
    client = FakeClient()
    monkeypatch.setitem(vars(depot), "mcp_client", client)
    return client


def test_an_editor_tests_with_the_secrets_and_values_of_their_own(
    api_as: ApiAs, alice: Person, far_side: FakeClient
) -> None:
    created = api_as(alice).post("/config-objects", server(REMOTE)).item

    answer = api_as(alice).post(f"/mcps/{created.id}/test-connection", {"variables": {"ORG": "acme"}})

    assert far_side.asked == [("https://mcp.example.com/acme", {"Authorization": f"Bearer {CANARY}"})]
    assert answer.json["item"] == {
        "reachable": True,
        "protocolVersion": "2025-06-18",
        "serverInfo": {"name": "sample", "version": "1"},
        "tools": [{"name": "look", "description": None}],
        "moreTools": False,
        "durationMs": 12,
        "problem": None,
    }


def test_variables_without_a_value_are_named(api_as: ApiAs, alice: Person, far_side: FakeClient) -> None:
    created = api_as(alice).post("/config-objects", server(REMOTE)).item

    answer = api_as(alice).post(f"/mcps/{created.id}/test-connection")

    assert (answer.status, answer.item.reachable) == (200, False)
    assert (answer.item.problem["code"], answer.item.problem["variables"]) == ("variables_missing", ["ORG"])
    assert far_side.asked == []


def test_a_viewer_may_not_send_the_secrets_anywhere(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, far_side: FakeClient
) -> None:
    created = api_as(alice).post("/config-objects", server(REMOTE, pluginIds=[plugin_id])).item
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "manager"})

    answer = api_as(bob).post(f"/mcps/{created.id}/test-connection", {"variables": {"ORG": "acme"}})

    assert (answer.status, answer.code, far_side.asked) == (403, "missing_role", [])


def test_a_local_server_is_not_connected_to(api_as: ApiAs, alice: Person, far_side: FakeClient) -> None:
    created = api_as(alice).post("/config-objects", server(LOCAL)).item

    answer = api_as(alice).post(f"/mcps/{created.id}/test-connection")

    assert (answer.status, answer.json["errors"][0]["path"], far_side.asked) == (400, "id", [])


def test_an_older_transport_is_a_result(api_as: ApiAs, alice: Person, far_side: FakeClient) -> None:
    created = api_as(alice).post("/config-objects", server({"type": "sse", "url": "https://mcp.example.com"})).item

    answer = api_as(alice).post(f"/mcps/{created.id}/test-connection")

    assert (answer.item.problem["code"], far_side.asked) == ("transport_unsupported", [])


@pytest.mark.parametrize("variables", [{"not a name": "x"}, {"A": 5}, {"A": "x" * 9_000}, "A=1"])
def test_values_have_names_and_bounds(api_as: ApiAs, alice: Person, far_side: FakeClient, variables: Any) -> None:
    created = api_as(alice).post("/config-objects", server(REMOTE)).item

    answer = api_as(alice).post(f"/mcps/{created.id}/test-connection", {"variables": variables})

    assert (answer.status, far_side.asked) == (400, [])


def test_a_private_address_is_a_result(api_as: ApiAs, alice: Person) -> None:
    created = api_as(alice).post("/config-objects", server({"url": "https://127.0.0.1:9000/mcp"})).item

    answer = api_as(alice).post(f"/mcps/{created.id}/test-connection")

    assert (answer.status, answer.item.reachable, answer.item.problem["code"]) == (200, False, "address_refused")
