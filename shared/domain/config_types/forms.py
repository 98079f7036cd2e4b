"""How a unit is spelled for a client that takes another form of it than the one that is delivered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile

Form: TypeAlias = Callable[[Sequence[SourceFile]], tuple[SourceFile, ...]]
"""A unit's files as they are delivered → the same for one client."""


def _nothing(_: Sequence[SourceFile]) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class OpenCodeSection:
    """The section of OpenCode's configuration that a type's units are entries of.

    `entries` reads them out of a unit's files, by what the unit calls them. `body` is the field that stands below the
    frontmatter where a unit is a markdown file of its own; without one, units live in the configuration alone.
    `named`: such a file says what the unit is called, whatever the file is called. `left_out` says in sentences what of
    a unit has no place there.
    """

    name: str
    entries: Callable[[Sequence[SourceFile]], Mapping[str, dict[str, JSON]]]
    body: str | None = None
    named: bool = False
    left_out: Callable[[Sequence[SourceFile]], Sequence[str]] = _nothing
