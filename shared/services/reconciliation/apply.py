"""The steps that write: chunk by chunk, each one transaction, each harmless to repeat.

A change adds its steps to the chunk's unit of work: object, version, binding and membership stand or fall together,
so a run that is stopped anywhere leaves whole objects, and the next run's plan holds exactly the rest.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import Unit
from shared.domain.connector import Binding
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Severity
from shared.domain.errors import Stale
from shared.domain.reconciliation.plan import Create, Update
from shared.domain.reconciliation.wanted import Wanted
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.ingestion import PreparedUnit, prepare
from shared.services.reconciliation.look import files_of, over_limits
from shared.services.reconciliation.run import OutOfTime, Run
from shared.services.reconciliation.write import ChangeWriter, Rows

CHUNK: Final = 12
"""Changes in one transaction: at most 7 steps each, and DynamoDB takes 100."""

_RACES: Final = 5
Change = Create | Update | Binding
"""A binding in the list of changes is one to prune."""


@dataclass(frozen=True, slots=True)
class Apply:
    rows: Rows
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def apply(self, run: Run) -> None:
        """Create and update; a bad file fails alone, and its last good version stays."""
        self._in_chunks(run, [*run.plan.create, *run.plan.update])

    def prune(self, run: Run) -> None:
        """What is gone from a complete tree at a verified head gets a deletion version and a tombstone."""
        self._in_chunks(run, run.plan.delete)

    def _in_chunks(self, run: Run, changes: Sequence[Change]) -> None:
        for start in range(0, len(changes), CHUNK):
            if not run.has_time():
                raise OutOfTime
            _Chunk(self, run).write(changes[start : start + CHUNK])


class _Chunk:
    """One transaction's worth of changes."""

    def __init__(self, apply: Apply, run: Run) -> None:
        self._apply, self._run = apply, run
        self._org_id = run.target.org_id

    def write(self, changes: Sequence[Change]) -> None:
        units: dict[str, PreparedUnit] = {}
        for one in changes:
            if not isinstance(one, Binding) and (unit := self._prepare(one)) is not None:
                units[one.wanted.locator] = unit
        self._apply.rows.ingestion.store(self._org_id, units.values())
        for _ in range(_RACES):
            try:
                self._commit(changes, units)
            except Stale:
                continue  # a person edited one of these objects meanwhile: read them again
            self._count(changes, units)
            return
        raise Stale

    def _prepare(self, change: Create | Update) -> PreparedUnit | None:
        """Parse the unit of a change that has content; None also for one beyond the limits, which fails alone."""
        if isinstance(change, Update) and not change.content:
            return None
        unit = change.wanted.unit
        if unit.key is None and (broken := over_limits(self._run, unit)):
            self._run.fail(unit.origin, broken[0].code, broken[0].message)
            return None
        declaration = config_type(unit.type)
        unit, files = self._content(change.wanted)
        mode = self._run.mapping(change.wanted.mapping_id).parser_mode
        return prepare(unit.type, declaration.parse_unit(unit, files, mode), unit.entry_path, files, mode)

    def _content(self, wanted: Wanted) -> tuple[Unit, Sequence[SourceFile]]:
        if wanted.unit.key is None:
            return wanted.unit, files_of(self._run, wanted.unit)
        split = self._run.contents[wanted.unit.origin]
        return next(pair for pair in split.units if pair[0].locator == wanted.locator)

    def _commit(self, changes: Sequence[Change], units: Mapping[str, PreparedUnit]) -> None:
        known = self._apply.rows.objects.find_all(self._org_id, {id_ for one in changes for id_ in _object_ids(one)})
        touched: set[str] = set()
        with self._apply.begin() as work:
            writer = ChangeWriter(self._apply.rows, self._run, work, known, touched)
            for change in changes:
                if isinstance(change, Binding):
                    writer.prune(change)
                elif change.wanted.locator in units:
                    writer.write(change, units[change.wanted.locator])
                elif isinstance(change, Update) and not change.content:
                    writer.rebind(change)
            for plugin_id in sorted(touched):
                self._apply.rows.plugins.touch(self._org_id, plugin_id, work)

    def _count(self, changes: Sequence[Change], units: Mapping[str, PreparedUnit]) -> None:
        """After the commit, so that a chunk written twice is counted once."""
        for change in changes:
            if isinstance(change, Binding):
                self._run.deleted += 1
            elif (unit := units.get(change.wanted.locator)) is not None and not unit.parsed.loads:
                note = next(one for one in unit.parsed.diagnostics if one.severity is Severity.ERROR)
                self._run.fail(change.wanted.locator, note.code, note.message)
            elif unit is not None and isinstance(change, Create):
                self._run.created += 1
            elif unit is not None or (isinstance(change, Update) and not change.content):
                self._run.updated += 1


def _object_ids(change: Change) -> Iterable[str]:
    if isinstance(change, Binding):
        return [change.config_object_id]
    if isinstance(change, Update):
        return [change.binding.config_object_id]
    return [change.replaces.config_object_id] if change.replaces else []
