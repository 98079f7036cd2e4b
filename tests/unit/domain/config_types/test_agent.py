"""An agent is read in both dialects into one shape."""

import pytest

from shared.domain.config_types.registry import config_type
from tests.unit.domain.config_types.reading import codes, parse, tree

AT = "agents/reviewer.md"


def test_a_claude_agent_is_a_subagent_with_tools() -> None:
    parsed = parse(
        "agent", "---\nname: reviewer\ndescription: D.\ntools: Read, Grep\nmodel: sonnet\n---\nYou review.", AT
    )

    assert parsed.title == "reviewer"
    assert parsed.projection == {"mode": "subagent", "model": "sonnet", "hidden": False, "disabled": False}
    assert parsed.payload["tools"] == ["Read", "Grep"]
    assert parsed.payload["prompt"] == "You review."
    assert parsed.payload["dialect"] == "claude"
    assert parsed.diagnostics == ()


def test_what_opencode_has_no_word_for_is_told() -> None:
    text = "---\ndescription: D.\nskills: [review]\nmemory: project\npermissionMode: acceptEdits\n---\nYou review."

    (note,) = parse("agent", text, AT).diagnostics

    assert note.code == "agent_fields_left_out"
    assert note.message.endswith("memory, skills, permissionMode")


def test_an_opencode_agent_keeps_its_tuning() -> None:
    parsed = parse(
        "agent",
        "---\ndescription: D.\nmode: primary\ntemperature: 0.1\ntop_p: 1\nmaxSteps: 5\nvariant: high\n"
        "hidden: true\ndisable: true\ncolor: '#ff0000'\nreasoningEffort: high\n---\nPrompt",
        AT,
    )

    assert parsed.projection == {"mode": "primary", "model": None, "hidden": True, "disabled": True}
    assert (parsed.payload["temperature"], parsed.payload["topP"], parsed.payload["steps"]) == (0.1, 1, 5)
    assert (parsed.payload["variant"], parsed.payload["color"]) == ("high", "#ff0000")
    assert parsed.payload["options"] == {"reasoningEffort": "high"}


def test_legacy_tools_become_permissions_below_the_written_ones() -> None:
    parsed = parse(
        "agent",
        "---\ndescription: D.\ntools:\n  write: false\n  bash: true\n  webfetch: false\n"
        "permission:\n  webfetch: ask\n---\n",
        AT,
    )

    assert parsed.payload["permission"] == {"edit": "deny", "bash": "allow", "webfetch": "ask"}
    assert parsed.projection["mode"] == "all"


@pytest.mark.parametrize(
    "tools", ["Read, Grep", "[Read, Grep]", "\n  - Read\n  - Grep", "{Read: true, Grep: true, Bash: false}"]
)
def test_tools_may_be_text_list_or_map(tools: str) -> None:
    parsed = parse("agent", f"---\ndescription: D.\ntools: {tools}\n---\n", AT)

    assert parsed.payload["tools"] == ["Read", "Grep"]


@pytest.mark.parametrize(
    ("text", "origin", "expected"),
    [
        ("", AT, {"empty_file", "description_missing"}),
        ("# Agents\n\nAll of them.", "agents/README.md", {"readme_loaded", "no_frontmatter", "description_missing"}),
        ("---\ndescription: D.\nmode: boss\n---\n", AT, {"agent_mode"}),
        ("---\ndescription: D.\ntemperature: warm\n---\n", AT, {"field_shape"}),
        ("---\ndescription: D.\nname: other\n---\n", AT, {"name_not_file"}),
        (f"---\ndescription: {'x' * 1025}\n---\n", AT, {"description_too_long"}),
    ],
)
def test_what_is_odd_is_flagged_and_loads(text: str, origin: str, expected: set[str]) -> None:
    parsed = parse("agent", text, origin)

    assert codes(parsed) == expected
    assert parsed.loads


def test_nested_servers_and_options_give_no_secret_away() -> None:
    canary = "canary-0123456789-secret"
    parsed = parse(
        "agent",
        f"---\ndescription: D.\nmcpServers:\n  db:\n    env:\n      KEY: {canary}\napiKey: {canary}\n---\n",
        AT,
    )

    assert canary not in repr(parsed)
    assert parsed.payload["mcpServers"] == ["db"]


def test_each_selected_markdown_file_is_a_unit_and_others_are_told() -> None:
    paths = ["p/agents/team/a.md", "p/agents/b.md", "p/agents/logo.png"]

    found = config_type("agent").units_from(paths, tree(*paths))

    assert [(unit.root, unit.entry_path) for unit in found.units] == [("p/agents", "b.md"), ("p/agents", "team/a.md")]
    assert found.unclaimed == ("p/agents/logo.png",)
