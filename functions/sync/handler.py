"""The SQS worker: reconciles one target per message, and reports each message's own fate."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from shared.bootstrap import services
from shared.observability import log_line, logger
from shared.services.reconciliation.worker import Received

_RESERVE_MS: Final = 30_000
"""Time for one more chunk and the record; below it the run stops and queues itself again."""


class LambdaContext(Protocol):
    def get_remaining_time_in_millis(self) -> int: ...


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """An SQS event in, a partial batch response out: only what should be received again is named in it."""
    failed: list[dict[str, str]] = []
    for record in event["Records"]:
        # FIFO: once one message failed, those behind it in the batch must not overtake it.
        if failed or not _receive(record, lambda: context.get_remaining_time_in_millis() > _RESERVE_MS):
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _receive(record: Mapping[str, Any], has_time: Callable[[], bool]) -> bool:
    receives = int(record["attributes"]["ApproximateReceiveCount"])
    received = Received(record["body"], record["receiptHandle"], receives)
    try:
        done = services().worker.receive(received, has_time)
    except Exception:
        # The edge: whatever went wrong, only this message is received again.
        logger().exception("sync", message_id=record["messageId"], receives=receives)
        services().worker.fail(received)
        return False
    log_line("sync", message_id=record["messageId"], receives=receives, done=done)
    return done
