"""Finds what webhooks missed: heads that moved unseen, and events that nobody works on any more."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from shared.connectors.port import Connector
from shared.domain.connector import CHECK_INTERVAL, ConnectorTarget, TargetHealth
from shared.domain.errors import RateLimited, Retryable
from shared.domain.source_errors import SourceUnavailable
from shared.domain.sync_event import SyncEvent
from shared.domain.target_health import health_after
from shared.repositories import keys
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.sync_events import Overtaken, SyncEventRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.reconciliation.record import DeadLetter, Record
from shared.services.sync_events import SyncEvents

PER_SHARD: Final = 50
"""Rows of each kind looked at per shard and sweep; the rest is due again in the next one."""

MAX_ATTEMPTS: Final = 10
"""An event whose worker died so often kills its workers: it is given up, as the queue does with its messages."""


@dataclass(slots=True)
class Swept:
    """What one sweep did."""

    checked: int = 0
    moved: int = 0
    revived: int = 0
    unreachable: int = 0


@dataclass(frozen=True, slots=True)
class Sweeper:
    targets: ConnectorTargetRepository
    events: SyncEventRepository
    sync_events: SyncEvents
    record: Record
    connector: Connector
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def sweep(self, has_time: Callable[[], bool]) -> Swept:
        """Revive expired events, then compare due targets with their heads: one cheap call each.

        Stops at GitHub's rate limit, and when its own time is nearly up; what is left stays due.
        """
        swept = Swept()
        for shard in keys.due_shards():
            for event in self.events.list_expired(shard, self.mint.now(), PER_SHARD):
                self._revive(event, swept)
        with suppress(RateLimited):  # every further call would be refused as well
            for shard in keys.due_shards():
                self._check(shard, swept, has_time)
        return swept

    def _revive(self, event: SyncEvent, swept: Swept) -> None:
        with suppress(Overtaken):  # its worker came back in this very moment
            if event.attempts < MAX_ATTEMPTS:
                self.sync_events.requeue(event)
                swept.revived += 1
            else:
                self.record.fail(event, DeadLetter(), self.targets.find(event.org_id, event.target_id))

    def _check(self, shard: str, swept: Swept, has_time: Callable[[], bool]) -> None:
        for target in self.targets.list_due(shard, self.mint.now(), PER_SHARD):
            if not has_time():
                return
            swept.checked += 1
            health = self._compare(target, swept)
            changes = {"next_check_at": self._next_check(), "health": health}
            with self.begin() as work:
                self.targets.update(target, changes, work)

    def _compare(self, target: ConnectorTarget, swept: Swept) -> TargetHealth:
        """Queue a run when the head is not the one synced last; what is unreachable keeps everything it has."""
        reader = self.connector.reader(int(target.installation_id), target.repository_id)
        try:
            head = reader.head(target.ref)
        except RateLimited:
            raise
        except (SourceUnavailable, Retryable) as error:
            swept.unreachable += 1
            return health_after(error, target.health)
        if head != target.last_synced_revision:
            swept.moved += 1
            self.sync_events.request_head(target, head)
        return TargetHealth.HEALTHY

    def _next_check(self) -> datetime:
        # A quarter of the interval as jitter: targets that were made together do not stay together.
        jitter = timedelta(milliseconds=self.mint.random_bits(16) % 75_000)
        return self.mint.now() + CHECK_INTERVAL - jitter
