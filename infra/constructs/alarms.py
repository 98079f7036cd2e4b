"""The alarms that mean a person must look, and the topic that tells one."""

from collections.abc import Mapping

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.metrics import DepotMetrics
from infra.deployment import Deployment

TOPIC = "alarms"
"""The part of the topic's name behind the deployment's."""

REFUSED_PER_MINUTE = 10

_PERIOD = Duration.minutes(5)
_DELAY_MS = 5 * 60 * 1000


class Alarms(Construct):
    """Dead letters, errors, a stream read late, webhooks refused or answered 5xx; mailed where an address is given."""

    def __init__(self, scope: Construct, construct_id: str, *, deployment: Deployment, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self._deployment = deployment
        self._topic = self._mail_topic(key) if deployment.alarm_email else None

    def watch_dead_letters(self, name: str, queue: sqs.IQueue, description: str) -> None:
        """Work that failed for good waits for a person."""
        metric = queue.metric_approximate_number_of_messages_visible(period=_PERIOD, statistic="Maximum")
        self._alarm(name, metric, description)

    def watch_delay(self, name: str, function: lambda_.IFunction) -> None:
        """A stream that is read late: searches cost more with every object that waits, a bus hears late."""
        metric = function.metric("IteratorAge", period=_PERIOD, statistic="Maximum")
        self._alarm(f"{name}-delay", metric, f"The {name} function is five minutes behind the table", _DELAY_MS)

    def watch_errors(self, functions: Mapping[str, lambda_.IFunction]) -> None:
        """An invocation that raised or timed out is a defect or an outage, never routine."""
        for name, function in functions.items():
            metric = function.metric_errors(period=_PERIOD, statistic="Sum")
            self._alarm(f"{name}-errors", metric, f"The {name} function failed")

    def watch_route(self, api_id: str, route: str) -> None:
        """GitHub does not send a refused delivery again, so each 5xx is a push found only by the sweep."""
        method, path = route.split(" ", 1)
        metric = cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name="5xx",
            dimensions_map={"ApiId": api_id, "Stage": "$default", "Method": method, "Resource": path},
            period=_PERIOD,
            statistic="Sum",
        )
        self._alarm("webhook-5xx", metric, "A webhook delivery was answered with a server error")

    def watch_signatures(self) -> None:
        """One secret that was put in one place only, or somebody who tries: either refuses many in a row."""
        metric = DepotMetrics(self._deployment).own("WebhookRefused", period=Duration.minutes(1))
        description = f"More than {REFUSED_PER_MINUTE} webhooks a minute had no signature, or a wrong one"
        self._alarm("webhook-signatures", metric, description, REFUSED_PER_MINUTE + 1)

    def _alarm(self, name: str, metric: cloudwatch.IMetric, description: str, threshold: int = 1) -> None:
        alarm = cloudwatch.Alarm(
            self,
            "".join(part.capitalize() for part in name.split("-")),
            alarm_name=self._deployment.name(name),
            alarm_description=description,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        if self._topic:
            alarm.add_alarm_action(actions.SnsAction(self._topic))

    def _mail_topic(self, key: kms.IKey) -> sns.Topic:
        topic = sns.Topic(self, "Topic", topic_name=self._deployment.name(TOPIC), master_key=key, enforce_ssl=True)
        topic.add_subscription(subscriptions.EmailSubscription(self._deployment.alarm_email))
        # An alarm publishes in its own name, so the key has to trust the alarm service of this account.
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsMayPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        return topic
