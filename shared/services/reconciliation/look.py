"""The steps that look: what is the head, what does it hold, what must change. None of them writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.domain.config_types import limits
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import Unit
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic, Severity
from shared.domain.errors import Retryable
from shared.domain.reconciliation.match import match
from shared.domain.reconciliation.plan import Create, Update, containers_to_read, plan
from shared.domain.reconciliation.wanted import Wanted, want
from shared.domain.source_tree import EntryKind
from shared.domain.sync_event import OPEN, SyncStatus, SyncTrigger
from shared.repositories.bindings import BindingRepository
from shared.repositories.sync_events import SyncEventRepository
from shared.services.mint import Mint
from shared.services.reconciliation.run import Finished, Run, SyncRefused

_READS_SETTLE: Final = timedelta(seconds=60)
"""GitHub may answer with the previous head for a moment after a push."""


@dataclass(frozen=True, slots=True)
class Look:
    events: SyncEventRepository
    bindings: BindingRepository
    mint: Mint

    def resolve(self, run: Run) -> None:
        """The current head of the ref: whatever was asked for, it is what becomes true."""
        run.head = run.reader.head(run.target.ref)
        requested = run.event.revision
        if requested not in (None, run.head):
            self._require_newer(run)
        if run.event.trigger != SyncTrigger.MANUAL and run.event.attempts == 1 and self._is_in_sync(run):
            raise Finished(SyncStatus.COMPLETED)

    def list_paths(self, run: Run) -> None:
        """Every path of the head. Raises: SyncRefused unless all of them are known: an absence must be one."""
        listing = run.reader.tree(run.head)
        if not listing.complete:
            raise SyncRefused("The repository has more paths than GitHub lists; nothing was changed.")
        run.entries = {entry.path: entry for entry in listing.entries if entry.kind is not EntryKind.TREE}

    def match(self, run: Run) -> None:
        """Units by mapping: what the source wants to be bound."""
        ownership = match(run.mappings, run.entries.values())
        wanted: list[Wanted] = []
        for mapping_id, paths in ownership.paths.items():
            declaration = config_type(run.mapping(mapping_id).object_type)
            found = declaration.units_from(paths, run.entries.values())
            wanted += want(found.units, mapping_id, run.entries, container=declaration.container)
            _note_errors(run, found.diagnostics)
        run.wanted = wanted

    def plan(self, run: Run) -> None:
        """The differences between what is wanted and what is bound; changed containers are read to know them."""
        run.bindings = self.bindings.list_all(run.target.org_id, run.target.id)
        containers = containers_to_read(run.wanted, run.bindings)
        fetch(run, [one.unit for one in containers])
        for one in containers:
            if not over_limits(run, one.unit):
                found = config_type(one.unit.type).split(one.unit, files_of(run, one.unit))
                run.contents[one.locator] = found
                _note_errors(run, found.diagnostics)
        synced = run.target.last_synced_at
        edited = [one.id for one in run.mappings if synced is not None and one.updated_at >= synced]
        run.plan = plan(run.wanted, run.contents, run.bindings, edited_mappings=edited, complete=True)

    def fetch(self, run: Run) -> None:
        """The files of units whose content changed, and no others."""
        changes: Iterable[Create | Update] = (*run.plan.create, *run.plan.update)
        units = [one.wanted.unit for one in changes if not isinstance(one, Update) or one.content]
        fetch(run, [unit for unit in units if unit.key is None and not over_limits(run, unit)])

    def _require_newer(self, run: Run) -> None:
        """The ref names another head than the one that was asked for: a newer one, or a stale answer."""
        is_stale = run.head == run.target.last_synced_revision
        if is_stale and self.mint.now() < run.event.created_at + _READS_SETTLE:
            raise Retryable("GitHub does not show the pushed head yet.")
        newer = self.events.find_by_head(run.target.org_id, run.target.id, run.head)
        if newer is not None and newer.id != run.event.id and newer.status in OPEN:
            raise Finished(SyncStatus.SUPERSEDED)

    def _is_in_sync(self, run: Run) -> bool:
        changed = run.target.mappings_changed_at
        synced = run.target.last_synced_at
        return run.head == run.target.last_synced_revision and (
            changed is None or (synced is not None and changed < synced)
        )


def fetch(run: Run, units: Iterable[Unit]) -> None:
    """Bring the blobs of units that are not in hand yet."""
    paths = {path for unit in units for path in unit.file_paths}
    missing = {run.entries[path].sha: run.entries[path] for path in paths if run.entries[path].sha not in run.blobs}
    if missing:
        run.blobs.update(run.reader.blobs(run.head, list(missing.values())))


def files_of(run: Run, unit: Unit) -> list[SourceFile]:
    """A unit's fetched files, named as the unit names them."""
    entries = [(unit.relative(path), run.entries[path]) for path in unit.file_paths]
    return [SourceFile(path, run.blobs[entry.sha], entry.mode) for path, entry in entries]


def over_limits(run: Run, unit: Unit) -> tuple[Diagnostic, ...]:
    """The limits that a unit breaks, known from the listing, before anything of it is fetched."""
    sizes = [(unit.relative(path), run.entries[path].size or 0) for path in unit.file_paths]
    return limits.check(unit.entry_path, sizes, unit.origin, config_type(unit.type).max_entry_bytes)


def _note_errors(run: Run, diagnostics: Iterable[Diagnostic]) -> None:
    for note in diagnostics:
        if note.severity is Severity.ERROR:
            run.fail(note.path, note.code, note.message)
