"""What a run says in CloudWatch: that it ended and how, how long it took, what it changed, and why it failed."""

from collections.abc import Iterator

from shared.domain.sync_event import SyncStatus
from shared.observability import Metric
from shared.services.reconciliation.worker import Outcome


def run_metrics(outcome: Outcome, milliseconds: float) -> Iterator[Metric]:
    """`SyncRuns` and `SyncFailed` count ends, so that their ratio is the rate of failure; `Postponed` counts waits."""
    event = outcome.event
    if event is None:
        return
    yield Metric("SyncDuration", round(milliseconds, 1), "Milliseconds")
    if not outcome.ended:
        if outcome.code:
            yield Metric("SyncPostponed", 1, by={"Code": outcome.code})
        return
    failed = event.status == SyncStatus.FAILED
    yield Metric("SyncRuns", 1)
    yield Metric("SyncFailed", int(failed))
    if failed:
        yield Metric("SyncFailed", 1, by={"Code": outcome.code})
    counts = event.counts
    changed = {"ObjectsCreated": counts.created, "ObjectsUpdated": counts.updated, "ObjectsDeleted": counts.deleted}
    for name, count in (changed | {"FilesFailed": counts.failed}).items():
        if count:  # CloudWatch charges a metric for every hour in which it has a value
            yield Metric(name, count)
    if event.completed_at is not None and event.status in (SyncStatus.COMPLETED, SyncStatus.PARTIAL):
        yield Metric("SyncDelay", (event.completed_at - event.asked_at).total_seconds(), "Seconds")
