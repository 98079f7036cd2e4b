import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.errors import Invalid
from shared.domain.reconciliation.segment import compile_segment
from shared.domain.reconciliation.selector import compile_selector

if TYPE_CHECKING:
    from _typeshed import TraceFunction

HOSTILE = "*a" * 8 + "b"


@pytest.mark.parametrize(
    ("selector", "path"),
    [
        ("/", "any/thing"),
        ("**", "any/thing"),
        ("/skills", "skills/a/SKILL.md"),
        ("/skills/", "skills/a/SKILL.md"),
        ("/skills/**", "skills/a/SKILL.md"),
        ("/skills/*", "skills/a/SKILL.md"),
        ("/skills/*/SKILL.md", "skills/a/SKILL.md"),
        ("skills/", "plugins/p/skills/a/SKILL.md"),
        ("*.md", "deep/down/x.md"),
        ("*.md", "x.md"),
        ("**/agents/*.md", "agents/x.md"),
        ("/a/**/b", "a/b"),
        ("/a/**/b", "a/x/y/b"),
        ("/a/**/**/b", "a/x/b"),
        ("/a?c", "abc"),
        ("/[a-c]x[!0-9]", "bxy"),
        ("/[]-]", "]"),
        ("/.mcp.json", ".mcp.json"),
        ("*", ".hidden"),
        ("/über/*", "über/ß"),
        ("/a**b", "axxb"),
        ("/**/**", "x"),
    ],
)
def test_it_selects(selector: str, path: str) -> None:
    assert compile_selector(selector).matches(path)


@pytest.mark.parametrize(
    ("selector", "path"),
    [
        ("/skills", "plugins/skills/x"),
        ("/skills/", "skills"),
        ("/skills/**", "skills"),
        ("skills/", "my/skills"),
        ("/skills/*/SKILL.md", "skills/a/b/SKILL.md"),
        ("/skills/*/SKILL.md", "skills/a/skill.md"),
        ("/a/*/b", "a/b"),
        ("/a?c", "a/c"),
        ("/a*c", "a/c"),
        ("/[!a]", "a"),
        ("/[a-c]", "d"),
        ("*.md", "x.md5"),
        ("/a+", "aa"),
        ("/a.c", "abc"),
    ],
)
def test_it_does_not_select(selector: str, path: str) -> None:
    assert not compile_selector(selector).matches(path)


@pytest.mark.parametrize(
    "selector",
    ["", " ", "a" * 257, "/".join("a" * 33), "../x", "a/../b", "./a", "a//b", "//", "a\\b", "a\0b", "a\nb",
     "!a", "/a[", "/[]", "/[\u0100-\uffdc]"],
)  # fmt: skip
def test_a_selector_that_cannot_be_meant_is_refused(selector: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_selector(selector)

    assert [error.path for error in refused.value.errors] == ["selector"]


SEGMENTS = st.sampled_from(["a", "b", "*", "**", "a*", "?"])
PATTERNS = st.text("ab.*?", min_size=1, max_size=5)


@given(pattern=PATTERNS, name=st.text("ab.", max_size=8))
def test_a_segment_matches_like_the_shell(pattern: str, name: str) -> None:
    assert compile_segment(pattern).matches(name) == fnmatchcase(name, pattern)


@pytest.mark.parametrize("selector", [f"/{HOSTILE}", "/**/a" * 15 + "/b", "/" + "?*" * 8 + "b"])
def test_twice_the_path_costs_at_most_twice_the_steps(selector: str) -> None:
    path, deeper, wider = ("/".join(["a" * width] * depth) for width, depth in ((20, 20), (20, 40), (40, 20)))

    assert max(steps(selector, deeper), steps(selector, wider)) <= 2.2 * steps(selector, path)


def steps(selector: str, path: str) -> int:
    """Lines executed to match."""
    compiled, lines = compile_selector(selector), 0

    def trace(frame: FrameType, event: str, arg: object) -> "TraceFunction | None":
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        assert not compiled.matches(path)
    finally:
        sys.settrace(before)
    return lines


@pytest.fixture(scope="module")
def gitignored(tmp_path_factory: pytest.TempPathFactory) -> "Ignored":
    return Ignored(tmp_path_factory.mktemp("ignored"))


@settings(max_examples=60, deadline=None)
@given(segments=st.lists(SEGMENTS, min_size=1, max_size=4), folder=st.booleans())
def test_a_rooted_selector_selects_what_gitignore_does(
    gitignored: "Ignored", segments: list[str], folder: bool
) -> None:
    selector = "/" + "/".join(segments) + "/" * folder

    assert {path for path in gitignored.paths if compile_selector(selector).matches(path)} == gitignored.by(selector)


class Ignored:
    """Asks git which of a few paths a pattern matches."""

    paths = ("a", "b/a", "b/b", "ab/a/b", "ab/b/a", "c/a/b/c")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        subprocess.run(["git", "init", "-q", folder], check=True)

    def by(self, pattern: str) -> set[str]:
        (self._folder / ".git/info/exclude").write_text(f"{pattern}\n")
        asked = "\0".join(self.paths).encode()
        command = ["git", "-C", str(self._folder), "check-ignore", "--no-index", "-z", "--stdin"]
        answer = subprocess.run(command, input=asked, capture_output=True, check=False)
        return set(answer.stdout.decode().split("\0")) - {""}
