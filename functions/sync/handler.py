"""The SQS worker: reconciles one target per message, and reports each message's own fate."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from functions.sync.metrics import run_metrics
from shared.bootstrap import services
from shared.bootstrap.occasions import take_up
from shared.domain.audit import AuditActor, AuditActorKind, Occasion
from shared.observability import log_metrics, logger
from shared.services.reconciliation.worker import Outcome, Received

RESERVE_MS: Final = 30_000
"""Time for one more chunk and the record; below it the run stops and queues itself again."""


class LambdaContext(Protocol):
    def get_remaining_time_in_millis(self) -> int: ...


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """An SQS event in, a partial batch response out: only what should be received again is named in it."""
    failed: list[dict[str, str]] = []
    stuck: set[str] = set()
    for record in event["Records"]:
        group = record["attributes"]["MessageGroupId"]
        # FIFO: what is behind a message that comes back must not overtake it; other groups are free to go on.
        if group in stuck or not _receive(record, lambda: context.get_remaining_time_in_millis() > RESERVE_MS):
            stuck.add(group)
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _receive(record: Mapping[str, Any], has_time: Callable[[], bool]) -> bool:
    take_up(Occasion("followSource", record["messageId"], AuditActor(AuditActorKind.CONNECTOR, "github")))
    receives = int(record["attributes"]["ApproximateReceiveCount"])
    received = Received(record["body"], record["receiptHandle"], receives)
    started = time.perf_counter()
    try:
        outcome = services().worker.receive(received, has_time)
    except Exception:  # noqa: BLE001  # the edge: whatever went wrong, only this message is received again
        logger().exception("sync", message_id=record["messageId"], receives=receives)
        outcome = _try_again(record, received)
    _tell(record, receives, outcome, (time.perf_counter() - started) * 1000)
    return outcome.done


def _try_again(record: Mapping[str, Any], received: Received) -> Outcome:
    try:
        return services().worker.try_again(received)
    except Exception:  # noqa: BLE001  # not even that could be said: it comes back by its visibility timeout
        logger().exception("sync", message_id=record["messageId"], receives=received.receives)
        return Outcome(False)


def _tell(record: Mapping[str, Any], receives: int, outcome: Outcome, milliseconds: float) -> None:
    """One line of log, with the run's metrics in it."""
    event = outcome.event
    about = {} if event is None else {"sync_event_id": event.id, "target_id": event.target_id, "status": event.status}
    log_metrics(
        "sync",
        services().settings.stage,
        services().mint.now(),
        run_metrics(outcome, milliseconds),
        message_id=record["messageId"],
        receives=receives,
        done=outcome.done,
        **about,
    )
