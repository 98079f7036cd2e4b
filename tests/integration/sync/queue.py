"""Stands between the queue and the worker, as Lambda's event source does."""

import json
from collections.abc import Sequence
from typing import Any

import boto3

from functions.sync.handler import handler
from shared.messaging.sync_queue import SyncQueue
from tests.integration.sync.clock import Clock

MAX_RECEIVES = 5


class Context:
    """How much time a function has left: `chunks` times plenty, then nearly none."""

    def __init__(self, chunks: int = 10_000) -> None:
        self.chunks = chunks

    def get_remaining_time_in_millis(self) -> int:
        self.chunks -= 1
        return 300_000 if self.chunks >= 0 else 1_000


class Queue:
    """One FIFO queue with its dead letters. Time passes at once: what waits is received next, and the clock knows.

    `waits` are the seconds for which messages were put off, oldest first; `most_receives` is how often any was
    received.
    """

    def __init__(self, name: str, clock: Clock) -> None:
        self.waits: list[int] = []
        self.most_receives = 0
        self._clock = clock
        self._sqs = boto3.client("sqs")
        self.dead_url = self._create(f"{name}-dead.fifo", {})
        arn = self._sqs.get_queue_attributes(QueueUrl=self.dead_url, AttributeNames=["QueueArn"])
        redrive = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": MAX_RECEIVES}
        self.url = self._create(f"{name}.fifo", {"RedrivePolicy": json.dumps(redrive)})

    def receive(self, most: int = 1) -> list[dict[str, Any]]:
        """Records as Lambda hands them to a function."""
        answer = self._sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=most, AttributeNames=["All"], VisibilityTimeout=1_800
        )
        records = [_record(message) for message in answer.get("Messages", [])]
        received = (int(one["attributes"]["ApproximateReceiveCount"]) for one in records)
        self.most_receives = max([self.most_receives, *received])
        return records

    def work_on(self, records: Sequence[dict[str, Any]], context: Context | None = None) -> list[str]:
        """Hand records to the worker and delete what it is done with; the ids of what it is not."""
        failed = self.hand_over(records, context)
        for record in records:
            if record["messageId"] not in failed:
                self.delete(record)
        return failed

    def hand_over(self, records: Sequence[dict[str, Any]], context: Context | None = None) -> list[str]:
        """What the worker says of them, without a consequence for the queue."""
        answer = handler({"Records": list(records)}, context or Context())
        return [one["itemIdentifier"] for one in answer["batchItemFailures"]]

    def delete(self, record: dict[str, Any]) -> None:
        self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=record["receiptHandle"])

    def step(self, context: Context | None = None) -> bool:
        """One message received and worked on, and its wait passed; whether there was one."""
        records = self.receive()
        if records:
            before = len(self.waits)
            self.work_on(records, context)
            self.release(records)
            self._clock.advance(seconds=sum(self.waits[before:]))
        return bool(records)

    def watch(self, queue: SyncQueue) -> None:
        """Note what a process puts off."""
        event = "before-parameter-build.sqs.ChangeMessageVisibility"
        queue._client.meta.events.register(event, self._note)

    def drain(self) -> int:
        """Work until nothing is left, dead letters aside; how many messages were received."""
        received = 0
        while self.step():
            received += 1
            assert received < 5_000, "the queue never becomes empty"
        return received

    def release(self, records: Sequence[dict[str, Any]]) -> None:
        """Let the visibility timeout of what was not deleted pass."""
        for record in records:
            self._make_visible(record["receiptHandle"])

    def waiting(self) -> int:
        names = ["ApproximateNumberOfMessages"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return int(attributes[names[0]])

    def dead(self) -> list[str]:
        answer = self._sqs.receive_message(QueueUrl=self.dead_url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [message["Body"] for message in answer.get("Messages", [])]

    def send(self, body: str, group: str) -> None:
        self._sqs.send_message(
            QueueUrl=self.url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=f"{group}-{body}"[:100]
        )

    def _note(self, params: dict[str, int], **_: object) -> None:
        self.waits.append(params["VisibilityTimeout"])

    def _make_visible(self, handle: str) -> None:
        try:
            self._sqs.change_message_visibility(QueueUrl=self.url, ReceiptHandle=handle, VisibilityTimeout=0)
        except self._sqs.exceptions.ReceiptHandleIsInvalid:
            return  # it was deleted

    def _create(self, name: str, attributes: dict[str, str]) -> str:
        url: str = self._sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true", **attributes})["QueueUrl"]
        return url


def _record(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    }
