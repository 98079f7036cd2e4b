"""The metrics of a deployment: its functions' own, and those that AWS keeps of them, by their names."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.deployment import Deployment
from shared.observability import NAMESPACE

MINUTES = Duration.minutes(5)


class DepotMetrics:
    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment

    def own(self, name: str, statistic: str = "Sum", period: Duration = MINUTES) -> cloudwatch.Metric:
        """What a function says of its work, in its log lines."""
        return self._metric(NAMESPACE, name, {"Stage": self._deployment.stage}, statistic, period)

    def by_code(self, name: str) -> cloudwatch.MathExpression:
        """A count, one line for every code that there was."""
        terms = f'{{{NAMESPACE},Stage,Code}} Stage="{self._deployment.stage}" MetricName="{name}"'
        return cloudwatch.MathExpression(
            expression=f"SEARCH('{terms}', 'Sum', {MINUTES.to_seconds()})", label="", using_metrics={}, period=MINUTES
        )

    def failure_rate(self, period: Duration) -> cloudwatch.MathExpression:
        """Percent of the syncs that ended; nothing ended is nothing failed."""
        return cloudwatch.MathExpression(
            expression="IF(runs > 0, 100 * failed / runs, 0)",
            label="failing %",
            using_metrics={
                "runs": self.own("SyncRuns", period=period),
                "failed": self.own("SyncFailed", period=period),
            },
            period=period,
        )

    def of_function(self, name: str, metric: str, statistic: str) -> cloudwatch.Metric:
        return self._metric("AWS/Lambda", metric, {"FunctionName": self._deployment.name(name)}, statistic, label=name)

    def of_queue(self, name: str, metric: str) -> cloudwatch.Metric:
        return self._metric("AWS/SQS", metric, {"QueueName": self._deployment.name(name)}, "Maximum")

    def of_table(self, metric: str) -> cloudwatch.Metric:
        return self._metric("AWS/DynamoDB", metric, {"TableName": self._deployment.name()}, "Sum")

    @staticmethod
    def _metric(
        namespace: str,
        name: str,
        dimensions: Mapping[str, str],
        statistic: str,
        period: Duration = MINUTES,
        label: str | None = None,
    ) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=namespace,
            metric_name=name,
            dimensions_map=dict(dimensions),
            statistic=statistic,
            period=period,
            label=label,
        )
