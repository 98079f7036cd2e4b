"""Unified diffs: right for every pair of texts, and cheap for the worst of them."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.differences import STEPS
from shared.domain.line_diff import Budget, unified_diff

NAMES = ("a/x", "b/x")
TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "\n", "c d\n"]), max_size=12).map("".join)


def diff(before: str, after: str, steps: int = STEPS) -> str:
    return unified_diff(before, after, NAMES, Budget(steps))


def test_a_change_is_shown_with_its_context() -> None:
    before = "".join(f"{number}\n" for number in range(10))

    assert diff(before, before.replace("5\n", "five\n")) == (
        "--- a/x\n+++ b/x\n@@ -3,7 +3,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
    )


def test_changes_far_apart_are_hunks_of_their_own() -> None:
    before = "".join(f"{number}\n" for number in range(40))

    shown = diff(before, before.replace("5\n", "five\n", 1).replace("30\n", "thirty\n"))

    assert shown.count("@@ -") == 2


def test_a_missing_last_newline_is_told() -> None:
    assert "\\ No newline at end of file" in diff("a\nb", "a\nb\n")


def test_equal_texts_have_no_diff() -> None:
    assert diff("a\nb\n", "a\nb\n") == ""


@given(TEXTS, TEXTS, st.sampled_from([0, 40, STEPS]))
def test_applying_a_diff_gives_the_other_text(before: str, after: str, steps: int) -> None:
    assert applied(before, diff(before, after, steps)) == after


def test_a_diff_is_one_that_patch_applies(tmp_path: Path) -> None:
    before = "".join(f"{number % 7}\n" for number in range(200))
    after = before.replace("3\n4\n", "three\n", 9) + "last"
    file = tmp_path / "x"
    file.write_text(before)

    subprocess.run(["git", "apply", "-"], input=diff(before, after).encode(), cwd=tmp_path, check=True)

    assert file.read_text() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n" * 250_000, "b\n" * 250_000),
        ("a\nb\n" * 125_000, "b\na\na\n" * 80_000),
        ("".join(f"{n}\n" for n in range(100_000)), "".join(f"{n}\n" for n in reversed(range(100_000)))),
        ("x" * 1_000_000, "x" * 999_999 + "y"),
    ],
    ids=["disjoint", "interleaved", "reversed", "one line"],
)
def test_hostile_texts_are_compared_in_bounded_steps(before: str, after: str) -> None:
    budget = Budget(STEPS)

    unified_diff(before, after, NAMES, budget)

    assert budget.steps >= -len(before) - len(after)


def applied(before: str, shown: str) -> str:
    """`before` with a diff applied, by its line numbers alone; both texts end in a line feed or are empty."""
    lines, result, at = before.splitlines(keepends=True), [], 0
    for line in shown.splitlines(keepends=True)[2:]:
        if line.startswith("@@"):
            start, size = map(int, line.split()[1][1:].split(","))
            upto = start - 1 if size else start
            result += lines[at:upto]
            at = upto
        else:
            result += [line[1:]] if line[0] in " +" else []
            at += line[0] in " -"
    return "".join([*result, *lines[at:]])
