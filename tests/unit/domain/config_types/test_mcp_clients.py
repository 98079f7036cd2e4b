"""A server in the clients' own words: what OpenCode 1.18 and Codex CLI 0.169 were seen to take."""

from typing import Any

import pytest

from shared.domain.config_types.mcp_clients import to_codex, to_opencode, unfit_for_codex, unfit_for_opencode
from shared.domain.config_types.mcp_dialects import normalize


def test_a_local_server_is_one_command_with_variables_in_opencodes_spelling() -> None:
    server: dict[str, Any] = {
        "command": "npx",
        "args": ["-y", "search", "--at=${HOST}"],
        "env": {"API_KEY": "${API_KEY}", "LEVEL": "1"},
    }

    assert to_opencode(normalize(server)) == {
        "type": "local",
        "command": ["npx", "-y", "search", "--at={env:HOST}"],
        "environment": {"API_KEY": "{env:API_KEY}", "LEVEL": "1"},
        "enabled": True,
    }


def test_a_remote_server_keeps_its_headers_for_opencode() -> None:
    headers = {"Authorization": "Bearer ${TOKEN}"}
    server: dict[str, Any] = {"type": "http", "url": "https://h.example/mcp", "headers": headers}
    server |= {"timeout": 5000, "enabled": False}

    assert to_opencode(normalize(server)) == {
        "type": "remote",
        "url": "https://h.example/mcp",
        "headers": {"Authorization": "Bearer {env:TOKEN}"},
        "enabled": False,
        "timeout": 5000,
    }


@pytest.mark.parametrize(
    ("oauth", "given"),
    [(False, False), ({"clientId": "me", "callbackPort": 80}, {"clientId": "me"}), ({"scope": 5}, None), (None, None)],
)
def test_opencode_is_told_of_oauth_what_it_knows(oauth: Any, given: Any) -> None:
    assert to_opencode(normalize({"url": "https://h", "oauth": oauth})).get("oauth") == given


def test_codex_is_given_variables_by_their_names() -> None:
    local: dict[str, Any] = {
        "command": "serve",
        "args": ["-v"],
        "env": {"API_KEY": "${API_KEY}", "LEVEL": "1"},
        "disabled": True,
    }
    remote: dict[str, Any] = {
        "url": "https://h.example/mcp",
        "headers": {"authorization": "Bearer ${TOKEN}", "X-Key": "${KEY}", "X-Kind": "plain"},
    }

    assert to_codex(normalize(local)) == {
        "command": "serve",
        "args": ["-v"],
        "env": {"LEVEL": "1"},
        "env_vars": ["API_KEY"],
        "enabled": False,
    }
    assert to_codex(normalize(remote)) == {
        "url": "https://h.example/mcp",
        "bearer_token_env_var": "TOKEN",
        "http_headers": {"X-Kind": "plain"},
        "env_http_headers": {"X-Key": "KEY"},
    }


@pytest.mark.parametrize(
    ("server", "codex", "opencode"),
    [
        ({"command": "x", "args": ["${HOST}"]}, "it would not fill in ${HOST}", None),
        ({"command": "x", "env": {"KEY": "${OTHER}"}}, "it would not fill in ${OTHER}", None),
        ({"url": "https://h", "headers": {"X-Key": "v1 ${KEY}"}}, "it would not fill in ${KEY}", None),
        ({"url": "https://h", "headers": {"X-Key": "Bearer ${KEY}"}}, "it would not fill in ${KEY}", None),
        ({"type": "sse", "url": "https://h"}, "it does not connect over sse", None),
        ({"type": "ws", "url": "wss://h"}, "it does not connect over ws", "it does not connect to WebSockets"),
        ({"command": "x", "env": {"K": "${K:-1}"}}, "it would not fill in ${K:-1}", "it has no value for ${K:-1}"),
        (
            {"command": "${CLAUDE_PLUGIN_ROOT}/run"},
            "it would not fill in ${CLAUDE_PLUGIN_ROOT}",
            "it has no value for ${CLAUDE_PLUGIN_ROOT}",
        ),
        ({"command": "x", "env": {"K": "${K}"}}, None, None),
    ],
)
def test_what_a_client_cannot_be_told_has_a_reason(server: dict[str, Any], codex: str, opencode: str) -> None:
    shape = normalize(server)

    assert (unfit_for_codex(shape), unfit_for_opencode(shape)) == (codex, opencode)
