"""The steps that look: what is the head, what does it hold, what must change. None of them writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from shared.domain.config_types.codes import Code
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import Found, Unit
from shared.domain.diagnostics import Diagnostic, Severity
from shared.domain.errors import Retryable
from shared.domain.reconciliation.links import (
    MAX_LINKS,
    FollowedTree,
    follow,
    links_in_the_way,
    links_that_matter,
    without_duplicates,
)
from shared.domain.reconciliation.match import match
from shared.domain.reconciliation.plan import containers_to_read, plan
from shared.domain.reconciliation.wanted import want
from shared.domain.source_tree import SUBMODULE, SYMLINK, EntryKind, TreeEntry
from shared.domain.sync_event import OPEN, SyncStatus, SyncTrigger
from shared.repositories.bindings import BindingRepository
from shared.repositories.sync_events import SyncEventRepository
from shared.services.mint import Mint
from shared.services.reconciliation.fetch import bring, files_of, over_limits
from shared.services.reconciliation.run import Finished, Run, SyncRefused

READS_SETTLE: Final = timedelta(seconds=25)
"""GitHub may answer with the previous head for a moment after a push. Shorter than all waits of one message."""

_NO_OBJECT: Final = {Code.UNSAFE_PATH, Code.ENTRY_NOT_A_FILE, Code.SKILL_CASE}
_NO_CONTENT: Final = {SYMLINK: Code.SYMLINK_SKIPPED, SUBMODULE: Code.SUBMODULE_SKIPPED}


@dataclass(frozen=True, slots=True)
class Look:
    events: SyncEventRepository
    bindings: BindingRepository
    mint: Mint

    def resolve(self, run: Run) -> None:
        """The current head of the ref: whatever was asked for, it is what becomes true.

        Raises: Finished when it is true already, or another event's to make true; Retryable for a stale answer.
        """
        run.head = run.reader.head(run.target.ref)
        if run.event.revision not in (None, run.head):
            self._follow(run)
        elif run.event.trigger != SyncTrigger.MANUAL and run.event.attempts == 1 and _is_settled(run):
            raise Finished(SyncStatus.COMPLETED)

    def list_paths(self, run: Run) -> None:
        """Every path of the head. Raises: SyncRefused unless all of them are known: an absence must be one."""
        listing = run.reader.tree(run.head)
        if not listing.complete:
            raise SyncRefused("The repository has more paths than GitHub lists; nothing was changed.")
        run.entries = {entry.path: entry for entry in listing.entries if entry.kind is not EntryKind.TREE}

    def match(self, run: Run) -> None:
        """Units by mapping: what the source wants to be bound, links followed where there are any that matter."""
        found, lost, told = _find_units(run)
        tree = FollowedTree(run.entries)
        if links := links_that_matter(run.mappings, [unit for unit, _ in found], run.entries):
            tree = follow(run.entries, _link_targets(run, links))
            run.entries = tree.entries
            found, lost, told = _find_units(run)
        _note_failures(run, lost)
        run.tell(told)
        owners = {(unit.type, unit.locator): mapping_id for unit, mapping_id in found}
        units = without_duplicates([unit for unit, _ in found], tree)
        run.wanted = [one for unit in units for one in want([unit], owners[unit.type, unit.locator], run.entries)]

    def plan(self, run: Run) -> None:
        """The differences between what is wanted and what is bound; changed containers are read to know them."""
        run.bindings = self.bindings.list_all(run.target.org_id, run.target.id)
        self._read_containers(run)
        synced = run.target.last_synced_at
        edited = [one.id for one in run.mappings if synced is not None and one.updated_at >= synced]
        reread = [one.id for one in run.mappings if synced and one.reread_at is not None and one.reread_at >= synced]
        run.plan = plan(
            run.wanted, run.contents, run.bindings, edited_mappings=edited, reread_mappings=reread, complete=True
        )
        _note_broken(run)

    def _follow(self, run: Run) -> None:
        """The ref names another head than the one that was asked for: a newer one, or a stale answer."""
        other = self.events.find_by_head(run.target.org_id, run.target.id, run.head)
        if other is not None and other.asked_at > run.event.asked_at:
            if other.status in OPEN or _is_in_sync(run):
                raise Finished(SyncStatus.SUPERSEDED)
        elif self.mint.now() < run.event.asked_at + READS_SETTLE:
            raise Retryable("GitHub does not show the pushed head yet.")
        elif _is_in_sync(run):
            raise Finished(SyncStatus.SUPERSEDED)

    def _read_containers(self, run: Run) -> None:
        """A container that cannot be read keeps everything that it has."""
        containers = containers_to_read(run.wanted, run.bindings)
        broken = {one.unit.holder: over_limits(run, one.unit) for one in containers}
        readable = [one for one in containers if not broken[one.unit.holder]]
        _note_failures(run, (note for notes in broken.values() for note in notes))
        bring(run, (path for one in readable for path in one.unit.file_paths))
        for one in readable:
            found = config_type(one.unit.type).split(one.unit, files_of(run, one.unit))
            run.contents[one.unit.holder] = found
            _note_failures(run, (note for note in found.diagnostics if note.severity is Severity.ERROR))
            run.tell(note for note in found.diagnostics if note.severity is not Severity.ERROR)


def _find_units(run: Run) -> tuple[list[tuple[Unit, str]], list[Diagnostic], list[Diagnostic]]:
    """Every unit with the id of the mapping that found it; the selected files that nothing comes of; and what else was
    found about paths that no unit bears.
    """
    ownership = match(run.mappings, run.entries.values())
    disputed = {note.path: note for note in ownership.diagnostics}
    units: list[tuple[Unit, str]] = []
    lost: list[Diagnostic] = []
    told: list[Diagnostic] = []
    for mapping_id, paths in ownership.paths.items():
        if paths:
            found = config_type(run.mapping(mapping_id).object_type).units_from(paths, run.entries.values())
            units += [(_noted(unit, disputed), mapping_id) for unit in found.units]
            lost += _lost(run, found)
            told += found.diagnostics
    borne = {unit.locator for unit, _ in units}
    told += (note for path, note in disputed.items() if path not in borne)
    failed = set(lost)
    return units, lost, [note for note in told if note not in failed]


def _lost(run: Run, found: Found) -> Iterator[Diagnostic]:
    """Nobody would hear of these on an object, for there is none."""
    claimed = {path for unit in found.units for path in unit.file_paths}
    for note in found.diagnostics:
        if note.severity is Severity.ERROR or (note.code in _NO_OBJECT and note.path not in claimed):
            yield note
    told = {note.path for notes in (found.diagnostics, *(unit.diagnostics for unit in found.units)) for note in notes}
    for path in found.unclaimed:
        code = _NO_CONTENT.get(run.entries[path].mode)
        if code is not None and path not in told:
            yield code.at(path)


def _noted(unit: Unit, disputed: Mapping[str, Diagnostic]) -> Unit:
    """Two mappings select its entry equally: the object says so."""
    note = disputed.get(unit.locator)
    return replace(unit, diagnostics=(*unit.diagnostics, note)) if note else unit


def _link_targets(run: Run, links: Sequence[TreeEntry]) -> dict[str, bytes]:
    """What the links hold, by their paths: one batch, and one more for each link that leads to links."""
    read: dict[str, bytes] = {}
    while links and len(read) < MAX_LINKS:
        blobs = dict(run.reader.blobs(run.head, list({entry.sha: entry for entry in links}.values())))
        read |= {entry.path: blobs[entry.sha] for entry in links}
        links = links_in_the_way(run.entries, read)[: MAX_LINKS - len(read)]
    return read


def _note_broken(run: Run) -> None:
    """What was refused and has not changed fails again, unread; an earlier receive of this run has counted its own."""
    for binding in run.plan.broken:
        refusal = binding.refusal
        if refusal is not None and (refusal.sync_event_id, refusal.asked_at) != (run.event.id, run.event.asked_at):
            run.note(binding.locator, refusal.code, refusal.message)


def _is_in_sync(run: Run) -> bool:
    changed, synced = run.target.mappings_changed_at, run.target.last_synced_at
    is_head = run.head == run.target.last_synced_revision
    return is_head and (changed is None or (synced is not None and changed < synced))


def _is_settled(run: Run) -> bool:
    """In sync, and no file was broken: those that were fail again, as long as they are."""
    return _is_in_sync(run) and not run.target.failed_files


def _note_failures(run: Run, diagnostics: Iterable[Diagnostic]) -> None:
    for note in diagnostics:
        run.note(note.path, note.code, note.message)
