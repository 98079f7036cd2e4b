"""Every client is given its own layout of the same plugin, and the manifest tells what it is not given."""

import json
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.rendering.layouts import Client, render_plugin
from shared.domain.rendering.manifest import CLIENTS, Manifest, assemble_manifest
from shared.domain.rendering.opencode_remote import remote_configuration
from shared.domain.rendering.tree import FileTree
from tests.unit.domain.rendering.plugins import Shelf, text

CRITIC = "---\nname: critic\ntools: Read, Grep\ncolor: blue\n---\nBe kind.\n"
SEARCH = json.dumps({"mcpServers": {"search": {"url": "https://h", "headers": {"X-Key": "${KEY}"}}}})
GUARD = json.dumps({"PreToolUse": [{"hooks": [{"type": "command", "command": "check"}]}]})


def full() -> Shelf:
    shelf = Shelf(description="Reviews.")
    shelf.put(1, "skill", "review", text("SKILL.md"), text("scripts/run.sh", "#!/bin/sh\n", 0o100755))
    shelf.put(2, "agent", "critic", text("critic.md", CRITIC))
    shelf.put(3, "command", "git:tidy", text("git/tidy.md", "---\ndescription: Tidies.\n---\nTidy.\n"))
    shelf.put(4, "mcp", "search", text(".mcp.json", SEARCH))
    shelf.put(5, "hook", "guard", text("hooks.json", GUARD))
    shelf.put(6, "hook", "notify", text("notify.ts", "export const Notify = async () => ({})\n"))
    shelf.put(7, "tool", "find", text("find.ts", "export default {}\n"))
    shelf.put(8, "context", "rules", text("CLAUDE.md"))
    shelf.put(9, "custom", "limits", text("limits.json", "{}"))
    return shelf


def rendered(shelf: Shelf, client: Client) -> FileTree:
    return render_plugin(shelf.manifest, client, "0.0.1+abc", shelf.contents)


def read(tree: FileTree, path: str) -> Any:
    return json.loads(tree[path].data)


def test_opencode_is_given_files_below_its_folder_and_its_configuration() -> None:
    tree = rendered(full(), Client.OPENCODE)

    assert sorted(tree) == [
        ".opencode/agents/critic.md",
        ".opencode/commands/git/tidy.md",
        ".opencode/plugins/notify.ts",
        ".opencode/skills/review/SKILL.md",
        ".opencode/skills/review/scripts/run.sh",
        ".opencode/tools/find.ts",
        "opencode.json",
    ]
    assert tree[".opencode/skills/review/scripts/run.sh"].executable
    assert read(tree, "opencode.json")["mcp"] == {
        "search": {"type": "remote", "url": "https://h", "headers": {"X-Key": "{env:KEY}"}, "enabled": True}
    }


def test_an_agent_is_a_page_in_opencodes_words() -> None:
    page = rendered(full(), Client.OPENCODE)[".opencode/agents/critic.md"].data.decode()

    assert page == (
        '---\nname: "critic"\ndescription: "Be kind."\nmode: "subagent"\ncolor: "#3b82f6"\n'
        'permission: {"*": "deny", "read": "allow", "grep": "allow"}\n---\n\nBe kind.\n'
    )


def test_several_plugins_are_one_configuration_for_opencode() -> None:
    other = Shelf(name="other").put(12, "agent", "critic", text("critic.md", "---\nmode: all\n---\nBe harsh.\n"))
    other.put(13, "mcp", "search", text(".mcp.json", SEARCH))

    manifests = [other.manifest, full().manifest]
    found: Any = remote_configuration(manifests, {**full().contents, **other.contents}).sections

    assert {section: sorted(entries) for section, entries in found.items()} == {
        "agent": ["critic", "critic-000012"],
        "command": ["git/tidy"],
        "mcp": ["search", "search-000013"],
    }
    assert (found["agent"]["critic"]["prompt"], found["agent"]["critic-000012"]["prompt"]) == ("Be kind.", "Be harsh.")


def test_codex_is_given_its_own_manifest_and_its_own_way_to_write_servers() -> None:
    tree = rendered(full(), Client.CODEX)

    assert sorted(tree) == [
        ".codex-plugin/plugin.json",
        ".mcp.json",
        "commands/git/tidy.md",
        "hooks/hooks.json",
        "skills/review/SKILL.md",
        "skills/review/scripts/run.sh",
    ]
    about = {"name": "reviews", "version": "0.0.1+abc", "description": "Reviews."}
    assert read(tree, ".codex-plugin/plugin.json") == about
    assert read(tree, ".mcp.json")["mcpServers"] == {
        "search": {"url": "https://h", "env_http_headers": {"X-Key": "KEY"}}
    }


def test_a_server_that_opencode_has_switched_off_arrives_so() -> None:
    local = {"type": "local", "command": ["serve"], "cwd": "tools", "enabled": False, "timeout": 9000}
    remote = {"type": "remote", "url": "https://h", "oauth": {"clientId": "me", "scope": "read"}}
    closed = {"url": "https://h", "oauth": False}
    shelf = Shelf()
    for number, (key, server) in enumerate({"local": local, "remote": remote, "closed": closed}.items()):
        shelf.put(number, "mcp", key, text("opencode.json", json.dumps({"mcp": {key: server}})))

    found = read(rendered(shelf, Client.OPENCODE), "opencode.json")["mcp"]

    assert found == {
        "local": local,
        "remote": {**remote, "enabled": True},
        "closed": {"type": "remote", **closed, "enabled": True},
    }
    assert read(rendered(shelf, Client.CODEX), ".mcp.json")["mcpServers"]["local"] == {
        "command": "serve",
        "cwd": "tools",
        "enabled": False,
    }
    assert read(rendered(shelf, Client.CLAUDE_CODE), ".mcp.json")["mcpServers"] == {
        "local": {"command": "serve"},
        "remote": {"type": "http", "url": "https://h"},
        "closed": {"type": "http", "url": "https://h"},
    }


def test_codex_finds_its_servers_in_the_folder_that_it_shares_with_claude_code() -> None:
    shelf = full().put(10, "mcp", "old", text(".mcp.json", '{"mcpServers": {"old": {"command": "serve"}}}'))

    tree = rendered(shelf, Client.CLAUDE_CODE)

    own = read(tree, ".codex-plugin/plugin.json")["mcpServers"]
    assert read(tree, own.removeprefix("./"))["mcpServers"] == {
        "search": {"url": "https://h", "env_http_headers": {"X-Key": "KEY"}},
        "old": {"command": "serve"},
    }


def test_a_folder_that_codex_reads_like_claude_code_has_nothing_beside() -> None:
    shelf = Shelf().put(1, "mcp", "old", text(".mcp.json", '{"mcpServers": {"old": {"command": "serve"}}}'))

    assert sorted(rendered(shelf, Client.CLAUDE_CODE)) == [".claude-plugin/plugin.json", ".mcp.json"]


def test_raw_is_every_object_as_it_is_delivered() -> None:
    shelf = full()

    tree = rendered(shelf, Client.RAW)

    assert {path.partition("/")[0] for path in tree} == {item.config_object_id for item in shelf.manifest.items}


def test_every_item_has_a_place_or_a_reason_for_each_client() -> None:
    for item in full().manifest.items:
        assert not item.install.keys() & item.unsupported.keys()
        assert item.install.keys() | item.unsupported.keys() == set(CLIENTS)


@pytest.mark.parametrize("client", [Client.CLAUDE_CODE, Client.OPENCODE, Client.CODEX])
def test_every_file_of_a_layout_has_a_place_that_the_manifest_names(client: Client) -> None:
    shelf = full()
    places = tuple(item.install[client] for item in shelf.manifest.items if client in item.install)

    unnamed = [path for path in rendered(shelf, client) if not path.startswith(places)]

    assert {path.partition("/")[0] for path in unnamed} <= {".claude-plugin", ".codex-plugin"}


@pytest.mark.parametrize("client", list(Client))
def test_the_order_in_which_objects_are_read_changes_nothing(client: Client) -> None:
    shelf = full()
    twin = text("Critic.md", CRITIC)
    shelf.put(10, "agent", "Critic", twin).put(11, "mcp", "Search", text(".mcp.json", SEARCH))
    backwards = replace(shelf, objects=list(reversed(shelf.objects)))

    assert rendered(shelf, client) == rendered(backwards, client)
    assert len({path.casefold() for path in rendered(shelf, client)}) == len(rendered(shelf, client))


def test_names_that_only_case_tells_apart_are_two_agents_in_opencode() -> None:
    shelf = full().put(10, "agent", "Critic", text("Critic.md", CRITIC.replace("critic", "Critic")))

    pages = {path: file.data for path, file in rendered(shelf, Client.OPENCODE).items() if "agents" in path}

    assert sorted(pages) == [".opencode/agents/Critic-000010.md", ".opencode/agents/critic.md"]
    assert b'name: "Critic-000010"' in pages[".opencode/agents/Critic-000010.md"]


def test_what_the_source_was_noted_for_keeps_a_client_from_being_given_it() -> None:
    shelf = Shelf().put(1, "skill", "review", text("SKILL.md", "---\ndescription: Reviews.\n---\n"))
    refused = {each: replace(one, refusals={"opencode": "there is no name"}) for each, one in shelf.delivered.items()}

    manifest: Manifest = assemble_manifest(shelf.plugin, shelf.objects, refused)

    assert manifest.items[0].unsupported == {"opencode": "there is no name"}
    assert render_plugin(manifest, Client.OPENCODE, "1.0.0", shelf.contents) == {}
