"""One queue message's fate: done, again later, or given up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shared.domain.errors import DepotError, RateLimited, Retryable
from shared.messaging.sync_queue import SyncMessage, SyncQueue
from shared.services.mint import Mint
from shared.services.reconciliation.reconciler import Reconciler

MAX_RECEIVES: Final = 5
"""The queue's own limit: after it, SQS moves the message to the dead-letter queue."""

LONGEST_WAIT: Final = 900
"""Seconds. What is rate-limited for longer is received again, asks once and waits again."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message as SQS hands it over: `receives` counts this time too."""

    body: str
    receipt_handle: str
    receives: int


@dataclass(frozen=True, slots=True)
class Worker:
    reconciler: Reconciler
    queue: SyncQueue
    mint: Mint

    def receive(self, received: Received, has_time: Callable[[], bool]) -> bool:
        """Reconcile; whether the message is done with. False leaves it in the queue, and its event says why."""
        message = SyncMessage.from_json(received.body)
        try:
            self.reconciler.reconcile(message, has_time)
        except Retryable as error:
            self._try_again(received, message, error)
            return False
        return True

    def fail(self, received: Received) -> None:
        """Something unforeseen stopped the run: on the last receive, let the event say that it is given up."""
        if received.receives >= MAX_RECEIVES:
            self.reconciler.give_up(SyncMessage.from_json(received.body))

    def _try_again(self, received: Received, message: SyncMessage, error: DepotError) -> None:
        if received.receives >= MAX_RECEIVES:
            self.reconciler.give_up(message)
            return
        seconds = self._backoff(received.receives, error)
        self.reconciler.postpone(message, error, seconds)
        self.queue.postpone(received.receipt_handle, round(seconds))

    def _backoff(self, receives: int, error: DepotError) -> float:
        """Seconds: longer each time, with jitter, and no sooner than the far side asked."""
        asked = error.retry_after if isinstance(error, RateLimited) else 0.0
        jitter = 0.5 + self.mint.random_bits(16) / 2**17
        return min(max(asked, 2.0 ** (receives + 1) * jitter), LONGEST_WAIT)
