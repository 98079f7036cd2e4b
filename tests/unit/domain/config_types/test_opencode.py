"""Agents and commands in OpenCode's dialect. OpenCode 1.18 does not start over one field of another shape."""

from typing import Any

import pytest

from shared.domain.config_types.opencode import agent_entry, command_entry
from shared.domain.config_types.registry import config_type
from shared.domain.content import SourceFile


def agent(frontmatter: str, body: str = "Be kind.") -> dict[str, Any]:
    return agent_entry(_payload("agent", "critic.md", frontmatter, body))


def command(frontmatter: str, body: str) -> dict[str, Any]:
    return command_entry(_payload("command", "tidy.md", frontmatter, body))


def _payload(type_name: str, path: str, frontmatter: str, body: str) -> dict[str, Any]:
    text = f"---\n{frontmatter}\n---\n{body}\n"
    return dict(config_type(type_name).parse(path, [SourceFile(path, text.encode())]).payload)


def test_a_claude_agent_becomes_a_subagent_with_permissions_for_its_tools() -> None:
    entry = agent(
        "description: Criticizes.\ntools: Read, Bash(git diff:*), mcp__search__find\nmodel: claude-sonnet-4-5\n"
        "color: blue\nmaxTurns: 7"
    )

    assert entry == {
        "description": "Criticizes.",
        "mode": "subagent",
        "model": "anthropic/claude-sonnet-4-5",
        "steps": 7,
        "color": "#3b82f6",
        "permission": {
            "*": "deny",
            "read": "allow",
            "bash": {"*": "deny", "git diff": "allow", "git diff *": "allow"},
            "search_find": "allow",
        },
        "prompt": "Be kind.",
    }


@pytest.mark.parametrize(
    ("frontmatter", "permission"),
    [
        ("disallowedTools: [Bash, WebFetch]", {"bash": "deny", "webfetch": "deny"}),
        ("tools: Bash\ndisallowedTools: Bash(rm *)", {"*": "deny", "bash": {"*": "allow", "rm *": "deny"}}),
        ("temperature: 0.3\ntools: Read\ndisallowedTools: Write", {"*": "deny", "read": "allow", "edit": "deny"}),
        ("permissionMode: plan", {"edit": "deny"}),
        ("permissionMode: bypassPermissions", {}),
        ("tools: Write, Edit(src/**)", {"*": "deny", "edit": "allow"}),
        ("tools: mcp__search", {"*": "deny", "search_*": "allow"}),
        ("tools: '*'", {"*": "allow"}),
    ],
)
def test_no_conversion_allows_more_than_was_written(frontmatter: str, permission: dict[str, Any]) -> None:
    assert agent(frontmatter).get("permission", {}) == permission


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("permission: {edit: no, bash: sometimes}", {"edit": "deny", "bash": "ask"}),
        ("permission: {webfetch: {a: allow, b: deny}}", {"webfetch": "deny"}),
        ("permission: {bash: {'git *': allow, '*': ask}}", {"bash": {"git *": "allow", "*": "ask"}}),
        ("tools: {write: false, bash: true}", {"edit": "deny", "bash": "allow"}),
    ],
)
def test_permissions_of_opencodes_own_are_held_to_what_it_takes(written: str, given: dict[str, Any]) -> None:
    assert agent(f"mode: all\n{written}")["permission"] == given


@pytest.mark.parametrize(
    "field",
    [
        "color: chartreuse", "steps: -1", "steps: 2.5", "temperature: warm", "model: sonnet", "model: inherit",
        "hidden: maybe", "variant: {a: b}", "options: x", "top_p: .nan",
    ],
)  # fmt: skip
def test_what_opencode_would_not_start_over_is_left_out(field: str) -> None:
    assert agent(f"mode: primary\ndescription: Kind.\n{field}") == {
        "description": "Kind.",
        "mode": "primary",
        "prompt": "Be kind.",
    }


def test_options_reach_the_provider_as_the_values_they_are() -> None:
    entry = agent("mode: all\nreasoningEffort: high\noptions: {budget: 1000, ratio: 0.5, store: false}")

    assert entry["options"] == {"budget": 1000, "ratio": 0.5, "store": False, "reasoningEffort": "high"}


def test_a_command_keeps_its_prompt_and_what_opencode_knows() -> None:
    entry = command("description: 123\nargument-hint: '[x]'\nmodel: haiku\nagent: build\nsubtask: yes", "Tidy $1.")

    assert entry == {"description": "123", "agent": "build", "subtask": True, "template": "Tidy $1."}


def test_arguments_that_claude_counts_from_zero_are_counted_from_one() -> None:
    assert command("description: d", "$0, $1, $ARGUMENTS[2] of $ARGUMENTS")["template"] == "$1, $2, $3 of $ARGUMENTS"
    assert command("description: d", "$1, $2")["template"] == "$1, $2"
