"""Servers as Claude Code's loader takes them: what it would drop is told, and delivered so that it loads."""

import pytest

from shared.domain.config_types.verdicts import verdicts
from tests.unit.domain.config_types.reading import codes, delivered_server, only_server, servers


@pytest.mark.parametrize(
    ("server", "delivered", "fields"),
    [
        ({"url": "https://h"}, {"url": "https://h", "type": "http"}, "type"),
        ({"type": "streamableHttp", "url": "https://h"}, {"type": "http", "url": "https://h"}, "type"),
        ({"type": "SSE", "url": "https://h"}, {"type": "sse", "url": "https://h"}, "type"),
        ({"type": None, "command": "x", "args": None}, {"command": "x"}, "args, type"),
        ({"command": "x", "args": "y"}, {"command": "x", "args": ["y"]}, "args"),
        ({"command": "x", "args": ["-p", 80]}, {"command": "x", "args": ["-p", "80"]}, "args"),
        (
            {"command": "x", "env": {"ON": True, "N": 5, "NO": None, "L": [1]}},
            {"command": "x", "env": {"ON": "true", "N": "5", "NO": "", "L": "[1]"}},
            "env",
        ),
        (
            {"type": "http", "url": "https://h", "oauth": False, "timeout": "5000"},
            {"type": "http", "url": "https://h", "timeout": 5000, "x-plugin-depot": {"oauth": False}},
            "oauth, timeout",
        ),
        ({"command": "x", "timeout": -1}, {"command": "x"}, "timeout"),
    ],
)
def test_what_claude_code_would_drop_is_delivered_so_that_it_loads(
    server: dict[str, object], delivered: dict[str, object], fields: str
) -> None:
    parsed = only_server(server)

    [note] = [note for note in parsed.diagnostics if note.code == "mcp_respelled"]
    assert f"db: {fields} (claude-code refuses this)" in note.message
    assert [verdict.loads for verdict in verdicts(parsed.diagnostics) if verdict.client == "claude-code"] == [False]
    assert delivered_server(server) == delivered


@pytest.mark.parametrize("kind", ["http", "streamable-http", "sse", "ws"])
def test_a_server_that_loads_is_delivered_as_it_is_written(kind: str) -> None:
    server = {"type": kind, "url": "https://h", "name": "Sample", "timeout": 5000}

    assert "mcp_respelled" not in codes(only_server(server))
    assert delivered_server(server) == server


@pytest.mark.parametrize(
    ("url", "connects"),
    [("h/mcp", False), ("/mcp", False), ("https://", False), ("${BASE}/mcp", True), ("https://${H}/mcp", True)],
)
def test_a_url_that_leads_nowhere_is_told(url: str, connects: bool) -> None:
    assert ("mcp_url" not in codes(only_server({"type": "http", "url": url}))) is connects


def test_a_server_that_is_off_is_told_to_be_started_all_the_same() -> None:
    assert "mcp_switched_off" in codes(only_server({"type": "local", "command": ["x"], "enabled": False}))


def test_a_server_of_opencodes_file_is_not_measured_by_claudes_loader() -> None:
    [(_, parsed)] = servers('{"mcp": {"a": {"url": "https://h", "enabled": true}}}', "opencode.json")

    assert "mcp_respelled" not in codes(parsed)


def test_opencodes_placeholders_are_delivered_as_claudes() -> None:
    server = {"command": "x", "env": {"C": "{env:C}"}}

    assert codes(only_server(server)) == set()
    assert delivered_server(server) == {"command": "x", "env": {"C": "${C}"}}
