"""The steps that write: chunk by chunk, each one transaction, each harmless to repeat.

A change adds its steps to the chunk's unit of work: object, version, binding and membership stand or fall together,
and with them the event's counts. So a run that is stopped anywhere leaves whole objects, and the next run's plan
holds exactly the rest.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeGuard

from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import Unit
from shared.domain.connector import Binding
from shared.domain.content import SourceFile
from shared.domain.errors import Retryable, Stale, TooLarge
from shared.domain.prepared_unit import PreparedUnit, prepare
from shared.domain.reconciliation.plan import Create, Update
from shared.domain.reconciliation.wanted import Wanted
from shared.domain.sync_event import SyncFailure
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.reconciliation.fetch import files_of, over_limits
from shared.services.reconciliation.record import Record
from shared.services.reconciliation.run import OutOfTime, Run, Tally
from shared.services.reconciliation.write import ChangeWriter, Rows
from shared.services.schemas import Schemas

CHUNK: Final = 11
"""Changes in one transaction: at most 8 steps each, and DynamoDB takes 100."""

_RACES: Final = 5
Change = Create | Update | Binding
"""A binding in the list of changes is one to prune."""


@dataclass(frozen=True, slots=True)
class Apply:
    rows: Rows
    schemas: Schemas
    record: Record
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def apply(self, run: Run) -> None:
        """Create and update what the batch says; a bad file fails alone, and its last good version stays.

        What fits into one chunk with all that is gone is one write with it: clients see such a push as a whole.
        """
        changes: Sequence[Change] = run.batch
        if run.is_whole_plan and len(changes) + len(run.plan.delete) <= CHUNK:
            changes, run.is_pruned = [*changes, *run.plan.delete], True
        self._in_chunks(run, changes)

    def prune(self, run: Run) -> None:
        """What is gone from a complete tree at a verified head gets a deletion version and a tombstone."""
        if not run.is_pruned:
            self._in_chunks(run, run.plan.delete)

    def _in_chunks(self, run: Run, changes: Sequence[Change]) -> None:
        for start in range(0, len(changes), CHUNK):
            if run.has_progressed and not run.has_time():
                raise OutOfTime
            _Chunk(self, run).write(changes[start : start + CHUNK])
            run.has_progressed = True


class _Chunk:
    """One transaction's worth of changes."""

    def __init__(self, apply: Apply, run: Run) -> None:
        self._apply, self._run = apply, run
        self._org_id = run.target.org_id

    def write(self, changes: Sequence[Change]) -> None:
        units = self._prepare_all([one for one in changes if _has_content(one)])
        self._apply.rows.ingestion.store(self._org_id, units.values())
        tally = sum((_tally(one, units) for one in changes), Tally())
        for _ in range(_RACES):
            try:
                self._commit(changes, units, self._run.done + tally)
            except (Stale, Retryable):
                continue  # a person edited one of these objects meanwhile: read them again
            except TooLarge as error:
                self._write_apart(changes, error)
                return
            self._run.done += tally
            return
        raise Retryable("The objects of this sync are changed by others all the time.")

    def _write_apart(self, changes: Sequence[Change], error: TooLarge) -> None:
        """What does not fit into one write is written one by one; what does not fit even so fails alone."""
        if len(changes) == 1:
            self._run.note(_locator(changes[0]), error.code, error.message)
            return
        for change in changes:
            self.write([change])

    def _prepare_all(self, changes: Sequence[Create | Update]) -> dict[str, PreparedUnit]:
        units = self._apply.schemas.check_synced(self._org_id, [self._prepare(change) for change in changes])
        return {change.wanted.locator: self._sealed(change, unit) for change, unit in zip(changes, units, strict=True)}

    def _sealed(self, change: Create | Update, unit: PreparedUnit) -> PreparedUnit:
        known = change.binding.config_object_id if isinstance(change, Update) else None
        return self._apply.rows.ingestion.seal(self._org_id, unit, known)

    def _prepare(self, change: Create | Update) -> PreparedUnit:
        """Parse the unit of a change; one beyond the limits is told by its listing, its files stay unread."""
        wanted = change.wanted
        declaration = config_type(wanted.unit.type)
        mode = self._run.mapping(wanted.mapping_id).parser_mode
        if wanted.unit.key is None and (broken := over_limits(self._run, wanted.unit)):
            refused = replace(declaration.parse_unit(wanted.unit, [], mode), diagnostics=broken)
            return prepare(wanted.unit.type, refused, wanted.unit.entry_path, [], mode)
        unit, files = self._content(wanted)
        return prepare(unit.type, declaration.parse_unit(unit, files, mode), unit.entry_path, files, mode)

    def _content(self, wanted: Wanted) -> tuple[Unit, Sequence[SourceFile]]:
        if wanted.unit.key is None:
            return wanted.unit, files_of(self._run, wanted.unit)
        split = self._run.contents[wanted.unit.holder]
        return next(pair for pair in split.units if pair[0].locator == wanted.locator)

    def _commit(self, changes: Sequence[Change], units: Mapping[str, PreparedUnit], done: Tally) -> None:
        rows = self._apply.rows
        known = rows.objects.find_all(self._org_id, {id_ for one in changes for id_ in _object_ids(one)})
        with self._apply.begin().as_upkeep() as work:  # the run's end tells of all its chunks
            writer = ChangeWriter(rows, self._run, work, known)
            for change in changes:
                if isinstance(change, Binding):
                    writer.prune(change)
                elif change.wanted.locator in units:
                    writer.write(change, units[change.wanted.locator])
                elif isinstance(change, Update):
                    writer.rebind(change)
            writer.touch_plugins()
            self._apply.record.progress(self._run, done, work)


def _has_content(change: Change) -> TypeGuard[Create | Update]:
    return isinstance(change, Create) or (isinstance(change, Update) and change.content)


def _tally(change: Change, units: Mapping[str, PreparedUnit]) -> Tally:
    if isinstance(change, Binding):
        return Tally(deleted=1)
    unit = units.get(change.wanted.locator)
    if unit is not None and (note := unit.parsed.refused_for):
        return Tally(failures=(SyncFailure(change.wanted.locator, note.code, note.message),), failed=1)
    return Tally(created=1) if isinstance(change, Create) else Tally(updated=1)


def _locator(change: Change) -> str:
    return change.locator if isinstance(change, Binding) else change.wanted.locator


def _object_ids(change: Change) -> Iterable[str]:
    if isinstance(change, Binding):
        return [change.config_object_id]
    if isinstance(change, Update):
        return [change.binding.config_object_id]
    return [change.replaces.config_object_id] if change.replaces else []
