"""What kind of repository it is, what is looked at, and what candidates are called."""

import json
from typing import Any

import pytest

from shared.domain.discovery.survey import BUDGET, to_read
from tests.unit.domain.discovery.oddities import COMMAND, MORE_HOOKS, A, agent, skill
from tests.unit.domain.discovery.reading import discover, tree_of

PLUGIN, MARKETPLACE = ".claude-plugin/plugin.json", ".claude-plugin/marketplace.json"
NAMED = json.dumps({"name": "named"})


def listing(*entries: dict[str, Any], **more: Any) -> str:
    return json.dumps({"name": "shop", "owner": {"name": "us"}, "plugins": list(entries), **more})


MARKET = listing({"name": "named", "source": "./"})


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({MARKETPLACE: MARKET, PLUGIN: NAMED, "opencode.json": "{}"}, "claude_marketplace_repo"),
        ({PLUGIN: NAMED, "opencode.json": "{}", A: skill("a")}, "claude_single_plugin_repo"),
        ({PLUGIN: NAMED, f"other/{PLUGIN}": NAMED}, "claude_multi_plugin_repo"),
        ({f"other/{PLUGIN}": NAMED, "opencode.json": "{}"}, "claude_multi_plugin_repo"),
        ({"opencode.jsonc": "{}", ".claude/skills/a/SKILL.md": skill("a")}, "opencode_workspace"),
        ({".opencode/agent/x.md": agent("x")}, "opencode_workspace"),
        ({".claude/commands/c.md": COMMAND, A: skill("a")}, "standalone_claude"),
        ({"Sales/commands/c.md": COMMAND}, "folder_inferred_repo"),
        ({".claude/notes.md": "x", "README.md": "x"}, "unsupported"),
        ({}, "unsupported"),
    ],
)
def test_the_first_classification_that_fits_counts(files: dict[str, str], expected: str) -> None:
    assert discover(files).classification == expected


def test_manifests_that_no_marketplace_lists_are_left_alone() -> None:
    found = discover({MARKETPLACE: listing({"name": "a", "source": "./a"}), f"a/{PLUGIN}": NAMED, f"b/{PLUGIN}": NAMED})

    assert [one.root_path for one in found.candidates] == ["a"]


def test_folders_side_by_side_are_one_plugin_called_after_what_holds_them() -> None:
    files = {"Sales/skills/a/SKILL.md": skill("a"), "Sales/commands/c.md": COMMAND, A: skill("a"), "docs/x.md": "x"}

    found = {one.key: one for one in discover(files, "handbook").candidates}

    assert {key: one.display_name for key, one in found.items()} == {"folder:.": "handbook", "folder:Sales": "Sales"}
    assert set(found["folder:Sales"].components) == {"skills", "commands"}


def test_an_opencode_workspace_counts_what_is_in_its_document() -> None:
    document: dict[str, Any] = {"agent": {"critic": {}}, "mcp": {"search": {}, "mail": {}}}
    files = {"opencode.json": json.dumps(document), ".opencode/tools/t.ts": "x", ".opencode/command/c.md": COMMAND}

    (found,) = discover(files).candidates

    assert {kind: held.count for kind, held in found.components.items()} == {
        "agents": 1, "commands": 1, "mcps": 2, "tools": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({PLUGIN: NAMED, "plugin.json": '{"name": "loose"}'}, "named"),
        ({"plugin.json": '{"name": "loose"}'}, "entry"),
        ({PLUGIN: "{}"}, "entry"),
    ],
)
def test_a_name_comes_from_the_manifest_then_the_entry(said: dict[str, str], name: str) -> None:
    files = {f"a/{path}": text for path, text in said.items()} | {f"a/{A}": skill("a")}

    (found,) = discover({MARKETPLACE: listing({"name": "entry", "source": "./a"}), **files}).candidates

    assert found.display_name == name


@pytest.mark.parametrize(
    ("source", "root"),
    [("./", ""), (".", ""), ("./a", "a"), ("./a/", "a"), ("bare", "below/bare")],
)
def test_a_bare_source_lies_below_the_plugin_root_and_no_other(source: str, root: str) -> None:
    text = listing({"name": "one", "source": source}, metadata={"pluginRoot": "./below"})

    (found,) = discover({MARKETPLACE: text, f"a/{A}": skill("a"), f"below/bare/{A}": skill("a")}).candidates

    assert (found.root_path, found.supported) == (root, True)


@pytest.mark.parametrize("source", ["../out", "./../out", "bare", "./none", {"source": "npm", "package": "x"}, 3])
def test_a_source_that_is_not_here_is_shown_with_its_reason(source: Any) -> None:
    (found,) = discover({MARKETPLACE: listing({"name": "one", "source": source})}).candidates

    assert not found.supported
    assert found.diagnostics[0].message


def test_skills_that_an_entry_names_are_all_that_the_whole_repository_gives_it() -> None:
    files = {A: skill("a"), "skills/b/SKILL.md": skill("b"), "commands/c.md": COMMAND}
    text = listing({"name": "one", "source": "./", "skills": ["./skills/a"]})

    (found,) = discover({MARKETPLACE: text, **files}).candidates

    assert found.components["skills"].paths == ("skills/a/SKILL.md",)
    assert found.components["commands"].count == 1


def test_hooks_written_into_a_marketplace_are_told_and_not_taken_in() -> None:
    text = listing({"name": "one", "source": "./a", "hooks": MORE_HOOKS})

    (found,) = discover({MARKETPLACE: text, f"a/{A}": skill("a")}).candidates

    assert "not_taken_in" in [note.code for note in found.diagnostics]


def test_inference_stops_at_its_budget_and_declared_roots_are_followed_all_the_same() -> None:
    many = {f"a/{number:05d}.txt": "x" for number in range(BUDGET)}

    inferred = discover({**many, "z/skills/a/SKILL.md": skill("a")})
    declared = discover({**many, MARKETPLACE: listing({"name": "z", "source": "./z"}), f"z/{A}": skill("a")})

    assert (inferred.candidates, inferred.truncated, inferred.scanned) == ((), True, BUDGET)
    assert "budget_reached" in [note.code for note in inferred.warnings]
    assert declared.candidates[0].components["skills"].count == 1


def test_a_document_too_large_to_read_is_not_asked_for() -> None:
    tree = tree_of({PLUGIN: " " * (1024 * 1024 + 1)})

    assert to_read(tree, {}) == []
