"""The bucket of file contents and rendered archives, and the record of who fetched what."""

from collections.abc import Sequence
from typing import cast

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.deployment import Deployment
from infra.findings import accept
from shared.storage.content_store import RENDERED_DAYS

NONCURRENT_DAYS = 30
ACCESS_LOG_DAYS = 90


class ContentBucket(Construct):
    """Contents by hash under `orgs/<org>/…`, versioned, private, encrypted under the deployment's key."""

    def __init__(self, scope: Construct, construct_id: str, deployment: Deployment, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=_bucket_name(deployment, "content"),
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            versioned=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            server_access_logs_bucket=self._access_logs(deployment),
            lifecycle_rules=_lifecycle(),
            removal_policy=deployment.removal,
        )

    def paths(self, kinds: Sequence[str]) -> list[str]:
        """ARNs of every org's objects of the given kinds (`blobs`, `archives`, `packs`)."""
        return [self.bucket.arn_for_objects(f"orgs/*/{kind}/*") for kind in kinds]

    def acknowledge_paths(self, grantee: Construct, kinds: Sequence[str]) -> None:
        """Record why a grantee's policy names these paths with wildcards."""
        logical_id = Stack.of(self).get_logical_id(cast("s3.CfnBucket", self.bucket.node.default_child))
        for kind in kinds:
            accept(
                grantee,
                f"AwsSolutions-IAM5[Resource::<{logical_id}.Arn>/orgs/*/{kind}/*]",
                because="Objects are named by org and content, so only their kind is known at deployment.",
            )

    def _access_logs(self, deployment: Deployment) -> s3.Bucket:
        return s3.Bucket(
            self,
            "AccessLogs",
            bucket_name=_bucket_name(deployment, "access-logs"),
            # S3 writes its own access logs only under a key that it holds.
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(ACCESS_LOG_DAYS))],
            removal_policy=deployment.removal,
        )


def _bucket_name(deployment: Deployment, part: str) -> str:
    """Bucket names are worldwide, so the account and the region are part of them."""
    return f"{deployment.name(part)}-{Aws.ACCOUNT_ID}-{Aws.REGION}"


def _lifecycle() -> list[s3.LifecycleRule]:
    """Rendered objects are found by tag: the org comes first in a key, so no prefix selects them."""
    return [
        s3.LifecycleRule(
            id="forget-rendered",
            tag_filters={"kind": "rendered"},
            expiration=Duration.days(RENDERED_DAYS),
        ),
        s3.LifecycleRule(
            id="forget-replaced",
            noncurrent_version_expiration=Duration.days(NONCURRENT_DAYS),
            abort_incomplete_multipart_upload_after=Duration.days(1),
        ),
    ]
