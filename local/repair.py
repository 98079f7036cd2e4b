"""Puts back what the emulator's CloudFormation drops from a template: time to live, and CORS.

The template stays the only source: both are read from it, so the laptop gets what AWS gets.
"""

from collections.abc import Mapping
from typing import Any

from local.aws import Aws


def restore_dropped_settings(aws: Aws, stack: str, template: Mapping[str, Any]) -> None:
    """Repeat, after every deployment, the settings that a deployment loses."""
    listed = aws.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    physical = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in listed}
    for logical_id, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] in ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"):
            _restore_time_to_live(aws, physical[logical_id], properties.get("TimeToLiveSpecification"))
        if resource["Type"] == "AWS::ApiGatewayV2::Api":
            _restore_cors(aws, physical[logical_id], properties.get("CorsConfiguration"))


def _restore_time_to_live(aws: Aws, table: str, wanted: Mapping[str, Any] | None) -> None:
    dynamodb = aws.client("dynamodb")
    status = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"]
    if wanted is None or status == "ENABLED":
        return
    dynamodb.update_time_to_live(
        TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": wanted["AttributeName"]}
    )


def _restore_cors(aws: Aws, api_id: str, wanted: Mapping[str, Any] | None) -> None:
    if wanted is not None:
        aws.client("apigatewayv2").update_api(ApiId=api_id, CorsConfiguration=dict(wanted))
