"""Links within a tree stand for what they lead to; all others stay links."""

import pytest

from shared.domain.config_types.registry import config_type
from shared.domain.reconciliation.links import (
    MAX_LINKS,
    follow,
    links_in_the_way,
    links_that_matter,
    without_duplicates,
)
from shared.domain.source_tree import SYMLINK, TreeEntry
from tests.unit.domain.reconciliation.makers import entry, mapping


def tree(*paths: str, links: dict[str, str]) -> tuple[dict[str, TreeEntry], dict[str, bytes]]:
    """Files that are told apart by their ids, and links by their targets."""
    files = {path: entry(path, f"{number:040x}") for number, path in enumerate(paths)}
    entries = files | {path: entry(path, "f" * 40, SYMLINK) for path in links}
    return dict(sorted(entries.items())), {path: target.encode() for path, target in links.items()}


def seen(entries: dict[str, TreeEntry], targets: dict[str, bytes]) -> dict[str, str]:
    """The real path of each path, "link" for what stayed one."""
    followed = follow(entries, targets)
    return {
        path: "link" if one.mode == SYMLINK else followed.real.get(path, path) for path, one in followed.entries.items()
    }


@pytest.mark.parametrize(
    ("link", "target", "expected"),
    [
        ("a/x.md", "../b/y.md", {"a/x.md": "b/y.md"}),
        ("a/x.md", "./../b/./y.md", {"a/x.md": "b/y.md"}),
        ("a/dir", "../b", {"a/dir/y.md": "b/y.md", "a/dir/c/z.md": "b/c/z.md"}),
        ("a/dir", "../b/", {"a/dir/y.md": "b/y.md", "a/dir/c/z.md": "b/c/z.md"}),
        ("a/x", "../../etc/passwd", {"a/x": "link"}),
        ("a/x", "/etc/passwd", {"a/x": "link"}),
        ("a/x", "nothing", {"a/x": "link"}),
        ("a/x", "x", {"a/x": "link"}),
        ("a/x", "", {"a/x": "link"}),
        ("b/up", "..", {"b/up": "link"}),
        ("b/here", ".", {"b/here": "link"}),
        ("a/x", "\x00", {"a/x": "link"}),
    ],
)
def test_a_link_stands_for_what_it_leads_to(link: str, target: str, expected: dict[str, str]) -> None:
    found = seen(*tree("b/y.md", "b/c/z.md", links={link: target}))

    assert found == {"b/y.md": "b/y.md", "b/c/z.md": "b/c/z.md"} | expected


def test_a_followed_link_has_the_mode_and_content_of_its_file() -> None:
    entries, targets = tree("run.sh", links={"bin": "run.sh"})
    entries["run.sh"] = entry("run.sh", "d" * 40, 0o100755)

    followed = follow(entries, targets).entries["bin"]

    assert (followed.sha, followed.mode, followed.path) == ("d" * 40, 0o100755, "bin")


@pytest.mark.parametrize(("length", "expected"), [(8, "x"), (9, "link")])
def test_a_chain_is_followed_so_far(length: int, expected: str) -> None:
    chain = {f"l{number}": f"l{number + 1}" for number in range(1, length)} | {f"l{length}": "x"}

    assert seen(*tree("x", links=chain))["l1"] == expected


def test_links_in_a_circle_lead_nowhere() -> None:
    assert seen(*tree("x", links={"a": "b", "b": "a"})) == {"a": "link", "b": "link", "x": "x"}


def test_a_link_through_another_that_was_not_read_tells_which_to_read() -> None:
    entries, targets = tree("real/x.md", links={"first": "second", "second": "real"})
    del targets["second"]

    assert [one.path for one in links_in_the_way(entries, targets)] == ["second"]
    assert seen(entries, targets)["first"] == "link"


def test_only_links_that_can_become_part_of_a_unit_matter() -> None:
    paths = ("skills/a/SKILL.md", "README.md")
    links = {"skills/b": "../x", "skills/a/ref.md": "../../y", "docs/z": "../y", ".claude/skills": "../skills"}
    entries, _ = tree(*paths, links=links)
    [unit] = config_type("skill").units_from(["skills/a/SKILL.md"], entries.values()).units

    mappings = [mapping(1, "/skills/*/SKILL.md"), mapping(2, "/.claude/skills/*/SKILL.md")]
    found = links_that_matter(mappings, [unit], entries)

    assert [one.path for one in found] == [".claude/skills", "skills/a/ref.md", "skills/b"]


def test_only_so_many_links_are_read() -> None:
    entries, _ = tree("skills/a/SKILL.md", links={f"skills/l{number}": "a" for number in range(300)})

    assert len(links_that_matter([mapping(1, "/skills/")], [], entries)) == MAX_LINKS


def test_a_unit_that_is_linked_to_is_one_unit_under_its_real_path() -> None:
    entries, targets = tree("z/b/SKILL.md", "z/b/run.sh", links={"skills/a": "../z/b"})
    followed = follow(entries, targets)
    found = config_type("skill").units_from(["skills/a/SKILL.md", "z/b/SKILL.md"], followed.entries.values()).units

    [unit] = without_duplicates(found, followed)

    assert (unit.locator, unit.file_paths) == ("z/b/SKILL.md", ("z/b/SKILL.md", "z/b/run.sh"))
    assert [(note.code, note.path) for note in unit.diagnostics] == [("symlink_duplicate", "skills/a/SKILL.md")]


def test_a_unit_does_not_carry_another_unit_nor_a_file_twice_but_what_they_share() -> None:
    links = {"s/a/again.md": "SKILL.md", "s/a/other": "../b", "s/a/lib.sh": "../b/lib.sh"}
    entries, targets = tree("s/a/SKILL.md", "s/b/SKILL.md", "s/b/lib.sh", links=links)
    followed = follow(entries, targets)
    found = config_type("skill").units_from(["s/a/SKILL.md", "s/b/SKILL.md"], followed.entries.values()).units

    first, _ = without_duplicates(found, followed)

    assert first.file_paths == ("s/a/SKILL.md", "s/a/lib.sh")
    assert {note.path for note in first.diagnostics} == {"s/a/again.md", "s/a/other/SKILL.md", "s/a/other/lib.sh"}
