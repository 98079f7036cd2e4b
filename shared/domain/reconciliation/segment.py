"""Matches one path segment against one pattern segment in time linear in the segment, whatever the pattern.

All positions in the pattern that the characters read so far may have led to are the bits of one integer, so a
character costs the same few operations for `a` as for eight stars. Patterns come from users: an engine that
backtracks can be made to run for minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.errors import Invalid

_MAX_CLASS = 256


@dataclass(frozen=True, slots=True)
class Segment:
    """Bit i of a mask stands for the i-th character of the pattern, stars not counted.

    `loops` are the positions where a star takes in any character, `known` the positions that take a certain
    character, `other` those that take any character not in `known`.
    """

    literal: str | None
    loops: int
    known: dict[str, int]
    other: int
    length: int

    def matches(self, name: str) -> bool:
        if self.literal is not None:
            return name == self.literal
        positions = 1
        for character in name:
            taken = positions & self.known.get(character, self.other)
            positions = taken << 1 | positions & self.loops
            if not positions:
                return False
        return bool(positions >> self.length & 1)


def compile_segment(pattern: str) -> Segment:
    """`*` any characters, `?` one, `[abc]`, `[a-z]` and `[!a]` one of a class; all else is itself."""
    builder = _Builder()
    at = 0
    while at < len(pattern):
        at = builder.take(pattern, at)
    literal = None if set(pattern) & set("*?[") else pattern
    return Segment(literal, builder.loops, builder.masks(), builder.other, builder.length)


class _Builder:
    def __init__(self) -> None:
        self.loops, self.other, self.length = 0, 0, 0
        self._takes: dict[str, int] = {}
        self._refuses: dict[str, int] = {}

    def take(self, pattern: str, at: int) -> int:
        """Add what stands at `at`; the position behind it."""
        bit = 1 << self.length
        if pattern[at] == "*":
            self.loops |= bit
            return at + 1
        self.length += 1
        if pattern[at] == "?":
            self.other |= bit
            return at + 1
        if pattern[at] == "[":
            characters, negated, behind = _character_class(pattern, at)
            self.other |= bit if negated else 0
            _add(self._refuses if negated else self._takes, characters, bit)
            return behind
        _add(self._takes, pattern[at], bit)
        return at + 1

    def masks(self) -> dict[str, int]:
        named = {*self._takes, *self._refuses}
        return {
            one: self._takes.get(one, 0) | self.other & ~self._refuses.get(one, 0)
            for one in named
        }  # fmt: skip


def _add(masks: dict[str, int], characters: str, bit: int) -> None:
    for character in characters:
        masks[character] = masks.get(character, 0) | bit


def _character_class(pattern: str, start: int) -> tuple[str, bool, int]:
    """The characters of the class that opens at `start`, whether it excludes them, and where it ends."""
    negated = pattern[start + 1 : start + 2] in ("!", "^")
    first = start + 1 + negated
    end = pattern.find("]", first + 1)  # a bracket right behind the opening one is a member
    if end < 0:
        raise Invalid.field("selector", "has a [ without its ]")
    return "".join(_ranges(pattern[first:end])), negated, end + 1


def _ranges(members: str) -> Iterator[str]:
    at = 0
    while at < len(members):
        is_range = members[at + 1 : at + 2] == "-" and at + 2 < len(members)
        first, last = ord(members[at]), ord(members[at + 2] if is_range else members[at])
        if last - first >= _MAX_CLASS:
            raise Invalid.field("selector", f"has a class of more than {_MAX_CLASS} characters")
        yield "".join(map(chr, range(first, last + 1)))
        at += 3 if is_range else 1
