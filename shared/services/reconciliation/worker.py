"""One queue message's fate: done, again later, or given up."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from shared.domain.errors import DepotError, Invalid, RateLimited, Retryable
from shared.domain.sync_event import OPEN, SyncEvent
from shared.messaging import source_change_message
from shared.messaging.jobs import JobMessage
from shared.messaging.sync_queue import SyncMessage, SyncQueue
from shared.repositories.sync_events import Overtaken
from shared.services.discovery.jobs import DiscoveryJobs
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
class Outcome:
    """What became of a message: whether it is done with, and its event as it is now, where it had one to run."""

    done: bool
    event: SyncEvent | None = None

    @property
    def code(self) -> str:
        """Why the run as a whole failed or was put off."""
        whole = [failure.code for failure in self.event.failures if not failure.path] if self.event else []
        return whole[-1] if whole else ""

    @property
    def ended(self) -> bool:
        return self.event is not None and self.event.status not in OPEN


@dataclass(frozen=True, slots=True)
class Worker:
    reconciler: Reconciler
    source_changes: SourceChanges
    jobs: Callable[[], DiscoveryJobs] = field(repr=False)
    queue: SyncQueue
    mint: Mint

    def receive(self, received: Received, has_time: Callable[[], bool]) -> Outcome:
        """Reconcile. A message that is not done with stays in the queue, and its event says why."""
        try:
            return Outcome(True, self._work_on(received.body, has_time))
        except Retryable as error:
            return self.try_again(received, error)
        except Overtaken:
            return Outcome(False)  # the worker that took over has a receipt of its own for this message

    def _work_on(self, body: str, has_time: Callable[[], bool]) -> SyncEvent | None:
        change = source_change_message.from_json(body)
        if change is not None:
            self.source_changes.apply(change, has_time)
            return None
        if JobMessage.is_one(body):
            self.jobs().work_on(JobMessage.from_json(body))
            return None
        return self.reconciler.reconcile(SyncMessage.from_json(body), has_time)

    def try_again(self, received: Received, error: DepotError | None = None) -> Outcome:
        """Leave the message for later; without an error that names itself, something unforeseen stopped the run."""
        seconds = 0 if received.receives >= MAX_RECEIVES else self._backoff(received.receives, error)
        event: SyncEvent | None = None
        with suppress(Invalid, Overtaken):
            event = self._say(received, error or Unforeseen(), seconds)
        # Without this the message, and all behind it in its group, would wait for the whole visibility timeout.
        self.queue.postpone(received.receipt_handle, round(seconds))
        return Outcome(False, event)

    def _say(self, received: Received, error: DepotError, seconds: float) -> SyncEvent | None:
        """On what the message names: that it is tried again, or given up. Raises: Invalid, Overtaken."""
        final = received.receives >= MAX_RECEIVES
        if JobMessage.is_one(received.body):
            job = JobMessage.from_json(received.body)
            self.jobs().give_up(job) if final else self.jobs().postpone(job, error, seconds)
            return None
        message = SyncMessage.from_json(received.body)
        return self.reconciler.give_up(message) if final else self.reconciler.postpone(message, error, seconds)

    def _backoff(self, receives: int, error: DepotError | None) -> float:
        """Seconds: longer each time, with jitter, and no sooner than the far side asked."""
        asked = error.retry_after if isinstance(error, RateLimited) else 0.0
        jitter = 0.5 + self.mint.random_bits(16) / 2**17
        return min(max(asked, 2.0 ** (receives + 1) * jitter), LONGEST_WAIT)
