"""A command is named by its place and shows what it fills in."""

import pytest

from shared.domain.config_types.registry import config_type
from tests.unit.domain.config_types.reading import codes, parse

COMMAND = config_type("command")


def test_a_nested_command_is_named_by_its_folders() -> None:
    parsed = parse("command", "---\ndescription: D.\n---\nGo", "p/commands/git/sub/commit.md")

    assert parsed.title == "git:sub:commit"
    assert (
        COMMAND.install_paths(parsed.install_name, "git/sub/commit.md")["claude-code"] == "commands/git/sub/commit.md"
    )


def test_a_command_outside_a_commands_folder_is_named_by_its_file() -> None:
    assert parse("command", "Go", "prompts/deploy.md").title == "deploy"


def test_its_fields_and_template_are_read() -> None:
    parsed = parse(
        "command",
        "---\ndescription: D.\nagent: plan\nmodel: opus\nsubtask: true\nargument-hint: [file]\n---\n"
        "\nDo $1 with @src/a.py.\n",
        "commands/do.md",
    )

    assert parsed.payload["template"] == "Do $1 with @src/a.py."
    assert parsed.payload["files"] == ["src/a.py"]
    assert (parsed.payload["model"], parsed.payload["argumentHint"]) == ("opus", "[file]")
    assert parsed.projection == {"agent": "plan", "subtask": True, "usesShell": False, "usesArguments": True}


@pytest.mark.parametrize(
    ("body", "shell", "arguments"),
    [
        ("Run !`git status`", True, False),
        ("With $ARGUMENTS", False, True),
        ("Costs $10 for $2", False, True),
        ("Plain `code` and $HOME", False, False),
    ],
)
def test_shell_and_arguments_are_detected(body: str, shell: bool, arguments: bool) -> None:
    projection = parse("command", body, "commands/x.md").projection

    assert (projection["usesShell"], projection["usesArguments"]) == (shell, arguments)


def test_a_file_without_frontmatter_loads_with_a_derived_description() -> None:
    parsed = parse("command", "# Deploy\n\n- Ship it now! Really.", "commands/deploy.md")

    assert (parsed.description, parsed.description_derived) == ("Ship it now!", True)
    assert codes(parsed) == {"no_frontmatter", "command_not_for_codex"}
