"""The step that brings file contents: in batches that fit into memory, and no file that has not changed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types import limits
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import Unit
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic
from shared.domain.errors import Retryable
from shared.domain.reconciliation.plan import Create, Update
from shared.services.reconciliation.run import OutOfTime, Run
from shared.services.reconciliation.stored import StoredFiles

MAX_BATCH_BYTES: Final = 128 * 1024 * 1024
"""File contents in hand at a time; what is beyond comes in the next batch of the same run."""

CLOCK_EVERY: Final = 100
"""Blobs between two looks at the clock: so many single calls take as long as a run keeps in reserve."""

Change = Create | Update


@dataclass(frozen=True, slots=True)
class Fetch:
    stored: StoredFiles

    def batches(self, run: Run) -> Iterator[list[Change]]:
        """The changes to make, in parts whose files fit into memory together."""
        batch: list[Change] = []
        size = 0
        changes: list[Change] = [*run.plan.create, *run.plan.update]
        for change in changes:
            weight = sum(run.entries[path].size or 0 for path in _to_fetch(run, change))
            if batch and size + weight > MAX_BATCH_BYTES:
                yield batch
                batch, size = [], 0
            batch.append(change)
            size += weight
        if batch:
            yield batch

    def fetch(self, run: Run) -> None:
        """The files of the batch whose content changed.

        Where the source refuses to go on, or the time is up, the batch becomes what is whole by then, and the run is
        cut short behind it: each receive gets further, however little is granted to it at a time.
        Raises: Retryable when nothing is.
        """
        run.blobs = self.stored.blobs(run.target.org_id, run.batch, run.entries)
        try:
            bring(run, (path for change in run.batch for path in _to_fetch(run, change)), lambda: _stop_in_time(run))
        except (Retryable, OutOfTime) as error:
            run.batch = _whole(run)
            if not run.batch:
                raise
            run.cut_short_by = error


def bring(run: Run, paths: Iterable[str], look_at_clock: Callable[[], None] = lambda: None) -> None:
    """Bring the blobs that are not in hand yet."""
    missing = {entry.sha: entry for path in paths if (entry := run.entries[path]).sha not in run.blobs}
    if not missing:
        return
    for number, (sha, data) in enumerate(run.reader.blobs(run.head, list(missing.values())), start=1):
        run.blobs[sha] = data
        if number % CLOCK_EVERY == 0:
            look_at_clock()


def files_of(run: Run, unit: Unit) -> list[SourceFile]:
    """A unit's fetched files, named as the unit names them."""
    entries = [(unit.relative(path), run.entries[path]) for path in unit.file_paths]
    return [SourceFile(path, run.blobs[entry.sha], entry.mode) for path, entry in entries]


def over_limits(run: Run, unit: Unit) -> tuple[Diagnostic, ...]:
    """The limits that a unit breaks, known from the listing, before anything of it is fetched."""
    sizes = [(unit.relative(path), run.entries[path].size or 0) for path in unit.file_paths]
    most = limits.MAX_ENTRY_BYTES if unit.container else config_type(unit.type).max_entry_bytes
    return limits.check(unit.entry_path, sizes, unit.origin, most)


def _to_fetch(run: Run, change: Change) -> tuple[str, ...]:
    """The paths that a change needs: none for a unit inside a container, which was read to find it."""
    unit = change.wanted.unit
    needless = isinstance(change, Update) and not change.content
    return () if needless or unit.key is not None or over_limits(run, unit) else unit.file_paths


def _whole(run: Run) -> list[Change]:
    return [one for one in run.batch if all(run.entries[path].sha in run.blobs for path in _to_fetch(run, one))]


def _stop_in_time(run: Run) -> None:
    """Raises: OutOfTime, unless a run that is stopped here would have to start over."""
    if not run.has_time() and _whole(run):
        raise OutOfTime
