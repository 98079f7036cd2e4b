"""One page that answers: do syncs end well, in time, and is anything waiting?"""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.constructs.metrics import DepotMetrics
from infra.deployment import Deployment, Sizes

WIDTH = 8
"""Of the 24 columns: three graphs in a row."""


class Dashboard(Construct):
    def __init__(self, scope: Construct, construct_id: str, *, deployment: Deployment, metrics: DepotMetrics) -> None:
        super().__init__(scope, construct_id)
        self._metrics = metrics
        rows = [self._syncs(), self._queue(), self._ways_in(), self._functions()]
        cloudwatch.Dashboard(self, "Page", dashboard_name=deployment.name(), widgets=rows)

    def _syncs(self) -> list[cloudwatch.IWidget]:
        own = self._metrics.own
        durations = [own("SyncDuration", statistic) for statistic in ("p50", "p95", "Maximum")]
        return [
            _graph("Syncs that ended", [own("SyncRuns"), own("SyncFailed"), own("FilesFailed")]),
            _graph("Failures and waits by code", [self._metrics.by_code(each) for each in _BY_CODE]),
            _graph("Duration of a run (ms)", durations),
        ]

    def _queue(self) -> list[cloudwatch.IWidget]:
        own, queue = self._metrics.own, self._metrics.of_queue
        waiting = queue("sync.fifo", "ApproximateNumberOfMessagesVisible")
        dead = queue("sync-dead-letters.fifo", "ApproximateNumberOfMessagesVisible")
        oldest = queue("sync.fifo", "ApproximateAgeOfOldestMessage")
        delays = [own("SyncDelay", statistic) for statistic in ("p50", "p95", "Maximum")]
        return [
            _graph("Waiting, and dead letters", [waiting, dead]),
            _graph("Oldest waiting (s)", [oldest]),
            _graph("From a push to its end (s)", delays),
        ]

    def _ways_in(self) -> list[cloudwatch.IWidget]:
        own = self._metrics.own
        objects = [own(f"Objects{what}") for what in ("Created", "Updated", "Deleted")]
        return [
            _graph("Webhooks", [own("WebhookDeliveries"), own("WebhookRefused")]),
            _graph("Sweeps", [own(f"Sweep{what}") for what in _SWEPT]),
            _graph("Objects", objects),
        ]

    def _functions(self) -> list[cloudwatch.IWidget]:
        names = sorted(Sizes.model_fields)
        throttled = [self._metrics.of_table(each) for each in ("ReadThrottleEvents", "WriteThrottleEvents")]
        return [
            _graph("Errors", [self._metrics.of_function(name, "Errors", "Sum") for name in names]),
            _graph("Duration p95 (ms)", [self._metrics.of_function(name, "Duration", "p95") for name in names]),
            _graph("The table, throttled", throttled),
        ]


_BY_CODE = ("SyncFailed", "SyncPostponed")
_SWEPT = ("Checked", "Moved", "Unreachable", "Postponed", "Revived", "Redelivered")


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.IWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=WIDTH)
