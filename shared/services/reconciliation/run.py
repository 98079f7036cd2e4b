"""One run's state, handed from step to step."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field

from shared.connectors.port import SourceReader
from shared.domain.config_types.unit import Split
from shared.domain.connector import Binding, ConnectorTarget, Mapping
from shared.domain.errors import DepotError
from shared.domain.reconciliation.plan import Plan
from shared.domain.reconciliation.wanted import Wanted
from shared.domain.source_tree import TreeEntry
from shared.domain.sync_event import SyncCounts, SyncEvent, SyncFailure, SyncStatus


class Finished(Exception):
    """A step has found that nothing remains to be done."""

    def __init__(self, status: SyncStatus) -> None:
        super().__init__(status.value)
        self.status = status


class OutOfTime(Exception):
    """The function is about to be stopped; what was applied stays, the next run continues from the bindings."""


class SyncRefused(DepotError):
    """A run that waiting cannot mend; `code` goes into the event."""

    code = "sync_refused"


@dataclass(slots=True)
class Run:
    """`entries` are the tree's paths at `head`; `blobs` the fetched bytes by git blob id.

    `has_time` says whether another chunk fits before the function's time limit.
    """

    event: SyncEvent
    target: ConnectorTarget
    mappings: Sequence[Mapping]
    reader: SourceReader
    has_time: Callable[[], bool]
    head: str = ""
    entries: MappingOf[str, TreeEntry] = field(default_factory=dict)
    wanted: Sequence[Wanted] = ()
    bindings: Sequence[Binding] = ()
    contents: dict[str, Split] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    plan: Plan = field(default_factory=lambda: Plan((), (), (), 0, 0, 0))
    created: int = 0
    updated: int = 0
    deleted: int = 0
    failures: list[SyncFailure] = field(default_factory=list)
    failed: int = 0
    timings: dict[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> SyncCounts:
        skipped = self.plan.skipped + self.plan.suppressed + self.plan.held
        return SyncCounts(self.created, self.updated, self.deleted, skipped, self.failed)

    def mapping(self, mapping_id: str) -> Mapping:
        return next(one for one in self.mappings if one.id == mapping_id)

    def fail(self, path: str, code: str, message: str) -> None:
        """A file fails alone; every failure is counted, the first ones are kept."""
        self.failed += 1
        if len(self.failures) < MAX_FAILURES:
            self.failures.append(SyncFailure(path, code, message))


MAX_FAILURES = 100
