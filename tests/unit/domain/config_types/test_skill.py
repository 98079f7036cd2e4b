"""A skill is its whole directory, named by it, and judged per client."""

import pytest

from shared.domain.config_types.registry import config_type
from shared.domain.config_types.verdicts import verdicts
from shared.domain.content import SourceFile
from tests.unit.domain.config_types.reading import Entry, codes, parse, tree

SKILL = config_type("skill")
AT = "skills/review/SKILL.md"


def test_a_skill_is_read_with_claudes_fields() -> None:
    parsed = parse(
        "skill",
        "---\nname: review\ndescription: Reviews code.\nallowed-tools: Read, Bash(git add:*)\nmodel: opus\n"
        "user-invocable: no\nargument-hint: [file]\nmetadata:\n  version: 1.10\n---\n# Review\n",
        AT,
    )

    assert (parsed.title, parsed.description, parsed.description_derived) == ("review", "Reviews code.", False)
    assert parsed.projection == {
        "dialect": "claude",
        "userInvocable": False,
        "model": "opus",
        "hasSupportingFiles": False,
    }
    assert parsed.payload["allowedTools"] == ["Read", "Bash(git add:*)"]
    assert parsed.payload["metadata"] == {"version": "1.10"}
    assert parsed.payload["argumentHint"] == "[file]"
    assert parsed.diagnostics == ()


def test_the_projection_holds_the_declared_filters() -> None:
    parsed = parse("skill", "---\nname: review\n---\n", AT)

    assert tuple(parsed.projection) == SKILL.filters


def test_without_frontmatter_the_directory_names_it_and_the_body_describes_it() -> None:
    parsed = parse("skill", "# Review\n\nLooks at **code**. Then more.\n", AT)

    assert parsed.title == "review"
    assert (parsed.description, parsed.description_derived) == ("Looks at code.", True)
    assert codes(parsed) == {"no_frontmatter", "name_missing", "skill_description_missing"}
    assert parsed.loads


@pytest.mark.parametrize(
    ("name", "code"),
    [("Review", "name_pattern"), ("a--b", "name_pattern"), ("-a", "name_pattern"), ("a" * 65, "name_too_long")],
)
def test_a_name_that_clients_refuse_is_flagged(name: str, code: str) -> None:
    parsed = parse("skill", f"---\nname: {name}\ndescription: D.\n---\n", f"skills/{name}/SKILL.md")

    assert codes(parsed) == {code}


def test_a_name_other_than_the_directory_is_refused_by_some_clients_only() -> None:
    parsed = parse("skill", "---\nname: other\ndescription: D.\n---\n", AT)

    refusing = {verdict.client for verdict in verdicts(parsed.diagnostics) if not verdict.loads}
    assert refusing == {"copilot", "vscode"}
    assert "copilot" in parsed.diagnostics[0].message
    assert parsed.install_name == "review"


def test_a_description_of_1025_characters_is_a_warning() -> None:
    parsed = parse("skill", f"---\nname: review\ndescription: {'x' * 1025}\n---\n", AT)

    assert codes(parsed) == {"skill_description_too_long"}
    assert parsed.loads


@pytest.mark.parametrize(
    ("extra", "origin", "dialect"),
    [
        ("", AT, "hybrid"),
        ("when_to_use: now\n", AT, "claude"),
        ("compatibility: opencode\n", AT, "opencode"),
        ("compatibility: opencode\nhooks: {}\n", AT, "hybrid"),
        ("", ".opencode/skills/review/SKILL.md", "opencode"),
        ("", ".claude/skills/review/SKILL.md", "claude"),
    ],
)
def test_the_dialect_is_told_by_fields_and_place(extra: str, origin: str, dialect: str) -> None:
    parsed = parse("skill", f"---\nname: review\ndescription: D.\n{extra}---\n", origin)

    assert parsed.projection["dialect"] == dialect


def test_a_parser_mode_decides_the_dialect_and_an_unknown_one_is_flagged() -> None:
    text = "---\nname: review\ndescription: D.\n---\n"

    assert parse("skill", text, AT, mode="opencode").projection["dialect"] == "opencode"
    assert codes(parse("skill", text, AT, mode="martian")) == {"unknown_parser_mode"}


def test_a_skill_owns_its_whole_directory_but_not_a_nested_skills() -> None:
    paths = ["s/a/SKILL.md", "s/a/x/run.sh", "s/a/b/SKILL.md", "s/a/b/ref.md", "s/loose.md"]

    found = SKILL.units_from(paths, tree(*paths))

    assert {unit.root: unit.file_paths for unit in found.units} == {
        "s/a": ("s/a/SKILL.md", "s/a/x/run.sh"),
        "s/a/b": ("s/a/b/SKILL.md", "s/a/b/ref.md"),
    }
    assert found.unclaimed == ("s/loose.md",)


def test_supporting_files_come_along_though_only_the_entry_was_selected() -> None:
    [unit] = SKILL.units_from([AT], tree(AT, "skills/review/scripts/run.sh")).units

    assert unit.file_paths == (AT, "skills/review/scripts/run.sh")
    assert (unit.locator, unit.root, unit.entry_path) == (AT, "skills/review", "SKILL.md")


def test_another_case_is_no_skill_and_says_so() -> None:
    found = SKILL.units_from(["skills/a/skill.md"], tree("skills/a/skill.md"))

    assert found.units == ()
    assert [(note.code, note.path) for note in found.diagnostics] == [("skill_case", "skills/a/skill.md")]


@pytest.mark.parametrize("root", ["", "plugins/p/"])
def test_a_root_skill_counts_only_without_a_skills_directory(root: str) -> None:
    alone = tree(f"{root}SKILL.md", f"{root}ref.md")
    beside = [*alone, Entry(f"{root}skills/a/SKILL.md")]

    assert [unit.entry_path for unit in SKILL.units_from([f"{root}SKILL.md"], alone).units] == ["SKILL.md"]
    ignored = SKILL.units_from([f"{root}SKILL.md"], beside)
    assert ignored.units == ()
    assert [note.code for note in ignored.diagnostics] == ["root_skill_ignored"]


def test_a_skill_deeper_than_one_level_is_flagged() -> None:
    [unit] = SKILL.units_from(["skills/a/b/SKILL.md"], tree("skills/a/b/SKILL.md")).units

    assert [note.code for note in unit.diagnostics] == ["skill_nested"]


def test_links_submodules_and_unsafe_paths_are_left_out_and_named() -> None:
    files = [Entry(AT), Entry("skills/review/link", 0o120000), Entry("skills/review/sub", 0o160000)]
    files += [Entry("skills/review/.GIT/config"), Entry("skills/review/a\\b")]

    [unit] = SKILL.units_from([AT], files).units

    assert unit.file_paths == (AT,)
    assert [note.code for note in unit.diagnostics] == [
        "symlink_skipped",
        "submodule_skipped",
        "unsafe_path",
        "unsafe_path",
    ]


def test_a_symlinked_entry_is_no_unit() -> None:
    found = SKILL.units_from([AT], [Entry(AT, 0o120000)])

    assert found.units == ()
    assert [note.code for note in found.diagnostics] == ["entry_not_a_file"]


def test_an_lfs_pointer_is_flagged_and_never_delivered() -> None:
    pointer = SourceFile("big.bin", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")

    parsed = parse("skill", "---\nname: review\ndescription: D.\n---\n", AT, pointer)

    assert parsed.left_out == ("big.bin",)
    assert [(note.code, note.path) for note in parsed.diagnostics] == [("lfs_pointer", "skills/review/big.bin")]
    assert SKILL.mask([pointer]) == ()


def test_it_is_installed_below_its_directorys_name() -> None:
    assert SKILL.install_paths("review", "SKILL.md") == {
        "claude-code": "skills/review/",
        "opencode": ".opencode/skills/review/",
        "codex": "skills/review/",
    }
