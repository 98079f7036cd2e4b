"""Context files: titled by their first heading, and honest that no plugin carries them."""

import pytest

from shared.domain.config_types.registry import config_type
from shared.domain.config_types.verdicts import verdicts
from tests.unit.domain.config_types.reading import codes, parse, tree


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Our rules\n\nBe kind.", "Our rules"),
        ("Intro.\n\n## Later ##\n", "Later"),
        ("```\n# no heading\n```\n# Real\n", "Real"),
        ("~~~\n```\n# no\n~~~\n# Real\n", "Real"),
        ("\ufeff# Marked\r\n", "Marked"),
        ("---\nglobs: x\n---\n# Behind frontmatter\n", "Behind frontmatter"),
        ("#hashtag\n", "CLAUDE.md"),
        ("", "CLAUDE.md"),
    ],
)
def test_the_title_is_the_first_heading_else_the_file_s_name(text: str, title: str) -> None:
    assert parse("context", text, "backend/CLAUDE.md").title == title


def test_the_description_is_derived_and_there_is_nothing_to_filter_by() -> None:
    parsed = parse("context", "# Rules\n\nBe kind. Be brief.", "backend/AGENTS.md")

    assert (parsed.description, parsed.description_derived) == ("Be kind.", True)
    assert (parsed.projection, parsed.install_name) == ({}, "backend-AGENTS")
    assert "backend" in parsed.search_text


def test_that_no_plugin_carries_it_is_told() -> None:
    parsed = parse("context", "# Rules", "GEMINI.md")

    assert codes(parsed) == {"context_by_hand"}
    assert [one.client for one in verdicts(parsed.diagnostics) if not one.loads] == ["claude-code"]
    assert config_type("context").install_paths(parsed.install_name, "GEMINI.md") == {}


def test_nested_files_and_any_other_markdown_are_units() -> None:
    paths = ["CLAUDE.md", "api/AGENTS.md", "docs/style.md", "logo.png"]

    found = config_type("context").units_from(paths, tree(*paths))

    assert [unit.locator for unit in found.units] == ["CLAUDE.md", "api/AGENTS.md", "docs/style.md"]
