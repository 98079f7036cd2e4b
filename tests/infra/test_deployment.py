"""What the CDK context may say."""

import pytest
from aws_cdk import RemovalPolicy

from infra.deployment import BadContextError, read_deployment

NEEDED = {
    "stage": "dev",
    "oidcIssuer": "https://login.example.com",
    "oidcAudience": "plugin-depot",
    "githubAppId": "12345",
}


def test_a_deployment_keeps_its_data_unless_told_otherwise() -> None:
    deployment = read_deployment(NEEDED)

    assert deployment.removal is RemovalPolicy.RETAIN
    assert deployment.deletion_protection


def test_what_the_command_line_gives_as_text_is_read_as_what_it_means() -> None:
    given = {"deletionProtection": "false", "requestsPerSecond": "50", "logRetentionDays": "7"}
    given["corsOrigins"] = '["https://a.example"]'

    deployment = read_deployment(NEEDED | given)

    assert not deployment.deletion_protection
    assert (deployment.requests_per_second, deployment.log_retention_days) == (50, 7)
    assert deployment.cors_origins == ("https://a.example",)


def test_one_size_may_change_without_naming_the_others() -> None:
    deployment = read_deployment(NEEDED | {"sizes": '{"sync": {"memoryMb": 1024, "timeoutS": 600}}'})

    assert deployment.sizes.sync.memory_mb == 1024
    assert deployment.sizes.webhook.timeout_s == 10


def test_a_missing_key_is_named_together_with_the_way_out() -> None:
    with pytest.raises(BadContextError) as fault:
        read_deployment({"stage": "dev"})

    assert "oidcIssuer: Field required" in str(fault.value)
    assert "-c key=value" in str(fault.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("stage", "Prod_1"),
        ("stage", "a-stage-of-17-long"),
        ("oidcIssuer", "login.example.com"),
        ("logRetentionDays", 2),
        ("oidcIsuer", "https://login.example.com"),
        ("oidcClaims", "oid"),
        ("opencodeAuthCommand", "depot token"),
        ("opencodeAuthCommand", "[]"),
        ("bundle", "docker"),
        ("localApiId", "xyz"),
        ("auditRetentionDays", 0),
        ("auditRetentionDays", "for ever"),
        ("auditEventBus", "arn:aws:sqs:eu-central-1:123456789012:queue"),
    ],
)
def test_a_bad_or_unknown_key_is_named(key: str, value: object) -> None:
    with pytest.raises(BadContextError, match=f"  {key}: "):
        read_deployment(NEEDED | {key: value})


def test_a_claim_that_nobody_asks_for_is_named() -> None:
    with pytest.raises(BadContextError, match=r"oidcClaims\.groups"):
        read_deployment(NEEDED | {"oidcClaims": '{"groups": "roles"}'})


def test_a_function_behind_the_api_cannot_outlast_it() -> None:
    with pytest.raises(BadContextError, match=r"sizes.*admin.*timeoutS: .*29"):
        read_deployment(NEEDED | {"sizes": {"admin": {"memoryMb": 1024, "timeoutS": 30}}})


@pytest.mark.parametrize(("name", "seconds"), [("sync", 59), ("sync", 901), ("sweep", 29), ("sweep", 301)])
def test_a_worker_has_time_to_stop_before_it_is_stopped(name: str, seconds: int) -> None:
    with pytest.raises(BadContextError, match=rf"sizes.*{name}.*timeoutS"):
        read_deployment(NEEDED | {"sizes": {name: {"memoryMb": 512, "timeoutS": seconds}}})


def test_keys_of_the_cdk_itself_are_left_alone() -> None:
    read_deployment(NEEDED | {"@aws-cdk/core:flag": True, "aws:cdk:bundling": [], "cli-telemetry": False})
