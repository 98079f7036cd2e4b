"""A tree is refused when some client could not write it to disk, or would write it elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import Invalid
from shared.domain.rendering.tree import TreeFile, checked_paths, folders_above
from shared.domain.writable_path import path_problem

FILE = TreeFile(b"")


ELSEWHERE = ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "./a", "a/.", "a\\..\\b"]
UNWRITABLE = ["a\0b", "a\nb", "\ud800", "x" * 256, "/".join(["xyz"] * 300)]
GITS_OWN = [
    ".git",
    "a/.git/hooks/x",
    ".GIT/config",
    ".git.",
    ".git /x",
    "git~1",
    ".git::$INDEX_ALLOCATION",
    ".g\u200cit",
]


@pytest.mark.parametrize("path", [*ELSEWHERE, *UNWRITABLE, *GITS_OWN])
def test_a_path_that_some_client_could_not_write_is_a_problem(path: str) -> None:
    assert path_problem(path)


@pytest.mark.parametrize(
    "path",
    ["a", ".gitignore", ".github/x", "a.git", "gitx", "..a", "a..", "größe/日本語.md", "👩\u200d💻", "a b", "x" * 255],
)
def test_an_unusual_path_is_no_problem(path: str) -> None:
    assert path_problem(path) is None


def test_every_problem_of_a_tree_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        checked_paths({"fine": FILE, "../x": FILE, "a": FILE, "a/b/c": FILE})

    named = {error.path: error.message for error in refusal.value.errors}
    assert named == {"../x": "is not a plain relative path", "a": "is both a file and a folder"}


def test_paths_are_sorted_by_their_bytes() -> None:
    assert checked_paths({"\U0001f600": FILE, "\uffee": FILE, "b": FILE}) == ["b", "\uffee", "\U0001f600"]


def test_the_folders_above_a_file_are_nearest_first() -> None:
    assert folders_above("a/b/c") == ["a/b", "a"]
    assert folders_above("c") == []


@pytest.mark.parametrize(("mode", "executable"), [(0o100755, True), (0o100644, False), (0o120000, False)])
def test_only_the_executable_bit_of_a_mode_counts(mode: int, executable: bool) -> None:
    file = TreeFile(b"", mode)

    assert file.executable is executable
    assert file.git_mode == (0o100755 if executable else 0o100644)


@given(st.text(max_size=20))
def test_any_text_is_a_path_or_a_problem(path: str) -> None:
    if path_problem(path) is None:
        assert path.encode()
        assert ".." not in path.split("/")
