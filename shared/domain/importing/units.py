"""Which config objects a tree of files holds: what each type's default locations select, below each plugin root."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shared.domain.archives.contents import ArchiveContents, TreePath
from shared.domain.config_types.base import ConfigType
from shared.domain.config_types.registry import CONFIG_TYPES
from shared.domain.config_types.unit import Unit
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic, Severity
from shared.domain.importing.plugin_roots import PluginRoot, is_manifest, plugin_roots
from shared.domain.reconciliation.selector import Selector, compile_selector

_LINK: Final = "is a link; links are not followed"
_LITTER: Final = "is left behind by a desktop and holds nothing"
_NO_UNIT: Final = "is no part of a config object"


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit with its files, named as it names them."""

    declaration: ConfigType
    unit: Unit
    files: tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A path that becomes nothing; one that ends in a slash stands for all below it."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Holdings:
    units: tuple[FoundUnit, ...]
    skipped: tuple[Skipped, ...]


def find_units(contents: ArchiveContents) -> Holdings:
    """Every unit in the tree, types in their own order and paths in theirs; what is in none is skipped by name.

    A folder around everything, as GitHub's archives have one, is no part of any path.
    Raises: TooLarge for more plugins than one import takes.
    """
    contents = _unwrapped(contents)
    tree = contents.tree
    selected = _select(contents, tree)
    units: list[FoundUnit] = []
    notes: list[Diagnostic] = []
    for declaration in CONFIG_TYPES.values():
        found = declaration.units_from(selected.get(declaration.name, ()), tree)
        notes += found.diagnostics
        for unit in found.units:
            files = [replace(contents.files[path], path=unit.relative(path)) for path in unit.file_paths]
            split = declaration.split(unit, files)
            notes += split.diagnostics
            units += [FoundUnit(declaration, one, tuple(own)) for one, own in split.units]
    return Holdings(tuple(units), tuple(_skipped(contents, units, notes)))


def _unwrapped(contents: ArchiveContents) -> ArchiveContents:
    """Without the one folder that holds everything, unless types look for that folder by its name."""
    tops = {path.partition("/")[0] if "/" in path else "" for path in (*contents.files, *contents.links)}
    top = next(iter(tops))
    known = {location.partition("/")[0] for each in CONFIG_TYPES.values() for location in each.default_locations}
    if len(tops) > 1 or not top or top in known or top == ".claude-plugin":
        return contents
    start = len(top) + 1
    files = {path[start:]: replace(file, path=path[start:]) for path, file in contents.files.items()}
    return replace(contents, files=files, links=tuple(path[start:] for path in contents.links))


def _select(contents: ArchiveContents, tree: Sequence[TreePath]) -> Mapping[str, set[str]]:
    """Paths by the type whose entries they are."""
    selected: dict[str, set[str]] = {}
    places = _Places()
    for root in plugin_roots(contents.files):
        itself = dict(_root_as_unit(root, contents.files))
        for type_name, path in itself.items():
            selected.setdefault(type_name, set()).add(path)
        if itself and not root.declared and _is_lone(itself, tree):
            continue
        for type_name, path in _referenced(root, tree):
            selected.setdefault(type_name, set()).add(path)
        for entry in tree:
            below = root.within(entry.path)
            for type_name in places.types_of(below) if below is not None else ():
                selected.setdefault(type_name, set()).add(entry.path)
    return selected


def _referenced(root: PluginRoot, tree: Sequence[TreePath]) -> Iterator[tuple[str, str]]:
    """What the manifests name by type: a file itself, and all that is in a folder."""
    for type_name in CONFIG_TYPES:
        for named in root.references(type_name):
            inside = f"{named}/"
            yield from ((type_name, entry.path) for entry in tree if f"{entry.path}/".startswith(inside))


def _root_as_unit(root: PluginRoot, files: Collection[str]) -> Iterator[tuple[str, str]]:
    """A folder that is one unit itself has its type's entry at its root."""
    for declaration in CONFIG_TYPES.values():
        name = declaration.default_locations[0].rpartition("/")[2] if declaration.default_locations else ""
        path = f"{root.path}/{name}".lstrip("/")
        if declaration.installs_as_folder and path in files:
            yield declaration.name, path


def _is_lone(itself: Mapping[str, str], tree: Sequence[TreePath]) -> bool:
    """Whether the folder really is that unit: then all in it is the unit's, whatever its folders are called."""
    return any(CONFIG_TYPES[name].units_from([path], tree).units for name, path in itself.items())


class _Places:
    """All types' default locations, by the folder or file that they begin with."""

    def __init__(self) -> None:
        self._by_start: dict[str, list[tuple[str, Selector]]] = {}
        for declaration in CONFIG_TYPES.values():
            for location in declaration.default_locations:
                selector = compile_selector(f"/{location}")
                self._by_start.setdefault(location.partition("/")[0], []).append((declaration.name, selector))

    def types_of(self, path: str) -> set[str]:
        candidates = self._by_start.get(path.partition("/")[0], ())
        return {type_name for type_name, selector in candidates if selector.matches(path)}


def _skipped(contents: ArchiveContents, units: Iterable[FoundUnit], notes: Iterable[Diagnostic]) -> Iterator[Skipped]:
    claimed = {path for found in units for path in found.unit.file_paths}
    said = (note for note in notes if note.severity is not Severity.INFO or not is_manifest(note.path))
    noted = {note.path: note.message for note in said if note.path not in claimed}
    yield from (Skipped(path, reason) for path, reason in noted.items())
    yield from (Skipped(path, _LINK) for path in contents.links if path not in noted)
    yield from (Skipped(path, _LITTER) for path in contents.litter)
    left = [path for path in contents.files if path not in claimed and path not in noted and not is_manifest(path)]
    yield from (Skipped(path, _NO_UNIT) for path in _collapsed(left, claimed))


def _collapsed(left: Iterable[str], claimed: Iterable[str]) -> list[str]:
    """Each path, or the topmost folder above it that holds nothing else."""
    inside = {"", *(path[:at] for path in claimed for at, character in enumerate(path) if character == "/")}
    shown: dict[str, None] = {}
    for path in left:
        folders = (path[:at] for at, character in enumerate(path) if character == "/")
        alone = next((folder for folder in folders if folder not in inside), None)
        shown[path if alone is None else f"{alone}/"] = None
    return list(shown)
