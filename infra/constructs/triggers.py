"""What starts functions besides people: the queue, the table's stream, and the clock."""

import json
from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.deployment import Deployment

SWEEP_MINUTES = 5
STREAM_RETRIES = 10
STREAM_MAX_AGE_S = 3600

UNINDEXED = {"dynamodb": {"NewImage": {"edge_pk": {"S": [{"prefix": "UNINDEXED#"}]}}}}
"""Rows that were written and whose postings are out of date."""

RECORDED = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "AUD#"}]}}}}
"""Audit events, which are written once; that they expire is no news."""


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


class StreamTrigger(Construct):
    """Hands a function the rows of the table's stream that it asks for, and no other row."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stream_arn: str,
        wanted: Mapping[str, object],
        function: lambda_.IFunction,
        dead_letters: sqs.IQueue,
    ) -> None:
        super().__init__(scope, construct_id)
        lambda_.CfnEventSourceMapping(
            self,
            "Mapping",
            function_name=function.function_arn,
            event_source_arn=stream_arn,
            starting_position="TRIM_HORIZON",
            batch_size=100,
            filter_criteria={"filters": [{"pattern": json.dumps(wanted)}]},
            function_response_types=["ReportBatchItemFailures"],
            # One record that always fails must not hold up its neighbours: an object stays marked and is found all
            # the same, an audit event is in the table.
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=STREAM_RETRIES,
            maximum_record_age_in_seconds=STREAM_MAX_AGE_S,
            destination_config={"onFailure": {"destination": dead_letters.queue_arn}},
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
