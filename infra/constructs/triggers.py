"""What starts functions besides people: the queue and the clock."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.deployment import Deployment

SWEEP_MINUTES = 5


class SyncTrigger(Construct):
    """Hands queued work to the sync function, one message at a time, many targets at once."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        queue: sqs.IQueue,
        function: lambda_.IFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        lambda_.EventSourceMapping(
            self,
            "Mapping",
            target=function,
            event_source_arn=queue.queue_arn,
            # A sync may need the whole time limit, so messages never share one invocation.
            batch_size=1,
            report_batch_item_failures=True,
            max_concurrency=deployment.sync_concurrency,
        )


class SweepSchedule(Construct):
    """Starts a sweep every few minutes; a missed one is made up by the next, so none is retried."""

    def __init__(self, scope: Construct, construct_id: str, *, function: lambda_.IFunction) -> None:
        super().__init__(scope, construct_id)
        events.Rule(
            self,
            "Rule",
            description="Find what webhooks missed",
            schedule=events.Schedule.rate(Duration.minutes(SWEEP_MINUTES)),
            targets=[targets.LambdaFunction(function, retry_attempts=0, max_event_age=Duration.minutes(SWEEP_MINUTES))],
        )
