"""The queue of sync work: in order per target, and set aside after five failures."""

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.deployment import Deployment

MAX_RECEIVES = 5


class SyncQueue(Construct):
    """A FIFO queue and its FIFO dead-letter queue; messages carry ids only."""

    def __init__(self, scope: Construct, construct_id: str, deployment: Deployment, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            queue_name=deployment.name("sync-dead-letters.fifo"),
            fifo=True,
            retention_period=Duration.days(14),
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            queue_name=deployment.name("sync.fifo"),
            fifo=True,
            # Work is in order and deduplicated per target, so targets need not share one throughput limit.
            deduplication_scope=sqs.DeduplicationScope.MESSAGE_GROUP,
            fifo_throughput_limit=sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
            # Lambda's own rule: six times the function's timeout, or work in hand is handed out again.
            visibility_timeout=Duration.seconds(6 * deployment.sizes.sync.timeout_s),
            retention_period=Duration.days(4),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=MAX_RECEIVES),
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
        )
