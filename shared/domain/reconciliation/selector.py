"""Which paths a mapping selects: gitignore's patterns, rooted by a leading slash.

    /skills/            everything below the folder skills at the root
    /plugins/*/agents   every such file, or everything below every such folder
    *.md                any file of that ending, at any depth
    /a/**/b             b, any number of folders below a

Unlike in gitignore only a leading slash roots a selector: `skills/x` is looked for at any depth.
Source: https://git-scm.com/docs/gitignore#_pattern_format
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from shared.domain.errors import Invalid
from shared.domain.reconciliation.segment import Segment, compile_segment

MAX_LENGTH: Final = 256
MAX_SEGMENTS: Final = 32
_WILD: Final = frozenset("*?[")


class Specificity(NamedTuple):
    """Compares selectors: more plain leading segments first, then more plain ones, then more plain characters."""

    leading: int
    plain: int
    characters: int
    fewer_wildcards: int


@dataclass(frozen=True, slots=True)
class Selector:
    """A compiled selector; None stands for `**`. Bit i of `positions` means: the first i segments are matched."""

    text: str
    segments: tuple[Segment | None, ...]
    specificity: Specificity

    @property
    def start(self) -> int:
        return self._skipping(1)

    @property
    def anchor(self) -> str:
        """The folder that everything it selects lies in or below: what comes before its last or first open name."""
        names: list[str] = []
        for segment in self.segments[:-1]:
            if segment is None or segment.literal is None:
                break
            names.append(segment.literal)
        return "/".join(names)

    def step(self, positions: int, name: str) -> int:
        """The positions behind one more path segment; 0 when nothing below it can be selected."""
        reached = positions & 1 << len(self.segments)  # all below a match is selected with it
        for index, segment in enumerate(self.segments):
            if positions >> index & 1:
                if segment is None:
                    reached |= 1 << index
                elif segment.matches(name):
                    reached |= 1 << index + 1
        return self._skipping(reached)

    def accepts(self, positions: int) -> bool:
        return bool(positions >> len(self.segments) & 1)

    def matches(self, path: str) -> bool:
        positions = self.start
        for name in path.split("/"):
            positions = self.step(positions, name)
        return self.accepts(positions)

    def _skipping(self, positions: int) -> int:
        """`**` may also stand for no folder at all; it never comes twice in a row, nor last."""
        for index, segment in enumerate(self.segments):
            if segment is None and positions >> index & 1:
                positions |= 1 << index + 1
        return positions


@lru_cache(maxsize=1_024)
def compile_selector(text: str) -> Selector:
    """Check and compile; `Invalid` names what is wrong and the field `selector`."""
    _check(text)
    names = _expanded(text)
    segments = tuple(None if name == "**" else compile_segment(name) for name in names)
    return Selector(text, segments, _specificity(names))


def is_selector(text: str) -> bool:
    """Whether it can be compiled."""
    try:
        compile_selector(text)
    except Invalid:
        return False
    return True


def _check(text: str) -> None:
    problem = (
        "is empty" if not text.strip()
        else f"is longer than {MAX_LENGTH} characters" if len(text) > MAX_LENGTH
        else "may not contain a backslash; separate folders by /" if "\\" in text
        else "may not contain control characters" if not text.isprintable()
        else "may not start with !; name what to select" if text.startswith("!")
        else "may not contain empty, . or .. segments" if "//" in text or {".", ".."} & set(_names(text))
        else f"has more than {MAX_SEGMENTS} segments" if len(_names(text)) > MAX_SEGMENTS
        else None
    )  # fmt: skip
    if problem:
        raise Invalid.field("selector", problem)


def _names(text: str) -> list[str]:
    inner = text.removeprefix("/").removesuffix("/")
    return inner.split("/") if inner else []


def _expanded(text: str) -> list[str]:
    """One spelling for all: any depth is a first `**`; a last `**`, and a folder's slash, are a last `*`."""
    names = ([] if text.startswith("/") else ["**"]) + _names(text)
    names = [name for at, name in enumerate(names) if name != "**" or at == 0 or names[at - 1] != "**"]
    if names and names[-1] == "**":
        names[-1] = "*"
    return names + ["*"] * text.endswith("/")


def _specificity(names: list[str]) -> Specificity:
    plain = [name for name in names if not _WILD & set(name)]
    leading = next((at for at, name in enumerate(names) if _WILD & set(name)), len(names))
    characters = sum(character not in _WILD for name in names for character in name)
    return Specificity(leading, len(plain), characters, -sum(name == "**" for name in names))
