"""What the whole template must never contain."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks
from constructs import Construct

from infra import findings
from infra.app import build_app, file_context
from tests.infra.choices import CHOICES

EVERYTHING = CHOICES | {"alarmEmail": "ops@example.com", "corsOrigins": '["https://console.example.com"]'}


class _Accepted:
    """Stands for the CDK's register of accepted findings, and only notes them."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    def of(self, _construct: Construct) -> "_Accepted":
        return self

    def acknowledge(self, accepted: Any) -> None:
        self.reasons[accepted.id] = accepted.reason


def test_cdk_nag_finds_nothing_that_is_not_accepted() -> None:
    assert _findings() == set()


def test_every_accepted_finding_still_arises(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted = _Accepted()
    monkeypatch.setattr(findings, "Validations", accepted)

    assert _findings() == set(accepted.reasons)


def test_the_emulator_knows_every_kind_of_resource(template: Template) -> None:
    kinds = {resource["Type"] for resource in template.to_json()["Resources"].values()}

    refused = ("Custom::", "AWS::CloudFormation::CustomResource", "AWS::WAFv2", "AWS::Budgets")
    assert not [kind for kind in kinds if kind.startswith(refused)]


def test_outputs_name_the_api_by_its_id_and_endpoint(template: Template) -> None:
    outputs = template.to_json()["Outputs"]

    assert {"ApiId", "ApiEndpoint"} <= outputs.keys()
    assert "Fn::Join" not in str(outputs["ApiEndpoint"])


def test_data_outlives_the_stack_unless_told_otherwise(template_of: Callable[..., Template]) -> None:
    kept, thrown_away = template_of(), template_of(removalPolicy="destroy", deletionProtection="false")

    assert _policies_of_data(kept) == {"Retain"}
    assert _policies_of_data(thrown_away) == {"Delete"}


def _findings() -> set[str]:
    app = build_app(file_context() | EVERYTHING)
    report = AwsSolutionsChecks().validate_scope(app)
    return {violation.rule_name for violation in report.violations}


def _policies_of_data(template: Template) -> set[str]:
    data = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::SecretsManager::Secret")
    resources = template.to_json()["Resources"].values()
    return {resource["DeletionPolicy"] for resource in resources if resource["Type"] in data}
