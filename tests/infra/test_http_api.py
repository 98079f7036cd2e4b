"""Which path belongs to which function, and what the gateway does on its own."""

import json
from collections.abc import Callable

import pytest
from aws_cdk.assertions import Match, Template

from tests.infra.choices import Find


@pytest.mark.parametrize(
    ("route", "function"),
    [
        ("POST /api/webhooks/connectors/{connector}", "Webhook"),
        ("ANY /v1/orgs/{orgId}/delivery/{proxy+}", "Delivery"),
        ("ANY /git/{proxy+}", "Delivery"),
        ("ANY /mcp-registry/{proxy+}", "Delivery"),
        ("GET /.well-known/opencode", "Delivery"),
        ("GET /o/{orgId}/.well-known/opencode", "Delivery"),
        ("GET /o/{orgId}/opencode.json", "Delivery"),
        ("ANY /npm/{proxy+}", "Delivery"),
        ("ANY /v1/{proxy+}", "Admin"),
        ("GET /healthz", "Admin"),
        ("GET /readyz", "Admin"),
        ("GET /version", "Admin"),
        ("GET /openapi.json", "Admin"),
        ("GET /docs", "Admin"),
        ("$default", "Admin"),
    ],
)
def test_a_path_belongs_to_one_function(resources: Find, route: str, function: str) -> None:
    routes = resources("AWS::ApiGatewayV2::Route").values()

    (target,) = (each["Target"] for each in routes if each["RouteKey"] == route)

    assert f"{function}Integration" in str(target)


def test_functions_get_the_payload_they_are_written_for(resources: Find) -> None:
    integrations = resources("AWS::ApiGatewayV2::Integration").values()

    assert {each["PayloadFormatVersion"] for each in integrations} == {"2.0"}


def test_the_gateway_repeats_the_challenge_that_git_waits_for(template: Template) -> None:
    challenge = {
        "Destination": "overwrite:header.www-authenticate",
        "Source": 'Basic realm="Plugin Depot", charset="UTF-8"',
    }

    template.resource_properties_count_is(
        "AWS::ApiGatewayV2::Integration",
        {"ResponseParameters": {"401": {"ResponseParameters": [challenge]}}},
        1,
    )


def test_only_this_api_may_call_the_functions_behind_it(resources: Find) -> None:
    gateways = [
        each
        for each in resources("AWS::Lambda::Permission").values()
        if each["Principal"] == "apigateway.amazonaws.com"
    ]

    assert len(gateways) == 3
    assert all("HttpApi" in str(each["SourceArn"]) for each in gateways)


def test_requests_are_throttled_and_logged_without_paths_that_carry_tokens(resources: Find) -> None:
    (stage,) = resources("AWS::ApiGatewayV2::Stage").values()

    assert stage["StageName"] == "$default"
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 500
    assert not {"path", "rawPath"} & set(json.loads(stage["AccessLogSettings"]["Format"]))
    assert "$context.path" not in stage["AccessLogSettings"]["Format"]


def test_browsers_elsewhere_may_not_call_the_api(resources: Find) -> None:
    (api,) = resources("AWS::ApiGatewayV2::Api").values()

    assert "CorsConfiguration" not in api


def test_browsers_on_a_named_origin_may_call_the_api(template_of: Callable[..., Template]) -> None:
    template = template_of(corsOrigins='["https://console.example.com"]')

    template.has_resource_properties(
        "AWS::ApiGatewayV2::Api",
        {"CorsConfiguration": Match.object_like({"AllowOrigins": ["https://console.example.com"]})},
    )


def test_the_laptops_url_stays_the_same(template_of: Callable[..., Template]) -> None:
    template = template_of(localApiId="d0d0d0d0")

    template.has_resource_properties(
        "AWS::ApiGatewayV2::Api", {"Tags": Match.object_like({"ms-custom-id": "d0d0d0d0"})}
    )
