"""Everything that outlives a request is recoverable, private, and under the deployment's key."""

from collections.abc import Callable

import pytest
from aws_cdk.assertions import Match, Template

from tests.infra.choices import Find


def test_the_table_has_its_key_three_sparse_indexes_and_a_time_to_live(template: Template) -> None:
    def schema(prefix: str) -> list[dict[str, str]]:
        return [
            {"AttributeName": f"{prefix}pk", "KeyType": "HASH"},
            {"AttributeName": f"{prefix}sk", "KeyType": "RANGE"},
        ]

    def index(name: str) -> dict[str, object]:
        return {
            "IndexName": name,
            "KeySchema": schema(f"{name}_"),
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }

    template.has_resource_properties(
        "AWS::DynamoDB::Table",
        {
            "TableName": "depot-dev",
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            "KeySchema": schema(""),
            "GlobalSecondaryIndexes": [index("list"), index("edge"), index("due")],
            "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
        },
    )


def test_the_table_is_recoverable_protected_and_under_the_deployments_key(template: Template) -> None:
    template.has_resource(
        "AWS::DynamoDB::Table",
        {
            "DeletionPolicy": "Retain",
            "Properties": {
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                "SSESpecification": {
                    "SSEEnabled": True,
                    "SSEType": "KMS",
                    "KMSMasterKeyId": Match.object_like({"Fn::GetAtt": Match.any_value()}),
                },
                "DeletionProtectionEnabled": True,
            },
        },
    )


def test_the_key_rotates_and_outlives_the_stack(template: Template) -> None:
    template.has_resource("AWS::KMS::Key", {"DeletionPolicy": "Retain", "Properties": {"EnableKeyRotation": True}})


def test_contents_are_versioned_and_rendered_ones_expire_by_their_tag(template: Template) -> None:
    template.has_resource_properties(
        "AWS::S3::Bucket",
        {
            "VersioningConfiguration": {"Status": "Enabled"},
            "LifecycleConfiguration": {
                "Rules": [
                    Match.object_like(
                        {
                            "TagFilters": [{"Key": "kind", "Value": "rendered"}],
                            "ExpirationInDays": 35,
                        }
                    ),
                    Match.object_like({"NoncurrentVersionExpiration": {"NoncurrentDays": 30}}),
                ]
            },
            "LoggingConfiguration": Match.any_value(),
        },
    )


def test_contents_are_encrypted_under_the_deployments_key(resources: Find) -> None:
    content = next(bucket for bucket in resources("AWS::S3::Bucket").values() if "VersioningConfiguration" in bucket)
    (rule,) = content["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert rule["BucketKeyEnabled"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert "Fn::GetAtt" in rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]


def test_no_bucket_is_public_or_answers_in_the_clear(resources: Find) -> None:
    buckets, policies = resources("AWS::S3::Bucket"), resources("AWS::S3::BucketPolicy")

    assert all(all(bucket["PublicAccessBlockConfiguration"].values()) for bucket in buckets.values())
    assert {policy["Bucket"]["Ref"] for policy in policies.values() if _refuses_clear(policy)} == set(buckets)


def test_no_queue_answers_in_the_clear(resources: Find) -> None:
    queues, policies = resources("AWS::SQS::Queue"), resources("AWS::SQS::QueuePolicy")

    refusing = {policy["Queues"][0]["Ref"] for policy in policies.values() if _refuses_clear(policy)}

    assert refusing == set(queues)


def test_work_is_in_order_encrypted_and_set_aside_after_five_failures(template: Template) -> None:
    template.has_resource_properties(
        "AWS::SQS::Queue",
        {
            "QueueName": "depot-dev-sync.fifo",
            "FifoQueue": True,
            "KmsMasterKeyId": Match.any_value(),
            "RedrivePolicy": Match.object_like({"maxReceiveCount": 5}),
        },
    )
    template.has_resource_properties(
        "AWS::SQS::Queue", {"QueueName": "depot-dev-sync-dead-letters.fifo", "FifoQueue": True}
    )


@pytest.mark.parametrize("timeout", [300, 600])
def test_work_in_hand_is_not_handed_out_again(template_of: Callable[..., Template], timeout: int) -> None:
    sizes = f'{{"sync": {{"memoryMb": 512, "timeoutS": {timeout}}}}}'

    template = template_of(sizes=sizes)

    template.has_resource_properties(
        "AWS::SQS::Queue", {"QueueName": "depot-dev-sync.fifo", "VisibilityTimeout": 6 * timeout}
    )


def test_every_secret_is_under_the_deployments_key_and_named_by_nobody(resources: Find) -> None:
    secrets = resources("AWS::SecretsManager::Secret").values()

    assert len(secrets) == 4
    assert all("Fn::GetAtt" in secret["KmsKeyId"] and "Name" not in secret for secret in secrets)


def test_the_webhook_secret_is_generated_in_the_shape_that_rotation_needs(template: Template) -> None:
    template.has_resource_properties(
        "AWS::SecretsManager::Secret",
        {"GenerateSecretString": Match.object_like({"GenerateStringKey": "current", "SecretStringTemplate": "{}"})},
    )


def test_the_github_app_key_waits_for_its_operator(resources: Find) -> None:
    (awaited,) = [
        secret for secret in resources("AWS::SecretsManager::Secret").values() if "PEM" in secret["Description"]
    ]

    assert not {"GenerateSecretString", "SecretString"} & awaited.keys()


def _refuses_clear(policy: dict[str, object]) -> bool:
    return '"aws:SecureTransport": "false"' in str(policy).replace("'", '"')
