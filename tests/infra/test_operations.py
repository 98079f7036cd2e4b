"""The stack that operators look at."""

import json
import re

import pytest
from aws_cdk import Stack
from aws_cdk.assertions import Match, Template

from infra.app import build_app, file_context
from tests.infra.choices import CHOICES


def operations(**chosen: str) -> Template:
    stack = build_app(file_context() | CHOICES | chosen).node.find_child("Operations")
    assert isinstance(stack, Stack)
    return Template.from_stack(stack)


@pytest.fixture(scope="module")
def template() -> Template:
    return operations(alarmEmail="ops@example.com")


def test_a_person_is_called_when_more_than_a_twentieth_of_the_syncs_fail(template: Template) -> None:
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": "depot-dev-sync-failures",
            "Threshold": 5,
            "ComparisonOperator": "GreaterThanThreshold",
            "AlarmActions": [Match.any_value()],
            "Metrics": Match.array_with([Match.object_like({"Expression": "IF(runs > 0, 100 * failed / runs, 0)"})]),
        },
    )


def test_the_topic_is_the_one_that_the_other_stack_makes(template: Template) -> None:
    [alarm] = template.find_resources("AWS::CloudWatch::Alarm").values()

    assert ":depot-dev-alarms" in json.dumps(alarm["Properties"]["AlarmActions"])


def test_the_dashboard_shows_every_metric_that_functions_tell(template: Template) -> None:
    [page] = template.find_resources("AWS::CloudWatch::Dashboard").values()
    shown = set(re.findall(r"[A-Z][A-Za-z]+", json.dumps(page["Properties"]["DashboardBody"])))

    told = {"SyncRuns", "SyncFailed", "SyncPostponed", "SyncDuration", "SyncDelay", "FilesFailed"}
    told |= {f"Objects{what}" for what in ("Created", "Updated", "Deleted")}
    told |= {f"Sweep{what}" for what in ("Checked", "Moved", "Unreachable", "Postponed", "Revived", "Redelivered")}
    assert told | {"WebhookDeliveries", "WebhookRefused"} <= shown


def test_the_laptop_goes_without_it() -> None:
    chosen = {"bundle": "local", "localPython": "/usr/bin/python3"}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("infra.app.function_code", lambda _: None)
        patch.setattr("infra.app.DepotStack", lambda *_, **__: None)
        app = build_app(file_context() | CHOICES | chosen)

    assert app.node.try_find_child("Operations") is None
