"""What each function is told, and that it may touch nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk.assertions import Template

from shared.domain.sealing import PURPOSE
from tests.infra.choices import Find

FUNCTIONS = ("admin", "delivery", "webhook", "sync", "sweep", "index", "audit", "operations")


def test_every_function_runs_its_own_handler_on_arm(resources: Find) -> None:
    functions = resources("AWS::Lambda::Function").values()

    assert {each["Handler"] for each in functions} == {f"functions.{n}.handler.handler" for n in FUNCTIONS}
    assert {(each["Runtime"], *each["Architectures"]) for each in functions} == {("python3.13", "arm64")}


def test_every_function_has_a_role_and_a_log_group_of_its_own(resources: Find) -> None:
    functions = resources("AWS::Lambda::Function").values()

    assert len({str(each["Role"]) for each in functions}) == len(FUNCTIONS)
    assert len({str(each["LoggingConfig"]["LogGroup"]) for each in functions}) == len(FUNCTIONS)


def test_every_log_group_forgets(resources: Find) -> None:
    groups = resources("AWS::Logs::LogGroup").values()

    assert {group["RetentionInDays"] for group in groups} == {90}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "admin",
            {
                *("BUCKET", "QUEUE_URL", "GITHUB_APP_KEY_SECRET", "CURSOR_SECRET", "OIDC_ISSUER", "OIDC_GROUPS_CLAIM"),
                *("DATA_KEY", "SIGNING_KEY"),
            },
        ),
        ("delivery", {"BUCKET", "CURSOR_SECRET", "OIDC_ISSUER", "DATA_KEY", "SIGNING_KEY"}),
        ("webhook", {"QUEUE_URL", "WEBHOOK_SECRET"}),
        ("sync", {"BUCKET", "QUEUE_URL", "GITHUB_APP_KEY_SECRET", "DATA_KEY"}),
        ("sweep", {"QUEUE_URL", "GITHUB_APP_KEY_SECRET"}),
        ("index", set()),
        ("audit", {"AUDIT_EVENT_BUS"}),
        ("operations", set()),
    ],
)
def test_a_function_is_told_only_what_it_uses(resources: Find, name: str, told: set[str]) -> None:
    asked = {
        *(
            "BUCKET",
            "QUEUE_URL",
            "GITHUB_APP_KEY_SECRET",
            "WEBHOOK_SECRET",
            "CURSOR_SECRET",
            "OIDC_ISSUER",
            "OIDC_GROUPS_CLAIM",
            "DATA_KEY",
            "SIGNING_KEY",
            "AUDIT_EVENT_BUS",
        )
    }

    environment = _function(resources, name)["Environment"]["Variables"]

    assert {variable for variable in asked if f"DEPOT_{variable}" in environment} == told
    assert {"DEPOT_STAGE", "DEPOT_TABLE"} <= environment.keys()


def test_what_was_not_chosen_is_not_set(template_of: Callable[..., Template]) -> None:
    template = template_of(oidcJwksUrl="https://login.example.com/keys")

    (admin,) = template.find_resources(
        "AWS::Lambda::Function", {"Properties": {"FunctionName": "depot-dev-admin"}}
    ).values()

    environment = admin["Properties"]["Environment"]["Variables"]
    assert environment["DEPOT_OIDC_JWKS_URL"] == "https://login.example.com/keys"
    assert "DEPOT_PUBLIC_URL" not in environment


def test_no_statement_is_open_ended(resources: Find) -> None:
    for name in FUNCTIONS:
        for statement in _statements(resources, name).values():
            assert "*" not in _listed(statement["Action"]), name
            assert "*" not in _listed(statement["Resource"]), name


@pytest.mark.parametrize(
    ("name", "may"),
    [
        (
            "admin",
            {
                *("UseTable", "QueryIndexes", "Enqueue", "CheckQueue"),
                *("ReadWriteContents", "TellAbsence", "ReadSecrets", "UseDataKeys", "SignReleases"),
            },
        ),
        (
            "delivery",
            {
                *("UseTable", "QueryIndexes", "ReadContents", "ReadWriteRendered", "ReadSecrets", "TellAbsence"),
                *("UseDataKeys", "PublishSigningKey"),
            },
        ),
        ("webhook", {"UseTable", "QueryIndexes", "Enqueue", "ReadSecrets"}),
        (
            "sync",
            {
                *("UseTable", "QueryIndexes", "Enqueue", "Consume"),
                *("ReadWriteContents", "WriteSealed", "ReadSecrets", "UseDataKeys"),
            },
        ),
        ("sweep", {"UseTable", "QueryIndexes", "Enqueue", "ReadSecrets"}),
        ("index", {"UseTable", "FollowTable", "SetAside"}),
        ("audit", {"FollowTable", "SetAside", "TellBus"}),
        ("operations", {"UseTable"}),
    ],
)
def test_a_function_may_do_only_what_its_work_needs(resources: Find, name: str, may: set[str]) -> None:
    assert set(_statements(resources, name)) == may | {"WriteOwnLogs", "UseKey"}


def test_only_the_admin_function_signs_and_only_with_the_signing_key(resources: Find) -> None:
    signers = {name for name in FUNCTIONS if "kms:Sign" in str(_statements(resources, name))}
    statement = _statements(resources, "admin")["SignReleases"]

    assert signers == {"admin"}
    assert _listed(statement["Action"]) == ["kms:Sign"]
    assert "Signing" in str(statement["Resource"])
    assert _listed(_statements(resources, "delivery")["PublishSigningKey"]["Action"]) == ["kms:GetPublicKey"]


def test_delivery_cannot_change_what_it_delivers(resources: Find) -> None:
    statements = _statements(resources, "delivery")

    assert "s3:PutObject" not in _listed(statements["ReadContents"]["Action"])
    assert "/blobs/" not in str(statements["ReadWriteRendered"]["Resource"])
    assert "dynamodb:PutItem" not in _listed(statements["UseTable"]["Action"])


def test_the_webhook_function_reads_no_secret_but_its_own(resources: Find) -> None:
    statement = _statements(resources, "webhook")["ReadSecrets"]

    assert "WebhookSecret" in str(statement["Resource"])
    assert len(_listed(statement["Resource"])) == 1


def test_who_may_send_to_the_queue_may_not_take_from_it(resources: Find) -> None:
    takers = {name for name in FUNCTIONS if "sqs:ReceiveMessage" in str(_statements(resources, name))}

    assert takers == {"sync"}
    for name in ("admin", "webhook", "sweep", "sync"):
        assert _listed(_statements(resources, name)["Enqueue"]["Action"]) == ["sqs:SendMessage"], name


def test_a_function_is_made_after_the_rights_of_its_role(template: Template, resources: Find) -> None:
    """Lambda refuses a queue's trigger while the role may not receive; the trigger waits for its function."""
    functions = template.find_resources("AWS::Lambda::Function").values()
    policies = resources("AWS::IAM::Policy")

    for function in functions:
        role = function["Properties"]["Role"]["Fn::GetAtt"][0]
        (policy,) = (name for name, each in policies.items() if {"Ref": role} in each["Roles"])
        assert policy in function["DependsOn"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_key_opens_only_through_the_services_that_a_function_uses(resources: Find, name: str) -> None:
    statements = _statements(resources, name)
    actions = " ".join(str(statement["Action"]) for statement in statements.values())

    condition = str(statements["UseKey"]["Condition"])

    for service in ("dynamodb", "s3", "secretsmanager", "sqs"):
        assert (f"'{service}." in condition) == (f"{service}:" in actions), service


@pytest.mark.parametrize("name", FUNCTIONS)
def test_data_keys_open_for_one_org_and_one_purpose_to_who_seals_or_opens(resources: Find, name: str) -> None:
    statement = _statements(resources, name).get("UseDataKeys")

    assert (statement is not None) == (name in ("admin", "delivery", "sync"))
    if statement is not None:
        assert statement["Condition"] == {
            "StringEquals": {"kms:EncryptionContext:purpose": PURPOSE},
            "StringLike": {"kms:EncryptionContext:orgId": "org_*"},
            "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["orgId", "purpose"]},
        }


@pytest.mark.parametrize(
    ("chosen", "arn"),
    [
        ({}, "event-bus/default"),
        ({"auditEventBus": "security"}, "event-bus/security"),
        (
            {"auditEventBus": "arn:aws:events:eu-central-1:123456789012:event-bus/central"},
            "arn:aws:events:eu-central-1:123456789012:event-bus/central",
        ),
    ],
)
def test_audit_events_go_to_the_chosen_bus_and_no_other(
    template_of: Callable[..., Template], chosen: dict[str, str], arn: str
) -> None:
    found = template_of(**chosen).to_json()["Resources"].values()
    resources = [each["Properties"] for each in found if each["Type"] == "AWS::IAM::Policy"]

    statements = [
        each
        for policy in resources
        for each in policy["PolicyDocument"]["Statement"]
        if "events:PutEvents" in _listed(each["Action"])
    ]

    assert [each["Action"] for each in statements] == ["events:PutEvents"]
    named = statements[0]["Resource"]
    assert (named if isinstance(named, str) else named["Fn::Join"][1][-1]).endswith(arn)


def test_every_function_that_leaves_audit_events_is_told_how_long_they_stay(
    template_of: Callable[..., Template],
) -> None:
    found = template_of(auditRetentionDays="30").find_resources("AWS::Lambda::Function").values()

    told = {
        each["Properties"]["FunctionName"].removeprefix("depot-dev-"): each["Properties"]["Environment"][
            "Variables"
        ].get("DEPOT_AUDIT_RETENTION_DAYS")
        for each in found
    }

    assert told == dict.fromkeys(FUNCTIONS, "30") | {"index": None, "audit": None}


def test_delivery_makes_no_data_key_and_sync_reads_nothing_sealed(resources: Find) -> None:
    delivery, sync = _statements(resources, "delivery"), _statements(resources, "sync")

    assert _listed(delivery["UseDataKeys"]["Action"]) == ["kms:Decrypt"]
    assert _listed(sync["WriteSealed"]["Action"]) == ["s3:PutObject"]
    assert "/sealed/" not in str(sync["ReadWriteContents"]["Resource"])


def _function(resources: Find, name: str) -> dict[str, Any]:
    functions = resources("AWS::Lambda::Function").values()
    return next(each for each in functions if each["FunctionName"] == f"depot-dev-{name}")


def _statements(resources: Find, name: str) -> dict[str, Any]:
    role = _function(resources, name)["Role"]["Fn::GetAtt"][0]
    (policy,) = (each for each in resources("AWS::IAM::Policy").values() if {"Ref": role} in each["Roles"])
    return {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
