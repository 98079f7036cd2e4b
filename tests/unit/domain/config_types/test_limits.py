"""A unit that is too large is refused with a code, and still has a name."""

import pytest

from shared.domain.config_types import limits
from shared.domain.config_types.registry import config_type
from shared.domain.content import SourceFile
from tests.unit.domain.config_types.reading import codes, parse

AT = "skills/big/SKILL.md"


def test_an_entry_over_1_mib_is_refused_but_named() -> None:
    parsed = parse("skill", b"x" * (1024 * 1024 + 1), AT)

    assert not parsed.loads
    assert codes(parsed) == {"entry_too_large"}
    assert (parsed.title, parsed.payload) == ("big", {})


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([("SKILL.md", 1), ("a", 25 * 1024 * 1024)], "unit_too_large"),
        ([(f"f{n}", 1) for n in range(2001)], "too_many_files"),
    ],
)
def test_sizes_alone_tell_before_anything_is_fetched(files: list[tuple[str, int]], code: str) -> None:
    assert [note.code for note in limits.check("SKILL.md", files)] == [code]


def test_exactly_the_limits_are_allowed() -> None:
    files = [("SKILL.md", 1024 * 1024), ("a", 24 * 1024 * 1024), *((f"f{n}", 0) for n in range(1998))]

    assert limits.check("SKILL.md", files) == ()


def test_a_missing_entry_is_refused() -> None:
    parsed = config_type("skill").parse("SKILL.md", [SourceFile("other.md", b"")], origin=AT)

    assert codes(parsed) == {"entry_missing"}


def test_an_entry_that_is_an_lfs_pointer_is_refused() -> None:
    parsed = parse("agent", b"version https://git-lfs.github.com/spec/v1\n", "agents/a.md")

    assert codes(parsed) == {"lfs_entry"}
    assert not parsed.loads
