"""MCP servers in the words of the official registry's server.json."""

import json
from typing import Any

import pytest

from shared.domain.config_types.mcp_server_json import Unsayable, server_json

SECRET = "sk-live-0123456789abcdef0123456789abcdef"


def local(line: str, **more: Any) -> dict[str, Any]:
    command, *args = line.split()
    return {"command": command, "args": args, **more}


def package(line: str, **more: Any) -> Any:
    said: Any = server_json("search", local(line, **more))
    (found,) = said["packages"]
    return found


def words(arguments: list[dict[str, Any]]) -> list[str]:
    return [one["value"] for one in arguments]


@pytest.mark.parametrize(
    ("line", "kind", "hint", "identity", "before", "after"),
    [
        (
            "npx -y @acme/search@1.2.3 --index docs",
            "npm",
            "npx",
            {"identifier": "@acme/search", "version": "1.2.3"},
            ["-y"],
            ["--index", "docs"],
        ),
        ("npx @acme/search@latest", "npm", "npx", {"identifier": "@acme/search"}, [], []),
        ("pnpm dlx search@1.0.0", "npm", "pnpm", {"identifier": "search", "version": "1.0.0"}, ["dlx"], []),
        ("uvx --python 3.12 search==1.4 x", "pypi", "uvx", {"identifier": "search", "version": "1.4"}, None, ["x"]),
        (
            "docker run -i --rm -e API_KEY ghcr.io/acme/search:1.2 --fast",
            "oci",
            "docker",
            {"identifier": "ghcr.io/acme/search:1.2"},
            ["run", "-i", "--rm", "-e", "API_KEY"],
            ["--fast"],
        ),
    ],
)
def test_a_package_keeps_its_command_line_word_by_word(
    line: str, kind: str, hint: str, identity: dict[str, str], before: list[str] | None, after: list[str]
) -> None:
    found = package(line)

    assert (found["registryType"], found["runtimeHint"], found["transport"]) == (kind, hint, {"type": "stdio"})
    assert {name: found[name] for name in ("identifier", "version") if name in found} == identity
    assert words(found.get("runtimeArguments", [])) == (["--python", "3.12"] if before is None else before)
    assert words(found.get("packageArguments", [])) == after


def test_variables_are_asked_for_and_values_are_said() -> None:
    env = {"API_KEY": "${API_KEY}", "REGION": "${REGION:-eu}", "DEBUG": "true", "OTHER": "${SHARED}"}

    found = package("npx search --dir ${DOCS}", env=env)

    assert found["environmentVariables"] == [
        {"name": "API_KEY", "isRequired": True, "isSecret": True},
        {"name": "REGION", "isRequired": False, "isSecret": False, "default": "eu"},
        {"name": "DEBUG", "value": "true", "isSecret": False},
        {
            "name": "OTHER",
            "value": "{SHARED}",
            "variables": {"SHARED": {"isRequired": True, "isSecret": False}},
            "isSecret": False,
        },
    ]
    assert found["packageArguments"][1] == {
        "type": "positional",
        "value": "{DOCS}",
        "variables": {"DOCS": {"isRequired": True, "isSecret": False}},
    }


@pytest.mark.parametrize(
    "server",
    [
        local("npx search", env={"API_KEY": SECRET}),
        local(f"npx search --token {SECRET}"),
        local(f"npx search --key={SECRET}"),
        local(f"npx --registry https://me:{SECRET}@packages.example/ search"),
        local("npx search", env={"API_KEY": "${API_KEY:-" + SECRET + "}"}),
        {"type": "http", "url": f"https://search.example/mcp?token={SECRET}"},
        {"type": "http", "url": "https://search.example/mcp", "headers": {"Authorization": f"Bearer {SECRET}"}},
        {"type": "http", "url": "https://search.example/mcp", "headers": {"X-Key": "${KEY:-" + SECRET + "}"}},
    ],
)
def test_a_secret_that_is_written_out_becomes_one_that_is_asked_for(server: dict[str, Any]) -> None:
    said = json.dumps(server_json("search", server))

    assert SECRET not in said
    assert '"isSecret": true' in said


def test_a_remote_is_an_address_with_its_headers() -> None:
    headers: dict[str, Any] = {"Authorization": "Bearer ${TOKEN}", "Accept": "application/json"}

    said = server_json("search", {"type": "http", "url": "https://${HOST}/mcp", "headers": headers})

    assert said == {
        "remotes": [
            {
                "type": "streamable-http",
                "url": "https://{HOST}/mcp",
                "variables": {"HOST": {"isRequired": True, "isSecret": False}},
                "headers": [
                    {
                        "name": "Authorization",
                        "value": "Bearer {TOKEN}",
                        "variables": {"TOKEN": {"isRequired": True, "isSecret": True}},
                        "isSecret": True,
                    },
                    {"name": "Accept", "value": "application/json", "isSecret": False},
                ],
            }
        ]
    }
    assert server_json("x", {"type": "sse", "url": "https://x.example/sse"})["remotes"] == [
        {"type": "sse", "url": "https://x.example/sse"}
    ]


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        (local("search-server --fast"), "fetches no package"),
        (local("node server.js"), "fetches no package"),
        (local("${CLAUDE_PLUGIN_ROOT}/bin/server"), "files of its plugin"),
        (local("npx search ${CLAUDE_PROJECT_DIR}"), "its own client fills in ${CLAUDE_PROJECT_DIR}"),
        (local("npx -p tools@2.0.0 tool"), "another program"),
        (local("npx search@^1.2.0"), "range of versions"),
        (local("uvx search[all]==1.0"), "extras"),
        (local("npx search", cwd="/srv"), "folder of its own"),
        (local("npx search", disabled=True), "switched off"),
        ({"type": "ws", "url": "wss://x.example"}, "WebSockets"),
        ({"type": "http", "url": "/mcp"}, "no address"),
        ({"type": "http", "url": "https://x.example", "oauth": {"clientId": "x"}}, "OAuth client"),
        ({}, "neither"),
    ],
)
def test_what_the_form_cannot_say_is_told_with_the_reason(server: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unsayable) as refused:
        server_json("search", server)

    assert reason in str(refused.value)
