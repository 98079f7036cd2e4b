"""One run's state, handed from step to step."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from typing import Final

from shared.connectors.port import SourceReader
from shared.domain.config_types.unit import Split
from shared.domain.connector import Binding, ConnectorTarget, Mapping
from shared.domain.diagnostics import Diagnostic
from shared.domain.errors import DepotError, Retryable
from shared.domain.reconciliation.plan import Create, Holder, Plan, Update
from shared.domain.reconciliation.wanted import Wanted
from shared.domain.source_tree import TreeEntry
from shared.domain.sync_event import SyncCounts, SyncEvent, SyncFailure, SyncStatus

MAX_FAILURES: Final = 100
"""Failures kept on an event; every one of them is counted."""

MAX_DIAGNOSTICS: Final = 50
"""Diagnostics kept on an event."""


class Finished(Exception):
    """A step has found that nothing remains to be done."""

    def __init__(self, status: SyncStatus) -> None:
        super().__init__(status.value)
        self.status = status


class OutOfTime(Exception):
    """The function is about to be stopped; what was applied stays, the next run continues from the bindings."""


class AtRest(DepotError):
    """The instance does not sync; nobody has to mend anything, so the event is no failure."""

    code = "instance_at_rest"

    def __init__(self, status: str) -> None:
        super().__init__(f"The connector instance is {status}; enable it and sync again.")


class SyncRefused(DepotError):
    """A run that waiting cannot mend; `code` goes into the event."""

    code = "sync_refused"


@dataclass(frozen=True, slots=True)
class Tally:
    """What chunks have done. A chunk's own is added to the event in the transaction that makes it true."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    failures: tuple[SyncFailure, ...] = ()
    failed: int = 0

    @classmethod
    def of(cls, event: SyncEvent) -> "Tally":
        """What earlier receives of the event have done."""
        counts = event.counts
        return cls(counts.created, counts.updated, counts.deleted, tuple(event.file_failures), counts.failed)

    def __add__(self, more: "Tally") -> "Tally":
        return Tally(
            self.created + more.created,
            self.updated + more.updated,
            self.deleted + more.deleted,
            (self.failures + more.failures)[:MAX_FAILURES],
            self.failed + more.failed,
        )


@dataclass(slots=True)
class Run:
    """`entries` are the tree's paths at `head`; `blobs` the bytes in hand by git blob id; `batch` what they are for.

    `cut_short_by` is why the batch in hand is the run's last, where it is; `is_pruned` once the removals were
    written with it.
    `noted` are failures found by looking, and `diagnostics` what else was, which the next run finds again; those of
    chunks are in `done`.
    `has_time` says whether another chunk fits before the function's time limit. The first is written whatever it says:
    a run whose reading takes nearly all of the time must not start over for ever.
    """

    event: SyncEvent
    target: ConnectorTarget
    mappings: Sequence[Mapping]
    reader: SourceReader
    has_time: Callable[[], bool]
    done: Tally
    has_progressed: bool = False
    head: str = ""
    entries: MappingOf[str, TreeEntry] = field(default_factory=dict)
    wanted: Sequence[Wanted] = ()
    bindings: Sequence[Binding] = ()
    contents: dict[Holder, Split] = field(default_factory=dict)
    plan: Plan = field(default_factory=lambda: Plan((), (), (), 0, 0, 0))
    batch: Sequence[Create | Update] = ()
    cut_short_by: Retryable | OutOfTime | None = None
    is_pruned: bool = False
    blobs: dict[str, bytes] = field(default_factory=dict)
    noted: Tally = field(default_factory=Tally)
    diagnostics: tuple[Diagnostic, ...] = ()
    timings: dict[str, int] = field(default_factory=dict)

    @property
    def is_whole_plan(self) -> bool:
        """Whether the batch holds every change that is not a removal."""
        return len(self.batch) == len(self.plan.create) + len(self.plan.update)

    @property
    def total(self) -> Tally:
        return self.done + self.noted

    @property
    def counts(self) -> SyncCounts:
        """Of the whole event: what an earlier receive applied is no longer new to the plan, but was not skipped."""
        before, total = self.event.counts, self.total
        skipped = max(0, self.plan.skipped - before.created - before.updated)
        skipped += self.plan.suppressed + self.plan.held
        return SyncCounts(total.created, total.updated, total.deleted, skipped, total.failed)

    def mapping(self, mapping_id: str) -> Mapping:
        return next(one for one in self.mappings if one.id == mapping_id)

    def tell(self, found: Iterable[Diagnostic]) -> None:
        """What is to be known of paths and fails nothing."""
        self.diagnostics = tuple(dict.fromkeys((*self.diagnostics, *found)))[:MAX_DIAGNOSTICS]

    def note(self, path: str, code: str, message: str) -> None:
        """A file fails alone, and once, however many types want it."""
        failure = SyncFailure(path, code, message)
        if failure not in self.noted.failures:
            self.noted += Tally(failures=(failure,), failed=1)
