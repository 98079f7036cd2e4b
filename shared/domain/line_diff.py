"""Two texts as a unified diff, line by line, at a cost that no text can drive up.

The shortest edit is found greedily (E. Myers, "An O(ND) Difference Algorithm", 1986). Its cost grows with the square of
what differs, so every comparison spends from a budget of steps; texts that differ too much for it are shown as one
block replaced by another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

CONTEXT: Final = 3
"""Unchanged lines around a change, as diff and git show them."""

_NO_NEWLINE: Final = "\\ No newline at end of file"

Edit = tuple[str, str]
"""One line, after ` ` for kept, `-` for taken away, `+` for added."""


@dataclass(slots=True)
class Budget:
    """Steps left for all comparisons of one answer: some half a microsecond each."""

    steps: int

    def take(self, steps: int) -> bool:
        self.steps -= steps
        return self.steps >= 0


def unified_diff(before: str, after: str, names: tuple[str, str], budget: Budget) -> str:
    """The diff with its two header lines; "" for equal texts."""
    edits = _edits(_lines(before), _lines(after), budget)
    hunks = [line for start, end in _hunks(edits) for line in _hunk(edits, start, end)]
    return "\n".join([f"--- {names[0]}", f"+++ {names[1]}", *hunks, ""]) if hunks else ""


def _lines(text: str) -> list[str]:
    """Lines end at a line feed and nowhere else, as in git; a last line without one is marked."""
    lines = text.split("\n")
    if lines[-1]:
        lines[-1] += f"\n{_NO_NEWLINE}"
    else:
        lines.pop()
    return lines


def _edits(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Edit]:
    names: dict[str, int] = {}
    a, b = ([names.setdefault(line, len(names)) for line in lines] for lines in (old, new))
    start = _common(a, b)
    end = _common(a[start:][::-1], b[start:][::-1])
    core_a, core_b = a[start : len(a) - end], b[start : len(b) - end]
    edits: list[Edit] = [(" ", line) for line in old[:start]]
    at, other = start, start
    for x, y in [*_matches(core_a, core_b, budget), (len(core_a), len(core_b))]:
        edits += [("-", line) for line in old[at : start + x]]
        edits += [("+", line) for line in new[other : start + y]]
        edits += [(" ", line) for line in old[start + x : start + x + 1] if x < len(core_a)]
        at, other = start + x + 1, start + y + 1
    return edits + [(" ", line) for line in old[len(old) - end :]]


def _common(a: Sequence[int], b: Sequence[int]) -> int:
    """How many lines both begin with."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(a), len(b)))


def _matches(a: Sequence[int], b: Sequence[int], budget: Budget) -> list[tuple[int, int]]:
    """The lines that stay, as pairs of indices; none when finding them would cost too much."""
    trace: list[dict[int, int]] = []
    furthest = {1: 0}
    for edits in range(len(a) + len(b) + 1):
        trace.append(dict(furthest))
        if not budget.take(2 * edits + 1):
            return []
        for diagonal in range(-edits, edits + 1, 2):
            start = _step(furthest, diagonal, edits)
            x, y = start, start - diagonal
            while x < len(a) and y < len(b) and a[x] == b[y]:
                x, y = x + 1, y + 1
            if not budget.take(x - start):
                return []
            furthest[diagonal] = x
            if x >= len(a) and y >= len(b):
                return _walk_back(trace, len(a), len(b))
    return []


def _step(furthest: dict[int, int], diagonal: int, edits: int) -> int:
    """Where a diagonal is entered: by a line added from the one above, or taken away from the one below."""
    down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
    return furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1


def _walk_back(trace: Sequence[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest, diagonal = trace[edits], x - y
        start = _step(furthest, diagonal, edits)
        while x > start:
            x, y = x - 1, y - 1
            kept.append((x, y))
        down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
        x, y = (x, y - 1) if down else (x - 1, y)
    return kept[::-1]


def _hunks(edits: Sequence[Edit]) -> Iterator[tuple[int, int]]:
    """Ranges of edits with their context; changes that would share context share a hunk."""
    changed = [at for at, (mark, _) in enumerate(edits) if mark != " "]
    start = end = None
    for at in changed:
        if end is not None and start is not None and at - CONTEXT > end:
            yield start, end
            start = None
        start = max(0, at - CONTEXT) if start is None else start
        end = min(len(edits), at + CONTEXT + 1)
    if start is not None and end is not None:
        yield start, end


def _hunk(edits: Sequence[Edit], start: int, end: int) -> Iterator[str]:
    before = sum(mark != "+" for mark, _ in edits[:start])
    after = sum(mark != "-" for mark, _ in edits[:start])
    old = sum(mark != "+" for mark, _ in edits[start:end])
    new = sum(mark != "-" for mark, _ in edits[start:end])
    yield f"@@ -{before + bool(old)},{old} +{after + bool(new)},{new} @@"
    yield from (mark + line for mark, line in edits[start:end])
