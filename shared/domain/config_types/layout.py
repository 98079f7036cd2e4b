"""Finds units among the paths of a tree: directories that an entry file claims, and single files."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from unicodedata import normalize

from shared.domain.config_types.codes import Code
from shared.domain.config_types.unit import Found, PathEntry, Unit
from shared.domain.diagnostics import Diagnostic
from shared.domain.source_tree import SUBMODULE, SYMLINK
from shared.domain.writable_path import path_problem

_LINKS = {SYMLINK: Code.SYMLINK_SKIPPED, SUBMODULE: Code.SUBMODULE_SKIPPED}
_DIRECTORY = 0o040000
_LONGEST = 700
"""Bytes of a path in a repository; as installed it may have 1,024."""


def find_files(
    type_name: str,
    selected: Sequence[str],
    tree: Sequence[PathEntry],
    *,
    endings: tuple[str, ...],
    folders: tuple[str, ...] = (),
) -> Found:
    """Every selected file with one of these endings is a unit of its own.

    Its root is the nearest of `folders` above it, so that what lies between them can name it, else its folder.
    """
    modes = {entry.path: entry.mode for entry in tree}
    units, unclaimed, notes = [], [], []
    for path in selected:
        if not has_ending(path, endings):
            unclaimed.append(path)
        elif problem := _problem(path, modes.get(path)):
            unclaimed.append(path)
            notes.append(problem if problem.code == Code.UNSAFE_PATH else Code.ENTRY_NOT_A_FILE.at(path))
        else:
            root = _collection(path, folders)
            units.append(Unit(type_name, path, root, path[len(root) :].lstrip("/"), (path,)))
    return Found(tuple(units), tuple(_not_directories(unclaimed, modes)), tuple(notes))


def find_directories(
    type_name: str,
    entries: Collection[str],
    selected: Sequence[str],
    tree: Sequence[PathEntry],
    note: Callable[[str], tuple[Diagnostic, ...]],
) -> Found:
    """Each path of `entries` claims its whole directory, except what a nearer entry claims.

    Symlinks, submodules and unsafe paths inside are left out, each with a diagnostic on its unit.
    """
    entry_of = {_parent(path): path for path in entries}
    files: dict[str, list[str]] = {root: [] for root in entry_of}
    notes: dict[str, list[Diagnostic]] = {root: list(note(path)) for root, path in entry_of.items()}
    for root, item in _owned(tree, entry_of):
        if problem := _problem(item.path, item.mode):
            notes[root].append(problem)
        else:
            files[root].append(item.path)
    units = []
    for root, path in sorted(entry_of.items()):
        own = tuple(sorted(files[root]))
        notes[root] += _collisions(own)
        units.append(Unit(type_name, path, root, path[len(root) :].lstrip("/"), own, diagnostics=tuple(notes[root])))
    claimed = {path for unit in units for path in unit.file_paths}
    modes = {entry.path: entry.mode for entry in tree}
    unclaimed = [path for path in selected if path not in claimed]
    return Found(tuple(units), tuple(_not_directories(unclaimed, modes)), ())


def _owned(tree: Iterable[PathEntry], roots: Mapping[str, str]) -> Iterator[tuple[str, PathEntry]]:
    """Each file of the tree that lies below a root, with the nearest one."""
    nearest: dict[str, str | None] = {}
    for item in tree:
        root = _nearest(_parent(item.path), roots, nearest)
        if root is not None and item.mode != _DIRECTORY:
            yield root, item


def _collisions(paths: Iterable[str]) -> Iterator[Diagnostic]:
    """Files that are one and the same where names are not told apart by case, or by how a letter is composed."""
    first: dict[str, str] = {}
    for path in paths:
        other = first.setdefault(normalize("NFC", path).casefold(), path)
        if other != path:
            yield Code.CASE_COLLISION.at(path, f"as {other}")


def is_file(path: str, mode: int | None) -> bool:
    return mode is not None and _problem(path, mode) is None and mode != _DIRECTORY


def has_ending(path: str, endings: tuple[str, ...]) -> bool:
    """Whether a path ends so, in any case; an ending with a leading slash is a whole file name."""
    return f"/{path.lower()}".endswith(endings)


def extension_of(path: str) -> str:
    """`.md`; empty for a name without one."""
    name = path.rpartition("/")[2]
    return name[name.rfind(".") :] if "." in name.lstrip(".") else ""


def _problem(path: str, mode: int | None) -> Diagnostic | None:
    if mode in _LINKS:
        return _LINKS[mode].at(path)
    return Code.UNSAFE_PATH.at(path) if not is_safe_path(path) else None


def is_safe_path(path: str) -> bool:
    """Whether any client could write the file, also below the folders that a plugin puts it in.

    Bytes that are no UTF-8 arrive as U+FFFD: two such names may look alike, and clients cannot open them.
    """
    return len(path.encode(errors="surrogatepass")) <= _LONGEST and "\ufffd" not in path and path_problem(path) is None


def _not_directories(paths: Iterable[str], modes: Mapping[str, int]) -> Iterable[str]:
    return (path for path in paths if modes.get(path) != _DIRECTORY)


def _collection(path: str, folders: tuple[str, ...]) -> str:
    """The directory of the last segment that is one of `folders`, else the file's own directory."""
    parts = path.split("/")[:-1]
    for depth in range(len(parts), 0, -1):
        if parts[depth - 1] in folders:
            return "/".join(parts[:depth])
    return "/".join(parts)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _nearest(folder: str, roots: Mapping[str, str], known: dict[str, str | None]) -> str | None:
    """The closest folder, from `folder` upwards, that is one of `roots`; remembered on the way."""
    passed = []
    at: str | None = folder
    while at is not None and at not in known:
        passed.append(at)
        if at in roots:
            known[at] = at
            break
        at = _parent(at) if at else None
    found = known.get(at) if at is not None else None
    known.update(dict.fromkeys(passed, found))
    return found
