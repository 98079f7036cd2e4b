"""Follows the symlinks of a tree within it: a link stands for the file, or the files in the folder, it leads to.

Git keeps a link as a small file that holds its target, so the tree alone does not say where it leads. What leads
out of the repository, to nothing, or round in circles stays the link that it is.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from shared.domain.config_types.codes import Code
from shared.domain.config_types.limits import MAX_FILES
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import Unit
from shared.domain.connector import Mapping as PathMapping
from shared.domain.reconciliation.selector import Selector, compile_selector
from shared.domain.source_tree import SYMLINK, EntryKind, TreeEntry

MAX_LINKS: Final = 200
MAX_TARGET_BYTES: Final = 4 * 1024
MAX_HOPS: Final = 8
_MAX_FOLLOWED: Final = 20_000
Entries = Mapping[str, TreeEntry]


@dataclass(frozen=True, slots=True)
class FollowedTree:
    """`real` tells of each path that exists through a link which path it is, `through` what its link leads to."""

    entries: Entries
    real: Mapping[str, str] = field(default_factory=dict)
    through: Mapping[str, str] = field(default_factory=dict)


def links_that_matter(mappings: Iterable[PathMapping], units: Iterable[Unit], entries: Entries) -> list[TreeEntry]:
    """Links that a mapping selects, or below which it may, and those in the folder of a unit; at most MAX_LINKS."""
    links = [entry for entry in entries.values() if entry.mode == SYMLINK and (entry.size or 0) <= MAX_TARGET_BYTES]
    if not links:
        return []
    selectors = [compile_selector(mapping.selector) for mapping in mappings]
    roots = {unit.root for unit in units if _owns_folder(unit)}
    mattering = (one for one in links if _may_select(selectors, one.path) or _is_below(roots, one.path))
    return sorted(mattering, key=lambda entry: entry.path)[:MAX_LINKS]


def links_in_the_way(entries: Entries, targets: Mapping[str, bytes]) -> list[TreeEntry]:
    """Links that the links read so far lead to, and that were not read themselves."""
    walk = _Walk(entries, targets)
    ends = {end for path in targets if (end := walk.real_path(path)) is not None}
    found = (entries[end] for end in sorted(ends) if end in entries and end not in targets)
    return [entry for entry in found if entry.mode == SYMLINK and (entry.size or 0) <= MAX_TARGET_BYTES]


def follow(entries: Entries, targets: Mapping[str, bytes]) -> FollowedTree:
    """The tree as if each link in `targets` (what git holds of it, by its path) were what it leads to."""
    walk = _Walk(entries, targets)
    followed: dict[str, TreeEntry] = {path: entry for path, entry in entries.items() if path not in targets}
    real: dict[str, str] = {}
    through: dict[str, str] = {}
    for link in sorted(targets):
        end = walk.real_path(link)
        found = list(walk.files_at(end, link)) if end is not None and len(real) < _MAX_FOLLOWED else []
        if end is None or not found:
            followed[link] = entries[link]
        for path, entry in found:
            followed[path] = replace(entry, path=path)
            real[path], through[path] = entry.path, end or ""
    return FollowedTree(dict(sorted(followed.items())), real, through)


def without_duplicates(units: Sequence[Unit], tree: FollowedTree) -> list[Unit]:
    """Each unit once, under its real path where that is a unit; and in no unit what is another, or is in it twice."""
    if not tree.real:
        return list(units)
    kept: dict[tuple[str, str], Unit] = {}
    for unit in sorted(units, key=lambda one: (one.locator in tree.real, one.locator)):
        same = (unit.type, tree.real.get(unit.locator, unit.locator))
        if same in kept:
            note = Code.SYMLINK_DUPLICATE.at(unit.locator, f"to {kept[same].locator}")
            kept[same] = replace(kept[same], diagnostics=(*kept[same].diagnostics, note))
        else:
            kept[same] = unit
    elsewhere = {one.locator: one.locator for one in kept.values()}
    elsewhere |= {one.root: one.locator for one in kept.values() if _owns_folder(one)}
    return [_thinned(unit, elsewhere, tree) for unit in kept.values()]


def _thinned(unit: Unit, elsewhere: Mapping[str, str], tree: FollowedTree) -> Unit:
    own = {path for path in unit.file_paths if path not in tree.real}
    left_out = {
        path for path in unit.file_paths if path != unit.locator and _is_known(path, unit, own, elsewhere, tree)
    }
    if not left_out:
        return unit
    notes = tuple(Code.SYMLINK_DUPLICATE.at(path, f"to {tree.real[path]}") for path in sorted(left_out))
    paths = tuple(path for path in unit.file_paths if path not in left_out)
    return replace(unit, file_paths=paths, diagnostics=unit.diagnostics + notes)


def _is_known(path: str, unit: Unit, own: Collection[str], elsewhere: Mapping[str, str], tree: FollowedTree) -> bool:
    if path not in tree.real:
        return False
    return tree.real[path] in own or elsewhere.get(tree.through[path], unit.locator) != unit.locator


def _owns_folder(unit: Unit) -> bool:
    return config_type(unit.type).installs_as_folder


def _may_select(selectors: Iterable[Selector], path: str) -> bool:
    return any(_positions(selector, path) for selector in selectors)


def _positions(selector: Selector, path: str) -> int:
    positions = selector.start
    for name in path.split("/"):
        positions = selector.step(positions, name)
    return positions


def _is_below(roots: Collection[str], path: str) -> bool:
    folders = (path[:at] for at, character in enumerate(path) if character == "/")
    return "" in roots or any(folder in roots for folder in folders)


class _Walk:
    def __init__(self, entries: Entries, targets: Mapping[str, bytes]) -> None:
        self._entries, self._paths = entries, sorted(entries)
        self._targets = {path: data.decode(errors="surrogateescape") for path, data in targets.items()}

    def real_path(self, path: str) -> str | None:
        """Where a path ends, links on the way followed too; None outside the root and after MAX_HOPS links."""
        waiting, at, hops = deque(path.split("/")), list[str](), 0
        while waiting:
            name = waiting.popleft()
            if name == ".." and not at:
                return None
            if name == "..":
                at.pop()
            elif name not in ("", "."):
                at.append(name)
                target = self._targets.get("/".join(at))
                if target is not None:
                    hops += 1
                    if hops > MAX_HOPS or target.startswith("/"):
                        return None
                    at.pop()
                    waiting.extendleft(reversed(target.split("/")))
        return "/".join(at)

    def files_at(self, end: str, link: str) -> Iterator[tuple[str, TreeEntry]]:
        """The file, or the files below the folder, at `end`, each with its path as seen through the link.

        Links inside a folder that is reached through a link are not followed further: they could lead back.
        """
        if end in self._entries:
            entry = self._entries[end]
            if entry.mode != SYMLINK and entry.kind is EntryKind.BLOB:
                yield link, entry
            return
        if f"{link}/".startswith(f"{end}/" if end else ""):
            return  # it leads to a folder around itself
        start = bisect_left(self._paths, f"{end}/")
        below = []
        for path in self._paths[start : start + MAX_FILES + 1]:
            if not path.startswith(f"{end}/"):
                break
            below.append(path)
        if len(below) <= MAX_FILES:
            files = (self._entries[path] for path in below)
            yield from ((link + one.path[len(end) :], one) for one in files if one.mode != SYMLINK)
