"""Sync events on the wire."""

from pydantic import AwareDatetime

from shared.domain.sync_event import SyncStatus, SyncTrigger
from shared.http.cursors import PageQuery
from shared.http.models import DiagnosticRead, Moment, Output
from shared.http.path_ids import InstanceIdField, TargetIdField
from shared.services.sync_event_listing import EventFilter


class SyncEventQuery(PageQuery):
    instance_id: InstanceIdField | None = None
    target_id: TargetIdField | None = None
    status: SyncStatus | None = None
    trigger: SyncTrigger | None = None
    since: AwareDatetime | None = None

    @property
    def filter(self) -> EventFilter:
        return EventFilter(self.instance_id, self.target_id, self.status, self.trigger, self.since)


class CountsRead(Output):
    created: int
    updated: int
    deleted: int
    skipped: int
    failed: int


class FailureRead(Output):
    """One file that failed alone; `path` is empty for a failure of the whole run."""

    path: str
    code: str
    message: str


class SyncEventRead(Output):
    """`revision`: the requested head until the run resolves it, then the one reconciled. `timings`: ms per step.

    `diagnostics`: what was found about paths that became no config object; those of objects are on the objects.
    """

    id: str
    instance_id: str
    target_id: str
    trigger: SyncTrigger
    status: SyncStatus
    revision: str | None
    delivery_ids: list[str]
    attempts: int
    counts: CountsRead
    failures: list[FailureRead]
    diagnostics: list[DiagnosticRead]
    timings: dict[str, int]
    requested_by: str | None
    created_at: Moment
    updated_at: Moment
    started_at: Moment | None
    completed_at: Moment | None
