"""What starts functions besides people, and what calls a person."""

import json
from collections.abc import Callable

from aws_cdk.assertions import Match, Template

from shared.repositories import keys
from tests.infra.choices import Find


def test_one_failed_message_does_not_bring_back_the_others(template: Template) -> None:
    template.has_resource_properties(
        "AWS::Lambda::EventSourceMapping",
        {"BatchSize": 1, "FunctionResponseTypes": ["ReportBatchItemFailures"]},
    )


def test_the_index_function_is_told_of_unindexed_rows_alone(template: Template) -> None:
    pattern = {"dynamodb": {"NewImage": {"edge_pk": {"S": [{"prefix": keys.unindexed("")}]}}}}

    template.has_resource_properties(
        "AWS::Lambda::EventSourceMapping",
        {"StartingPosition": "TRIM_HORIZON", "FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern)}]}},
    )


def test_the_audit_function_is_told_of_new_audit_events_alone(template: Template) -> None:
    (prefix, _, _) = keys.audit_month("", "2026-11").partition("#")
    pattern = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": [{"prefix": f"{prefix}#"}]}}}}

    template.has_resource_properties(
        "AWS::Lambda::EventSourceMapping",
        {
            "FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern)}]},
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "DestinationConfig": {"OnFailure": {"Destination": Match.any_value()}},
        },
    )


def test_a_record_that_always_fails_is_set_aside_without_its_neighbours(template: Template) -> None:
    template.has_resource_properties(
        "AWS::Lambda::EventSourceMapping",
        {
            "BisectBatchOnFunctionError": True,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "MaximumRetryAttempts": 10,
            "DestinationConfig": {"OnFailure": {"Destination": Match.any_value()}},
        },
    )


def test_a_person_is_called_when_search_falls_five_minutes_behind(template: Template) -> None:
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {"AlarmName": "depot-dev-index-delay", "MetricName": "IteratorAge", "Threshold": 300_000},
    )


def test_the_clock_starts_a_sweep_every_five_minutes(template: Template) -> None:
    template.has_resource_properties(
        "AWS::Events::Rule",
        {
            "ScheduleExpression": "rate(5 minutes)",
            "Targets": [Match.object_like({"RetryPolicy": Match.object_like({"MaximumRetryAttempts": 0})})],
        },
    )


def test_one_dead_letter_is_enough_to_call_a_person(template: Template) -> None:
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": "depot-dev-dead-letters",
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        },
    )


def test_every_function_and_the_webhook_route_are_watched(resources: Find) -> None:
    names = {alarm["AlarmName"] for alarm in resources("AWS::CloudWatch::Alarm").values()}

    functions = ("admin", "delivery", "webhook", "sync", "sweep", "index", "audit", "operations")
    assert names == {
        *(f"depot-dev-{name}-errors" for name in functions),
        "depot-dev-dead-letters",
        "depot-dev-index-dead-letters",
        "depot-dev-index-delay",
        "depot-dev-audit-dead-letters",
        "depot-dev-audit-delay",
        "depot-dev-webhook-5xx",
        "depot-dev-webhook-signatures",
    }


def test_the_webhook_alarm_reads_a_metric_that_the_stage_reports(template: Template) -> None:
    template.has_resource_properties(
        "AWS::ApiGatewayV2::Stage",
        {"DefaultRouteSettings": Match.object_like({"DetailedMetricsEnabled": True})},
    )


def test_a_person_is_called_when_many_webhooks_have_a_wrong_signature(template: Template) -> None:
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": "depot-dev-webhook-signatures",
            "MetricName": "WebhookRefused",
            "Namespace": "PluginDepot",
            "Period": 60,
            "Threshold": 11,
        },
    )


def test_alarms_reach_nobody_without_an_address(template: Template) -> None:
    template.resource_count_is("AWS::SNS::Topic", 0)


def test_alarms_are_mailed_where_an_address_is_given(template_of: Callable[..., Template]) -> None:
    template = template_of(alarmEmail="ops@example.com")

    template.has_resource_properties("AWS::SNS::Subscription", {"Protocol": "email", "Endpoint": "ops@example.com"})
    template.all_resources_properties("AWS::CloudWatch::Alarm", {"AlarmActions": [Match.any_value()]})
