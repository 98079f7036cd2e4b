"""Decides which mapping owns which path of a tree."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from shared.domain.config_types.registry import config_type
from shared.domain.connector import Mapping
from shared.domain.diagnostics import Diagnostic, Severity
from shared.domain.reconciliation.selector import Selector, compile_selector
from shared.domain.source_tree import EntryKind, TreeEntry


@dataclass(frozen=True, slots=True)
class Ownership:
    """`paths` by mapping id, for every mapping; `diagnostics` for paths that two mappings claim equally."""

    paths: MappingOf[str, tuple[str, ...]]
    diagnostics: tuple[Diagnostic, ...]


def match(mappings: Sequence[Mapping], entries: Iterable[TreeEntry]) -> Ownership:
    """Give every selected file to the mapping whose selector is most specific, the oldest where two are equal.

    A file that several types share (`opencode.json`) goes to the best mapping of each of them: they take
    different sections of it. Only types that take a file as a whole compete with all others.

    Costs one step per file, and per folder, for each mapping whose selector may reach into that folder: those that
    begin with another folder's name are not looked at. So a thousand plugins of one repository cost what one does.
    """
    ranked = sorted(mappings, key=lambda mapping: mapping.id)  # ids sort by age
    ranked.sort(key=lambda mapping: compile_selector(mapping.selector).specificity, reverse=True)
    walks = [_Walk(compile_selector(mapping.selector)) for mapping in ranked]
    near = _Nearby(walks)
    owned: dict[str, list[str]] = {mapping.id: [] for mapping in ranked}
    disputed: dict[tuple[str, str], str] = {}
    for entry in entries:
        if entry.kind is EntryKind.TREE:
            continue
        claims = (at for at in near.to(entry.path) if walks[at].selects(entry.path))
        for owner, rival in _contests(claims, ranked, entry.path):
            owned[ranked[owner].id].append(entry.path)
            if rival is not None and walks[rival].rank == walks[owner].rank:
                disputed.setdefault((ranked[owner].id, ranked[rival].id), entry.path)
    paths = {mapping_id: tuple(found) for mapping_id, found in owned.items()}
    return Ownership(paths, tuple(_ambiguity(*pair, path) for pair, path in disputed.items()))


def _contests(claims: Iterator[int], ranked: Sequence[Mapping], path: str) -> Iterator[tuple[int, int | None]]:
    """The best claim, and the next best it had to compete with; of each type where they share the file."""
    owner = next(claims, None)
    if owner is None:
        return
    if not _shares(ranked[owner], path):
        yield owner, next(claims, None)
        return
    by_type: dict[str, list[int]] = {}
    for at in (owner, *claims):
        if _shares(ranked[at], path):
            by_type.setdefault(ranked[at].object_type, []).append(at)
    for best, *others in by_type.values():
        yield best, next(iter(others), None)


def _shares(mapping: Mapping, path: str) -> bool:
    return config_type(mapping.object_type).section_of(path) is not None


class _Walk:
    """One selector over one tree; what is known of a folder serves every file in it."""

    def __init__(self, selector: Selector) -> None:
        self._selector, self.rank, self.anchor = selector, selector.specificity, selector.anchor
        self._folders: dict[str, int] = {"": selector.start}

    def selects(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        positions = self._positions(folder)
        return positions != 0 and self._selector.accepts(self._selector.step(positions, name))

    def _positions(self, folder: str) -> int:
        known = self._folders.get(folder)
        if known is None:
            known = self._selector.start
            for name in folder.split("/"):
                known = self._selector.step(known, name)
            self._folders[folder] = known
        return known


class _Nearby:
    """Which walks may select something in a folder, by the plain folder names that their selectors begin with."""

    def __init__(self, walks: Sequence[_Walk]) -> None:
        self._starting: dict[str, list[int]] = {}
        for at, walk in enumerate(walks):
            self._starting.setdefault(walk.anchor, []).append(at)
        self._known: dict[str, list[int]] = {"": self._starting.get("", [])}

    def to(self, path: str) -> list[int]:
        """Walks by their rank: those of the folder, and of all above it."""
        return self._of(path.rpartition("/")[0])

    def _of(self, folder: str) -> list[int]:
        known = self._known.get(folder)
        if known is None:
            above, own = self._of(folder.rpartition("/")[0]), self._starting.get(folder)
            known = self._known[folder] = sorted([*above, *own]) if own else above
        return known


def _ambiguity(owner: str, rival: str, path: str) -> Diagnostic:
    message = f"{rival} selects this and perhaps other paths as specifically as {owner}, which was preferred."
    return Diagnostic(Severity.WARNING, "mapping_ambiguous", message, path)
