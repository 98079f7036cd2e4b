"""What operators look at: the rate of failing syncs, and a dashboard. A stack of its own, which nothing depends on."""

from aws_cdk import Duration, Stack, Tags
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.constructs.alarms import TOPIC
from infra.constructs.dashboard import Dashboard
from infra.constructs.metrics import DepotMetrics
from infra.deployment import Deployment

FAILING_PERCENT = 5


class OperationsStack(Stack):
    """Names what it watches, and takes nothing from the other stack: either is changed without the other.

    The emulator knows no metric math, so the laptop goes without.
    """

    def __init__(self, scope: Construct, construct_id: str, *, deployment: Deployment) -> None:
        super().__init__(
            scope,
            construct_id,
            stack_name=deployment.name("operations"),
            description="Plugin Depot: what its operators look at",
        )
        Tags.of(self).add("depot:stage", deployment.stage)
        self._deployment = deployment
        self._metrics = DepotMetrics(deployment)
        self._watch_failure_rate()
        Dashboard(self, "Dashboard", deployment=deployment, metrics=self._metrics)

    def _watch_failure_rate(self) -> None:
        """A source that is gone is one failure; a rate is an outage, or a change of ours that breaks syncs."""
        alarm = cloudwatch.Alarm(
            self,
            "SyncFailures",
            alarm_name=self._deployment.name("sync-failures"),
            alarm_description=f"More than {FAILING_PERCENT} % of the syncs of five minutes failed",
            metric=self._metrics.failure_rate(Duration.minutes(5)),
            threshold=FAILING_PERCENT,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        if self._deployment.alarm_email:
            arn = self.format_arn(service="sns", resource=self._deployment.name(TOPIC))
            alarm.add_alarm_action(actions.SnsAction(sns.Topic.from_topic_arn(self, "Topic", arn)))
