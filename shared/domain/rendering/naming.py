"""Names that several things share, made distinct in a way that depends on their ids alone."""

from collections.abc import Collection, Mapping
from typing import Final

_SUFFIX: Final = 6
_LONGEST: Final = 128
"""The longest plugin name that every client takes (Codex CLI 0.169)."""


def distinct_names(names: Mapping[str, str]) -> dict[str, str]:
    """A distinct name for each id: the lowest id keeps a shared name, later ones carry the end of theirs.

    Case does not tell names apart, for it does not on many machines that they are installed on.
    """
    distinct: dict[str, str] = {}
    taken: set[str] = set()
    for each in sorted(names):
        distinct[each] = free_name(names[each], each, taken)
        taken.add(distinct[each].casefold())
    return distinct


def free_name(name: str, owner_id: str, taken: Collection[str]) -> str:
    """`name`, or where it is among `taken` (casefolded), the name with the shortest end of its owner's id."""
    lengths = (*range(_SUFFIX, len(owner_id), _SUFFIX), len(owner_id))
    suffixed = (f"{name[: _LONGEST - length - 1]}-{owner_id[-length:]}" for length in lengths)
    return next(each for each in (name, *suffixed) if each.casefold() not in taken)
