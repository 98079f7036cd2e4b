"""The single table and its three sparse indexes."""

from typing import cast

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.deployment import Deployment

# An index finds keys and copies nothing else, so an update of a row writes no index unless the row moves in it.
INDEXES = ("list", "edge", "due")


class DepotTable(Construct):
    """On-demand, recoverable to any second of the last 35 days, encrypted under the deployment's key."""

    def __init__(self, scope: Construct, construct_id: str, deployment: Deployment, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            # Without an explicit name, a change that replaces the table leaves an empty one behind.
            table_name=deployment.name(),
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            time_to_live_attribute="expires_at",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=deployment.deletion_protection,
            removal_policy=deployment.removal,
            # What is to be indexed is told from the row as it is after a write.
            stream=dynamodb.StreamViewType.NEW_IMAGE,
        )
        for name in INDEXES:
            self.table.add_global_secondary_index(
                index_name=name,
                partition_key=_text(f"{name}_pk"),
                sort_key=_text(f"{name}_sk"),
                projection_type=dynamodb.ProjectionType.KEYS_ONLY,
            )

    @property
    def stream_arn(self) -> str:
        """The ARN of the table's stream of changes."""
        return cast("str", self.table.table_stream_arn)

    def index_arn(self, name: str) -> str:
        """The ARN of one index: a function is granted the indexes it reads, never all of them."""
        return f"{self.table.table_arn}/index/{name}"


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
