"""The deployment's own key: everything stored or queued is encrypted under it."""

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.deployment import Deployment


class EncryptionKey(Construct):
    """One customer-managed key, rotated every year."""

    def __init__(self, scope: Construct, construct_id: str, deployment: Deployment) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            alias=f"alias/{deployment.name()}",
            description=f"Plugin Depot ({deployment.stage}): table, content, queue and secrets",
            enable_key_rotation=True,
            pending_window=Duration.days(30),
            removal_policy=deployment.removal,
        )
