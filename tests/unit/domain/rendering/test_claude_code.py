"""A plugin's folder is what Claude Code loads: every file in its place, byte for byte."""

import json

from shared.domain.rendering.claude_code import plugin_tree, unwritable_paths
from shared.domain.rendering.tree import FileTree
from tests.unit.domain.rendering.plugins import Shelf, text


def rendered(shelf: Shelf) -> FileTree:
    return plugin_tree(shelf.manifest, shelf.name, "0.0.1+abc", shelf.contents)


def server(key: str, command: str = "serve") -> str:
    return json.dumps({"mcpServers": {key: {"command": command}}})


def test_each_type_has_its_place() -> None:
    shelf = Shelf()
    shelf.put(1, "skill", "review", text("SKILL.md"), text("scripts/run.sh", "#!/bin/sh\n", 0o100755))
    shelf.put(2, "agent", "critic", text("critic.md"))
    shelf.put(3, "command", "git:tidy", text("git/tidy.md"))
    shelf.put(4, "mcp", "search", text(".mcp.json", server("search")))

    tree = rendered(shelf)

    assert sorted(tree) == [
        ".claude-plugin/plugin.json",
        ".mcp.json",
        "agents/critic.md",
        "commands/git/tidy.md",
        "skills/review/SKILL.md",
        "skills/review/scripts/run.sh",
    ]
    assert tree["skills/review/scripts/run.sh"].executable


def test_a_file_is_delivered_byte_for_byte() -> None:
    odd = "\ufeff---\r\nname: x\r\n---\tno final line feed"

    tree = rendered(Shelf().put(1, "skill", "review", text("SKILL.md", odd)))

    assert tree["skills/review/SKILL.md"].data == odd.encode()


def test_the_plugin_says_its_name_version_and_description() -> None:
    tree = rendered(Shelf(description="Größe."))

    about = json.loads(tree[".claude-plugin/plugin.json"].data)
    assert about == {"name": "reviews", "version": "0.0.1+abc", "description": "Größe."}


def test_servers_are_merged_by_key_and_equal_keys_stay_apart() -> None:
    shelf = Shelf()
    shelf.put(1, "mcp", "search", text(".mcp.json", server("search", "first")))
    shelf.put(2, "mcp", "search", text(".mcp.json", server("search", "second")))
    shelf.put(3, "mcp", "build", text(".mcp.json", server("build")))

    merged = json.loads(rendered(shelf)[".mcp.json"].data)["mcpServers"]

    assert {key: one["command"] for key, one in merged.items()} == {
        "search": "first",
        "search-000002": "second",
        "build": "serve",
    }


def test_a_server_that_cannot_be_read_is_no_file() -> None:
    assert sorted(rendered(Shelf().put(1, "mcp", "broken", text(".mcp.json", "{")))) == [".claude-plugin/plugin.json"]


def test_a_path_that_git_refuses_is_named() -> None:
    shelf = Shelf().put(1, "skill", "review", text("SKILL.md"), text("nested/.git/config"))

    assert "skills/review/nested/.git/config" in (unwritable_paths(shelf.manifest) or "")


def test_a_plain_plugin_can_be_written_everywhere() -> None:
    assert unwritable_paths(Shelf().put(1, "skill", "review", text("SKILL.md")).manifest) is None


def test_what_a_json_file_declares_is_a_markdown_file_of_the_plugin() -> None:
    shelf = Shelf()
    shelf.put(1, "agent", "critic", text("opencode.json", '{"agent": {"critic": {"mode": "all", "prompt": "Hm."}}}'))
    shelf.put(2, "command", "git:tidy", text("opencode.json", '{"command": {"git/tidy": {"template": "Tidy."}}}'))

    tree = rendered(shelf)

    assert tree["agents/critic.md"].data == b'---\nname: "critic"\nmode: "all"\n---\n\nHm.\n'
    assert tree["commands/git/tidy.md"].data.endswith(b"---\n\nTidy.\n")


def test_the_hooks_of_a_plugin_are_one_file_with_the_matchers_of_all() -> None:
    def hooks(event: str, command: str) -> str:
        return json.dumps({event: [{"hooks": [{"type": "command", "command": command}]}]})

    shelf = Shelf()
    shelf.put(1, "hook", "a", text("hooks.json", hooks("Stop", "first")))
    shelf.put(2, "hook", "b", text("hooks.json", hooks("Stop", "second")))
    shelf.put(3, "hook", "c", text("extra.json", hooks("SessionStart", "third")))
    shelf.put(4, "hook", "code", text("notify.ts", "export const x = 1\n"))

    tree = rendered(shelf)

    merged = json.loads(tree["hooks/hooks.json"].data)["hooks"]
    commands = {event: [one["hooks"][0]["command"] for one in matchers] for event, matchers in merged.items()}
    assert commands == {"Stop": ["first", "second"], "SessionStart": ["third"]}
    assert sorted(tree) == [".claude-plugin/plugin.json", "hooks/hooks.json"]


def test_what_no_plugin_carries_is_in_the_manifest_without_a_place() -> None:
    shelf = Shelf().put(1, "context", "rules", text("CLAUDE.md"))

    assert sorted(rendered(shelf)) == [".claude-plugin/plugin.json"]
    assert [item.install for item in shelf.manifest.items] == [{}]
