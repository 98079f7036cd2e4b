"""Selectors for the parts of a plugin repository."""

from pathlib import Path

from local.layout import Selected, selectors, tracked_files
from local.repository import commit_files
from local.synth import ROOT


def test_parts_at_the_root_get_rooted_selectors() -> None:
    paths = ["skills/a/SKILL.md", "agents/b.md", "commands/sub/c.md", ".mcp.json", "README.md"]

    assert selectors(paths) == [
        Selected("/.mcp.json", "mcp"),
        Selected("/agents/**/*.md", "agent"),
        Selected("/commands/**/*.md", "command"),
        Selected("/skills/*/SKILL.md", "skill"),
    ]


def test_the_plugins_of_a_marketplace_share_their_selectors() -> None:
    paths = ["plugins/a/skills/x/SKILL.md", "plugins/b/skills/y/SKILL.md", "plugins/b/agents/z.md"]

    assert selectors(paths) == [
        Selected("/plugins/*/agents/**/*.md", "agent"),
        Selected("/plugins/*/skills/*/SKILL.md", "skill"),
    ]


def test_what_lies_inside_a_skill_belongs_to_the_skill() -> None:
    paths = ["skills/a/SKILL.md", "skills/a/agents/helper.md", "skills/a/commands/c.md", "skills/a/.mcp.json"]

    assert selectors(paths) == [Selected("/skills/*/SKILL.md", "skill")]


def test_a_skill_one_level_too_deep_is_not_one() -> None:
    assert selectors(["skills/group/a/SKILL.md"]) == []


def test_the_sample_has_every_part(tmp_path: Path) -> None:
    work = tmp_path / "sample"
    commit_files(ROOT / "examples" / "plugin-repository", work)

    found = {each.object_type for each in selectors(tracked_files(work))}

    assert found == {"skill", "agent", "command", "mcp"}
