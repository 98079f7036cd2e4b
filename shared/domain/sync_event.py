"""The audited record of one reconciliation run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.diagnostics import Diagnostic


class SyncTrigger(StrEnum):
    PUSH = "push"
    MANUAL = "manual"
    SWEEP = "sweep"
    RETRY = "retry"
    SETUP = "setup"
    LIFECYCLE = "lifecycle"


class SyncStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    SUPERSEDED = "superseded"


OPEN = frozenset({SyncStatus.QUEUED, SyncStatus.RUNNING})


@dataclass(frozen=True, slots=True)
class SyncFailure:
    """One file that failed alone; `path` is "" for a failure of the whole run."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class SyncCounts:
    created: int = 0
    updated: int = 0
    deleted: int = 0
    skipped: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class SyncEvent:
    """`revision` is the requested head until the run resolves it, then the head that was reconciled.

    `timings` in milliseconds per named step. `attempts` counts how often it was queued; it deduplicates
    the queue's messages. `lease_until` is set while queued or running: past it, a sweep revives the event.
    `requested_at` is when its head was last asked for: of two heads the one asked for later is the newer.
    `counts` and `failures` grow with every chunk of a run, so that a run which was stopped is counted on.
    `diagnostics` are what was found about paths that became no config object, which would bear them; no failures.
    """

    id: str
    org_id: str
    instance_id: str
    target_id: str
    trigger: SyncTrigger
    status: SyncStatus
    created_at: datetime
    updated_at: datetime
    revision: str | None = None
    delivery_ids: Sequence[str] = ()
    attempts: int = 1
    counts: SyncCounts = field(default_factory=SyncCounts)
    failures: Sequence[SyncFailure] = ()
    diagnostics: Sequence[Diagnostic] = ()
    timings: Mapping[str, int] = field(default_factory=dict)
    started_at: datetime | None = None
    completed_at: datetime | None = None
    lease_until: datetime | None = None
    requested_at: datetime | None = None
    requested_by: str | None = None

    @property
    def asked_at(self) -> datetime:
        """When its head was last asked for; a retry asks anew, and starts counting anew."""
        return self.requested_at or self.created_at

    @property
    def has_progressed(self) -> bool:
        """Whether the run in hand has written anything since it started."""
        return self.status is SyncStatus.RUNNING and self.started_at is not None and self.updated_at > self.started_at

    @property
    def file_failures(self) -> list[SyncFailure]:
        return [failure for failure in self.failures if failure.path]


_FIRST_PAUSE: Final = timedelta(minutes=5)
_LONGEST_PAUSE: Final = timedelta(hours=6)


def pause_after(attempts: int) -> timedelta:
    """How long a sweep leaves a failed event alone: what fails every time must not keep the queue busy."""
    return min(_FIRST_PAUSE * (1 << min(attempts - 1, 10)), _LONGEST_PAUSE)
