"""What differs between two versions: fields of the payload, and files, with text shown line by line."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from shared.domain.content import FileEntry
from shared.domain.line_diff import Budget, unified_diff

MAX_TEXT: Final = 1024 * 1024
"""Bytes of a file that is compared by its lines."""
MAX_FIELDS: Final = 500
MAX_VALUE: Final = 4_096
"""Characters of a field's value that are shown; the text of a long one is in the diff of its file."""
MAX_DIFF: Final = 64 * 1024
"""Characters of one file's diff."""
MAX_DIFFS: Final = 512 * 1024
"""Characters of all diffs of one answer."""
STEPS: Final = 600_000
"""What comparing lines may cost, all files together: well below a second."""


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    MODE_CHANGED = "mode_changed"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """`path` is dotted; a side that lacks the field is None. `truncated`: a value is longer than is shown."""

    path: str
    before: Any
    after: Any
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class FileDifference:
    """`diff` is None for a binary, for a mode alone, and for what is beyond the limits (`truncated`)."""

    path: str
    change: Change
    before: FileEntry | None
    after: FileEntry | None
    binary: bool = False
    diff: str | None = None
    truncated: bool = False

    @property
    def is_readable(self) -> bool:
        """Whether both sides are small enough to be compared by their lines."""
        sizes = [side.size for side in (self.before, self.after) if side is not None]
        return self.change is not Change.MODE_CHANGED and max(sizes) <= MAX_TEXT


def field_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldDifference]:
    """In the order of their paths, the first `MAX_FIELDS` of them; lists are compared as a whole."""
    return list(islice(_fields(before, after, ""), MAX_FIELDS))


def file_differences(before: Iterable[FileEntry], after: Iterable[FileEntry]) -> list[FileDifference]:
    """In the order of their paths; contents are not looked at."""
    old, new = ({one.path: one for one in side} for side in (before, after))
    pairs = ((path, old.get(path), new.get(path)) for path in sorted(old.keys() | new.keys()))
    return [FileDifference(path, _change(one, other), one, other) for path, one, other in pairs if one != other]


@dataclass(slots=True)
class TextDiffs:
    """Compares files by their lines, within the limits of one answer."""

    budget: Budget = field(default_factory=lambda: Budget(STEPS))
    left: int = MAX_DIFFS

    def of(self, path: str, before: bytes | None, after: bytes | None) -> tuple[bool, str | None, bool]:
        """(binary, diff, truncated) of one file; None stands for a side that has no such file."""
        texts = [_text(data) for data in (before or b"", after or b"")]
        if texts[0] is None or texts[1] is None:
            return True, None, False
        names = (f"a/{path}" if before is not None else "/dev/null", f"b/{path}" if after is not None else "/dev/null")
        whole = unified_diff(texts[0], texts[1], names, self.budget)
        shown = whole[: min(MAX_DIFF, self.left)]
        self.left -= len(shown)
        return False, shown, len(shown) < len(whole)


def _change(before: FileEntry | None, after: FileEntry | None) -> Change:
    if before is None or after is None:
        return Change.ADDED if before is None else Change.REMOVED
    return Change.MODE_CHANGED if before.sha256 == after.sha256 else Change.MODIFIED


def _text(data: bytes) -> str | None:
    """None for a binary: what holds a NUL, as git has it, or is no UTF-8."""
    if b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _fields(before: Mapping[str, Any], after: Mapping[str, Any], trail: str) -> Iterator[FieldDifference]:
    for name in sorted(before.keys() | after.keys()):
        old, new, path = before.get(name), after.get(name), f"{trail}{name}"
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _fields(old, new, f"{path}.")
        elif old != new:
            (one, cut_one), (other, cut_other) = _shown(old), _shown(new)
            yield FieldDifference(path, one, other, cut_one or cut_other)


def _shown(value: Any) -> tuple[Any, bool]:
    if isinstance(value, str):
        return value[:MAX_VALUE], len(value) > MAX_VALUE
    is_long = isinstance(value, list | dict) and len(json.dumps(value)) > MAX_VALUE
    return (None, True) if is_long else (value, False)
