"""One installable unit: where a source holds it, and what reading it gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic, Severity


class PathEntry(Protocol):
    """One path of a tree, with its git file mode."""

    @property
    def path(self) -> str: ...
    @property
    def mode(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit found in a source; its locator is its identity there.

    `locator` is the entry's path in the tree, followed by `#key` for a unit inside a file. `root` is the
    directory that owns the unit's files ("" for the tree's root) and `entry_path` the entry relative to it.
    `file_paths` are the tree paths to fetch. `diagnostics` say what was left out when it was found. A `container`
    is a file that holds several units of its type: which ones is known once it is fetched and split.
    """

    type: str
    locator: str
    root: str
    entry_path: str
    file_paths: tuple[str, ...]
    key: str | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    container: bool = False

    @property
    def holder(self) -> tuple[str, str]:
        """The type and the path of the file that holds the unit: one file may be a container for several types."""
        return self.type, self.origin

    @property
    def origin(self) -> str:
        """The path in the tree of the file that holds the unit."""
        return self.locator if self.key is None else self.locator.removesuffix(f"#{self.key}")

    def relative(self, path: str) -> str:
        """`path` of the tree as the unit's files name it."""
        return path.removeprefix(f"{self.root}/") if self.root else path


@dataclass(frozen=True, slots=True)
class Found:
    """The units of a selection, the selected paths that belong to none, and what is worth saying about them."""

    units: tuple[Unit, ...]
    unclaimed: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """The units that a fetched unit turns out to hold, each with its own files.

    When not `complete`, the file could not be read: a key that is missing from it proves no deletion.
    """

    units: tuple[tuple[Unit, tuple[SourceFile, ...]], ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """One unit in hand, as a type's reader is given it."""

    entry: SourceFile
    files: tuple[SourceFile, ...]
    origin: str
    key: str | None = None
    parser_mode: str | None = None

    @property
    def folder(self) -> str:
        """The name of the directory that holds the entry; "" at the root."""
        return self.origin.rpartition("/")[0].rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The entry's file name without its extension."""
        return self.entry.path.rpartition("/")[2].rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class SchemaReference:
    """The config object whose JSON Schema a unit has to meet, as the file at `path` in the source says."""

    object_id: str
    path: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a type's reader makes of a source: `name` is what the unit is called once installed."""

    name: str
    title: str
    description: str | None = None
    description_derived: bool = False
    projection: Mapping[str, JSON] = field(default_factory=dict)
    payload: Mapping[str, JSON] = field(default_factory=dict)
    search_extras: tuple[str | None, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    schema: SchemaReference | None = None


@dataclass(frozen=True, slots=True)
class ParsedUnit:
    """What is stored of a unit beside its bytes.

    `projection` holds the type's filter fields, `payload` everything normalized; neither they, nor the title,
    the search text or the diagnostics ever hold a secret. `left_out` are files that are no content (LFS
    pointers) and must not become files of the version. `install_name` is given to `install_paths`.
    `schema` is to be held to before the unit is stored.
    """

    title: str
    description: str | None
    description_derived: bool
    projection: Mapping[str, JSON]
    payload: Mapping[str, JSON]
    search_text: str
    diagnostics: tuple[Diagnostic, ...]
    install_name: str
    left_out: tuple[str, ...] = ()
    schema: SchemaReference | None = None

    @property
    def loads(self) -> bool:
        """False when the clients would refuse the unit: the object's last good version stays delivered."""
        return self.refused_for is None

    @property
    def refused_for(self) -> Diagnostic | None:
        """The first thing that the clients would refuse the unit for."""
        return next((note for note in self.diagnostics if note.severity is Severity.ERROR), None)


def is_loadable(diagnostics: Sequence[Diagnostic]) -> bool:
    return all(note.severity is not Severity.ERROR for note in diagnostics)
