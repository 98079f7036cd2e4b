"""One look at a target's repository: asked for, worked on in named steps, and kept with what it found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.diagnostics import Diagnostic
from shared.domain.discovery.candidate import Classification

MAX_WARNINGS: Final = 50
"""Kept on the row, which takes 400 KB; candidates with their diagnostics are in storage."""


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


OPEN: Final = frozenset({RunStatus.QUEUED, RunStatus.RUNNING})


@dataclass(frozen=True, slots=True)
class Step:
    """One named step with what came of it, in words, and how long it took."""

    name: str
    outcome: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class TreeSummary:
    """`paths` in all; `scanned` those looked at for what no manifest declares."""

    paths: int
    scanned: int
    truncated: bool
    strategy: str


@dataclass(frozen=True, slots=True)
class Failure:
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class DiscoveryRun:
    """The newest of a target. `proposal` and `listing` name stored content: the candidates, and the tree's paths.

    `attempts` counts how often it was queued; past `lease_until` nobody works on it, and a sweep queues it again.
    """

    id: str
    org_id: str
    instance_id: str
    target_id: str
    status: RunStatus
    created_at: datetime
    updated_at: datetime
    requested_by: str
    attempts: int = 1
    revision: str | None = None
    classification: Classification | None = None
    tree_summary: TreeSummary | None = None
    steps: Sequence[Step] = ()
    warnings: Sequence[Diagnostic] = ()
    proposal: str | None = None
    listing: str | None = None
    failure: Failure | None = None
    completed_at: datetime | None = None
    lease_until: datetime | None = None
