"""One queue message's fate: done, again later, or given up."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from shared.domain.errors import DepotError, Invalid, RateLimited, Retryable
from shared.messaging import source_change_message
from shared.messaging.sync_queue import SyncMessage, SyncQueue
from shared.repositories.sync_events import Overtaken
from shared.services.mint import Mint
from shared.services.reconciliation.reconciler import Reconciler
from shared.services.source_changes import SourceChanges

MAX_RECEIVES: Final = 5
"""The queue's own limit: after it, SQS moves the message to the dead-letter queue."""

LONGEST_WAIT: Final = 900
"""Seconds. What is rate-limited for longer is received again, asks once and waits again."""


class Unforeseen(DepotError):
    code = "internal_error"

    def __init__(self) -> None:
        super().__init__("The run was stopped by an unexpected error; it is tried again.")


@dataclass(frozen=True, slots=True)
class Received:
    """A message as SQS hands it over: `receives` counts this time too."""

    body: str
    receipt_handle: str
    receives: int


@dataclass(frozen=True, slots=True)
class Worker:
    reconciler: Reconciler
    source_changes: SourceChanges
    queue: SyncQueue
    mint: Mint

    def receive(self, received: Received, has_time: Callable[[], bool]) -> bool:
        """Reconcile; whether the message is done with. False leaves it in the queue, and its event says why."""
        try:
            self._work_on(received.body, has_time)
        except Retryable as error:
            self.try_again(received, error)
            return False
        except Overtaken:
            return False  # the worker that took over has a receipt of its own for this message
        return True

    def _work_on(self, body: str, has_time: Callable[[], bool]) -> None:
        change = source_change_message.from_json(body)
        if change is not None:
            self.source_changes.apply(change, has_time)
        else:
            self.reconciler.reconcile(SyncMessage.from_json(body), has_time)

    def try_again(self, received: Received, error: DepotError | None = None) -> None:
        """Leave the message for later; without an error that names itself, something unforeseen stopped the run."""
        seconds = 0 if received.receives >= MAX_RECEIVES else self._backoff(received.receives, error)
        with suppress(Invalid, Overtaken):
            message = SyncMessage.from_json(received.body)
            if received.receives >= MAX_RECEIVES:
                self.reconciler.give_up(message)
            else:
                self.reconciler.postpone(message, error or Unforeseen(), seconds)
        # Without this the message, and all behind it in its group, would wait for the whole visibility timeout.
        self.queue.postpone(received.receipt_handle, round(seconds))

    def _backoff(self, receives: int, error: DepotError | None) -> float:
        """Seconds: longer each time, with jitter, and no sooner than the far side asked."""
        asked = error.retry_after if isinstance(error, RateLimited) else 0.0
        jitter = 0.5 + self.mint.random_bits(16) / 2**17
        return min(max(asked, 2.0 ** (receives + 1) * jitter), LONGEST_WAIT)
