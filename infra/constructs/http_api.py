"""The public HTTP API: which path belongs to which function, and what callers may do to it."""

import json
from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy, Stack, Tags
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.deployment import Deployment
from infra.findings import accept

ROUTES: Mapping[str, tuple[str, ...]] = {
    "webhook": ("POST /api/webhooks/connectors/{connector}",),
    "delivery": (
        "ANY /v1/orgs/{orgId}/delivery/{proxy+}",
        "ANY /git/{proxy+}",
        "ANY /m/{proxy+}",
        "ANY /o/{orgId}/t/{proxy+}",
        "GET /o/{orgId}/opencode.json",
        "GET /o/{orgId}/.well-known/opencode",
        "GET /.well-known/opencode",
        "GET /opencode.json",
        "ANY /npm/{proxy+}",
        "ANY /mcp-registry/{proxy+}",
        "GET /.well-known/plugin-depot/keys.json",
    ),
    "admin": (
        "ANY /v1/{proxy+}",
        "GET /healthz",
        "GET /readyz",
        "GET /version",
        "GET /openapi.json",
        "GET /docs",
        "$default",
    ),
}
CHALLENGE = 'Basic realm="Plugin Depot", charset="UTF-8"'

# Tokens travel in paths and headers, so a log line names the route and never the path or a header.
_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "route": "$context.routeKey",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "latencyMs": "$context.responseLatency",
    "integrationStatus": "$context.integrationStatus",
    "integrationError": "$context.integrationErrorMessage",
}


class PublicApi(Construct):
    """One HTTP API with throttling and access logs; the functions behind it check who calls."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        functions: Mapping[str, lambda_.Function],
    ) -> None:
        super().__init__(scope, construct_id)
        self.api = self._api(deployment)
        self._stage(deployment)
        for name, routes in ROUTES.items():
            self._route(name, functions[name], routes)

    @property
    def endpoint(self) -> str:
        """The base URL, `https://<id>.execute-api.<region>.amazonaws.com`, without a trailing slash."""
        return self.api.attr_api_endpoint

    def _api(self, deployment: Deployment) -> apigateway.CfnApi:
        api = apigateway.CfnApi(
            self,
            "Api",
            name=deployment.name(),
            protocol_type="HTTP",
            cors_configuration=_cors(deployment),
        )
        if deployment.local_api_id:
            # The emulator takes the API's id from this tag, which keeps the laptop's URL stable.
            Tags.of(api).add("ms-custom-id", deployment.local_api_id)
        return api

    def _stage(self, deployment: Deployment) -> None:
        log_group = logs.LogGroup(
            self,
            "AccessLogs",
            # Only names below /aws/vendedlogs/ stay clear of the account's limit on log resource policies.
            log_group_name=f"/aws/vendedlogs/{deployment.name('api')}",
            retention=deployment.log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        apigateway.CfnStage(
            self,
            "Stage",
            api_id=self.api.ref,
            stage_name="$default",
            auto_deploy=True,
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=log_group.log_group_arn, format=json.dumps(_ACCESS_LOG)
            ),
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=deployment.requests_per_second,
                throttling_burst_limit=deployment.request_burst,
                detailed_metrics_enabled=True,
            ),
        )

    def _route(self, name: str, function: lambda_.Function, routes: Sequence[str]) -> None:
        integration = apigateway.CfnIntegration(
            self,
            f"{name.capitalize()}Integration",
            api_id=self.api.ref,
            integration_type="AWS_PROXY",
            integration_uri=function.function_arn,
            payload_format_version="2.0",
            response_parameters=_challenge() if name == "delivery" else None,
        )
        for number, key in enumerate(routes, start=1):
            route = apigateway.CfnRoute(
                self,
                f"{name.capitalize()}Route{number}",
                api_id=self.api.ref,
                route_key=key,
                authorization_type="NONE",
                target=f"integrations/{integration.ref}",
            )
            accept(
                route,
                "AwsSolutions-APIG4",
                because="The function authenticates: tokens and signatures that no gateway authorizer can check.",
            )
        function.add_permission(
            "HttpApi",
            principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
            source_arn=Stack.of(self).format_arn(service="execute-api", resource=self.api.ref, resource_name="*/*"),
        )


def _cors(deployment: Deployment) -> apigateway.CfnApi.CorsProperty | None:
    """Browsers on the named origins may call the API; without any, none may but where a function says so itself.

    With this, the gateway answers every preflight and drops what functions say of origins (the MCP registry does).
    """
    if not deployment.cors_origins:
        return None
    return apigateway.CfnApi.CorsProperty(
        allow_origins=list(deployment.cors_origins),
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["authorization", "content-type", "idempotency-key", "if-match", "if-none-match"],
        expose_headers=["etag", "location", "x-request-id"],
        max_age=3600,
    )


def _challenge() -> dict[str, object]:
    """Set the 401 challenge again at the gateway.

    Gateways of other kinds rename the function's own header, and git sends stored credentials only when
    challenged. CloudFormation takes a list of destinations here, not the API's own map.
    """
    header = {"Destination": "overwrite:header.www-authenticate", "Source": CHALLENGE}
    return {"401": {"ResponseParameters": [header]}}
