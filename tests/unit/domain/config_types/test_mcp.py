"""One server out of a file of several, normalized from both dialects, never giving a secret away."""

import json

import pytest

from shared.domain.config_types.registry import config_type
from shared.domain.config_types.verdicts import verdicts
from shared.domain.content import SourceFile
from tests.unit.domain.config_types.reading import codes, delivered_server, only_server, servers, split

MCP = config_type("mcp")
CANARY = "canary-Zx81kk20ppQ"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"mcpServers": {"a": {"command": "x"}, "b": {"url": "https://h"}}}', "p/.mcp.json"),
        ('{"a": {"command": "x"}, "b": {"url": "https://h"}}', "p/.mcp.json"),
        ('{"name": "p", "mcpServers": {"a": {"command": "x"}, "b": {"url": "https://h"}}}', "p/servers.json"),
        ('{"mcp": {"a": {"command": ["x"]}, "b": {"url": "https://h"}}}', "p/servers.json"),
    ],
)
def test_each_server_of_a_file_is_a_unit(text: str, path: str) -> None:
    found = servers(text, path)

    assert [unit.key for unit, _ in found] == ["a", "b"]
    assert [unit.locator for unit, _ in found] == [f"{path}#a", f"{path}#b"]
    assert [(parsed.title, parsed.projection["connection"]) for _, parsed in found] == [("a", "local"), ("b", "remote")]
    assert all(parsed.loads for _, parsed in found)


@pytest.mark.parametrize(
    ("text", "path", "section"),
    [
        (
            '{"name": "p", "mcpServers": {"a": {"command": "x"}, "b": {"url": "https://h"}}}',
            "plugin.json",
            "mcpServers",
        ),
        ('{"mcp": {"a": {"type": "local", "command": ["x"]}, "b": {"url": "https://h"}}}', "opencode.json", "mcp"),
        ('{"mcp": /* two */ {"a": {"command": ["x"],}, // one\n"b": {"url": "https://h"}}}', "opencode.jsonc", "mcp"),
    ],
)
def test_in_a_file_of_many_sections_a_server_is_called_by_its_own(text: str, path: str, section: str) -> None:
    found = servers(text, f"p/{path}")

    assert [unit.locator for unit, _ in found] == [f"p/{path}#{section}/a", f"p/{path}#{section}/b"]
    assert [(parsed.title, parsed.projection["connection"]) for _, parsed in found] == [("a", "local"), ("b", "remote")]
    assert all(unit.origin == f"p/{path}" and parsed.loads for unit, parsed in found)


def test_a_servers_content_does_not_change_with_its_neighbours_or_the_layout() -> None:
    alone = split('{"mcpServers":{"a":{"command":"x","args":["é"]}}}')
    among = split('{\n "mcpServers": {"b": {"url": "https://h"}, "a": {"command": "x",\n "args": ["\\u00e9"]}}}')

    assert alone.units[0][1] == among.units[1][1]
    assert alone.units[0][1][0].data.startswith(b'{\n  "mcpServers": {\n    "a": {\n      "command": "x"')


def test_both_dialects_of_a_local_server_give_one_shape() -> None:
    claude = only_server({"command": "npx", "args": ["-y", "x"], "env": {"A": "${A}"}})
    opencode = only_server(
        {"type": "local", "command": ["npx", "-y", "x"], "environment": {"A": "{env:A}"}, "enabled": True}
    )

    shapes = [{**parsed.payload, "dialect": None} for parsed in (claude, opencode)]
    assert shapes[0] == shapes[1]
    assert claude.projection == {"connection": "local", "enabled": True, "oauthMode": "none", "requiresInstall": True}


def test_a_remote_server_is_normalized() -> None:
    parsed = only_server(
        {"type": "sse", "url": "https://h.example/mcp", "headers": {"X-Org": "${ORG}"}, "timeout": 5000}
    )

    assert (parsed.payload["transport"], parsed.payload["timeout"]) == ("sse", 5000)
    assert parsed.payload["headers"] == {"X-Org": "${ORG}"}
    assert parsed.payload["variables"] == [{"name": "ORG", "field": "headers.X-Org", "secret": False}]
    assert parsed.search_text == "db h.example"


@pytest.mark.parametrize(
    ("oauth", "mode"),
    [({}, "automatic"), ({"oauth": False}, "disabled"), ({"oauth": {"clientId": "x"}}, "configured")],
)
def test_the_oauth_mode_is_a_filter(oauth: dict[str, object], mode: str) -> None:
    assert only_server({"url": "https://h", **oauth}).projection["oauthMode"] == mode


@pytest.mark.parametrize("switch", [{"enabled": False}, {"disabled": True}])
def test_a_server_may_be_switched_off_in_either_dialect(switch: dict[str, object]) -> None:
    assert only_server({"command": "x", **switch}).projection["enabled"] is False


def test_a_server_that_runs_the_plugins_own_files_says_so() -> None:
    parsed = only_server({"command": "${CLAUDE_PLUGIN_ROOT}/server", "args": []})

    assert codes(parsed) == {"mcp_needs_plugin_files", "mcp_not_for_opencode", "mcp_not_for_codex"}
    assert parsed.projection["requiresInstall"] is False


@pytest.mark.parametrize(
    "server",
    [
        {"command": "x", "env": {"KEY": CANARY}},
        {"command": ["x"], "environment": {"KEY": CANARY}},
        {"command": "x", "env": {"KEY": [CANARY], "NESTED": {"a": CANARY}}},
        {"url": "https://h", "headers": {"Authorization": f"Bearer {CANARY}"}},
        {"url": "https://h", "headers": {"X-Anything": CANARY}},
        {"url": "https://h", "oauth": {"clientId": "x", "clientSecret": CANARY}},
        {"url": "https://h", "auth": {"password": CANARY}},
        {"url": f"https://user:{CANARY}@h/mcp"},
        {"url": f"https://h/mcp?api_key={CANARY}"},
        {"command": "x", "args": ["--token", CANARY]},
        {"command": "x", "args": [f"--api-key={CANARY}"]},
        {"command": "docker", "args": ["run", "-e", f"KEY={CANARY}", "image"]},
        {"command": "mcp-remote", "args": ["https://h", "--header", f"Authorization: Bearer {CANARY}"]},
        {"command": f"x --password {CANARY}"},
        {"command": "x", "env": {"KEY": f"${{KEY:-{CANARY}}}"}},
    ],
)
def test_a_literal_secret_reaches_neither_payload_nor_delivery(server: dict[str, object]) -> None:
    parsed = only_server(server)

    assert CANARY not in repr(parsed)
    assert CANARY not in json.dumps(delivered_server(server))
    assert "mcp_literal_secret" in codes(parsed)
    variables = parsed.payload["variables"]
    assert isinstance(variables, list)
    assert len([v for v in variables if isinstance(v, dict) and v["secret"]]) == (2 if "NESTED" in repr(server) else 1)


def test_the_store_alone_keeps_the_secret() -> None:
    [(_, files)] = split(json.dumps({"mcpServers": {"db": {"command": "x", "env": {"KEY": CANARY}}}})).units

    assert CANARY.encode() in files[0].data


def test_a_masked_secret_is_a_variable_to_set() -> None:
    parsed = only_server({"url": "https://h", "headers": {"Authorization": f"Bearer {CANARY}"}})

    assert parsed.payload["headers"] == {"Authorization": "Bearer ${DB_AUTHORIZATION}"}
    assert parsed.payload["variables"] == [
        {"name": "DB_AUTHORIZATION", "field": "headers.Authorization", "secret": True}
    ]


@pytest.mark.parametrize(
    "server",
    [
        {"command": "x", "env": {"A": "${A}", "B": "${B:-postgres://localhost:5432/db}"}},
        {"command": "x", "env": {"DEBUG": "true", "PORT": "8080", "EMPTY": ""}},
        {"command": "x", "env": {"DATABASE": "postgresql://${USER}:${PASS}@localhost:5432/app"}},
        {
            "type": "http",
            "url": "https://h/mcp?project=${P}",
            "headers": {"Authorization": "Bearer ${T}", "Accept": "text/plain"},
        },
        {"command": "npx", "args": ["-y", "@scope/server-2025@1.2.3", "--port", "3000", "https://h/docs/mcp"]},
    ],
)
def test_placeholders_and_plain_values_are_no_secrets(server: dict[str, object]) -> None:
    assert "mcp_literal_secret" not in codes(only_server(server))
    assert delivered_server(server) == server


@pytest.mark.parametrize(
    "blank",
    ["...", "xxx", "sk-xxxxxxxxxxxxxxxxxxxx", "<your-key>", "YOUR_API_KEY", "your key here", "changeme", "[token]"],
)
def test_an_examples_blank_is_a_variable_to_set_and_no_secret(blank: str) -> None:
    server = {"command": "x", "args": ["--token", blank], "env": {"KEY": blank, "AUTH": f"Bearer {blank}"}}

    parsed = only_server(server)

    assert "mcp_literal_secret" not in codes(parsed)
    assert [(one["name"], one["secret"]) for one in parsed.payload["variables"]] == [  # type: ignore[union-attr,index,call-overload]
        ("DB_TOKEN", False),
        ("KEY", False),
        ("AUTH", False),
    ]
    assert delivered_server(server)["env"] == {"KEY": "${KEY}", "AUTH": "Bearer ${AUTH}"}


@pytest.mark.parametrize("secret", ["hunter2", "xx", "x" * 8 + "1", "s3cr3t...", "young_key"])
def test_what_only_resembles_a_blank_is_a_secret(secret: str) -> None:
    assert "mcp_literal_secret" in codes(only_server({"command": "x", "env": {"KEY": secret}}))


def test_an_opencode_server_is_delivered_in_claudes_dialect() -> None:
    delivered = delivered_server({"type": "local", "command": ["npx", "x"], "environment": {"A": "{env:A}"}})

    assert delivered == {"command": "npx", "args": ["x"], "env": {"A": "${A}"}}


def test_a_server_that_reaches_nothing_fails_alone() -> None:
    text = '{"mcpServers": {"a": {}, "b": "text", "c": {"command": "x"}}}'

    found = {unit.key: parsed for unit, parsed in servers(text)}

    assert {key: parsed.loads for key, parsed in found.items()} == {"a": False, "b": False, "c": True}
    assert codes(found["a"]) == codes(found["b"]) == {"mcp_unreachable"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{nope", "json_invalid"),
        ("", "empty_file"),
        ("[" * 100_000, "json_invalid"),
        ('{"a": ' * 70 + "1" + "}" * 70, "json_invalid"),
        ('{"mcpServers": {"a": {"timeout": 1e999}}}', "json_invalid"),
        (json.dumps({"mcpServers": {str(n): {} for n in range(201)}}), "mcp_too_many_servers"),
    ],
)
def test_an_unreadable_file_proves_no_deletion(text: str, code: str) -> None:
    found = split(text)

    assert found.units == ()
    assert [note.code for note in found.diagnostics] == [code]
    assert found.complete is (code == "empty_file")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", ["mcp_no_servers"]),
        ("[]", ["mcp_no_servers"]),
        ('{"name": "p", "author": {"url": "https://h"}}', ["mcp_no_servers"]),
        ('{"mcpServers": "./servers.json"}', ["mcp_reference"]),
        ('{"a": {"command": "x"}, "b": {}}', ["mcp_not_a_server"]),
        ('{"mcpServers": {"": {"command": "x"}}}', ["mcp_key_refused"]),
        ('{"a": {"command": "x"}, "a": {"command": "y"}}', ["duplicate_key"]),
        ('{"a": {"command": "x"},}', ["json_with_comments"]),
    ],
)
def test_what_is_no_server_is_told(text: str, expected: list[str]) -> None:
    found = split(text)

    assert [note.code for note in found.diagnostics or found.units[0][0].diagnostics] == expected
    assert found.complete


def test_what_is_to_be_said_of_a_file_is_said_of_each_of_its_servers() -> None:
    found = servers('\ufeff{"a": {"command": "x"}, "b": {"command": "y"}, "c": {},}')

    assert [unit.key for unit, _ in found] == ["a", "b"]
    said = {"byte_order_mark", "json_byte_order_mark", "json_with_comments", "mcp_not_a_server"}
    assert [codes(parsed) for _, parsed in found] == [said, said]
    assert "claude-code" in {verdict.client for verdict in verdicts(found[0][1].diagnostics) if not verdict.loads}


def test_a_manifest_may_list_servers_and_files_of_them() -> None:
    manifest = {"name": "p", "mcpServers": [{"a": {"command": "x"}}, "./more.json", {"b": {"command": "y"}}]}

    found = servers(json.dumps(manifest), "p/.claude-plugin/plugin.json")

    assert [parsed.title for _, parsed in found] == ["a", "b"]
    assert [codes(parsed) for _, parsed in found] == [{"mcp_reference"}] * 2


def test_comments_in_opencodes_file_are_as_it_should_be() -> None:
    [(_, parsed)] = servers('{"mcp": {"a": {"type": "local", "command": ["x"]},}} // one', "opencode.json")

    assert codes(parsed) == set()


def test_half_a_surrogate_pair_can_still_be_stored() -> None:
    [(_, parsed)] = servers('{"mcpServers": {"a\\ud800": {"command": "x"}}}')

    assert parsed.title == "a?"


def test_what_is_no_server_document_is_never_shipped_as_it_is() -> None:
    assert MCP.mask([SourceFile(".mcp.json", b"KEY=" + CANARY.encode())]) == ()
