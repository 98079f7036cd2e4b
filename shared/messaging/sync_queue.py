"""The queue of reconciliations: SQS FIFO, one group per target, ids only."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from shared.domain.errors import Invalid
from shared.domain.source_changes import SourceChange
from shared.messaging import source_change_message
from shared.messaging.jobs import JobMessage


@dataclass(frozen=True, slots=True)
class SyncMessage:
    """Names one sync event; everything else is read when the message is received."""

    org_id: str
    target_id: str
    sync_event_id: str
    attempt: int

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, body: str) -> "SyncMessage":
        """Raises: Invalid for a body that this queue did not send."""
        try:
            fields = json.loads(body)
            return cls(fields["org_id"], fields["target_id"], fields["sync_event_id"], int(fields["attempt"]))
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid.field("body", "is not a sync message") from error


class SyncQueue:
    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: SyncMessage) -> None:
        """Enqueue a run. Within five minutes SQS drops a second message of the same event and attempt."""
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=message.to_json(),
            MessageGroupId=message.target_id,
            MessageDeduplicationId=f"{message.sync_event_id}-{message.attempt}",
        )

    def send_change(self, change: SourceChange, delivery_id: str) -> None:
        """Enqueue what changed at the far side: in order for one installation, and once for a delivery."""
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=source_change_message.to_json(change),
            MessageGroupId=f"installation-{change.installation_id}",
            MessageDeduplicationId=f"change-{delivery_id}",
        )

    def send_job(self, job: JobMessage) -> None:
        """Enqueue work that has to wait for the target's runs, and they for it."""
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=job.to_json(),
            MessageGroupId=job.target_id,
            MessageDeduplicationId=f"{job.job_id}-{job.attempt}",
        )

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        """Receive the message again no earlier than in `seconds` (SQS: at most 12 hours)."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=min(seconds, 43_200)
        )

    def check(self) -> None:
        """Raises botocore's errors when the queue cannot be reached."""
        self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])
