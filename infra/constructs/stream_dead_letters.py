"""Where news of written rows is set aside that a function failed on for good."""

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.deployment import Deployment
from infra.findings import accept


class StreamDeadLetters(Construct):
    """A plain queue, because Lambda sets a stream's records aside in no other; they name places in the stream only."""

    def __init__(
        self, scope: Construct, construct_id: str, *, deployment: Deployment, key: kms.IKey, function: str
    ) -> None:
        super().__init__(scope, construct_id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=deployment.name(f"{function}-dead-letters"),
            retention_period=Duration.days(14),
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
        )
        accept(self.queue, "AwsSolutions-SQS3", because="It is a dead-letter queue itself, of a stream.")
