"""The key that releases are signed with: asymmetric, so that anybody can check what only the admin API can sign."""

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.deployment import Deployment


class SigningKey(Construct):
    """One key for ECDSA over P-256; KMS keeps its private half, and rotates no asymmetric key."""

    def __init__(self, scope: Construct, construct_id: str, deployment: Deployment) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            alias=f"alias/{deployment.name('signing')}",
            description=f"Plugin Depot ({deployment.stage}): signs releases",
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            pending_window=Duration.days(30),
            removal_policy=deployment.removal,
        )
