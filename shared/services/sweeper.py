"""Finds what webhooks missed: deliveries that failed, heads that moved unseen, events that nobody works on any more."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from shared.repositories import keys
from shared.repositories.connector_targets import ConnectorTargetRepository
from shared.repositories.sync_events import Overtaken, SyncEventRepository
from shared.services.head_checks import Checked, HeadChecks
from shared.services.mint import Mint
from shared.services.reconciliation.record import DeadLetter, Record
from shared.services.redelivery import Redelivery
from shared.services.sync_events import SyncEvents

PER_SHARD: Final = 50
"""Expired events looked at per shard and sweep; the rest is still expired in the next one."""

MAX_ATTEMPTS: Final = 10
"""An event whose worker died so often kills its workers: it is given up, as the queue does with its messages.

One whose last worker wrote something is not: a large repository takes many attempts, and each leaves it less to do.
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    heads: Checked
    revived: int
    redelivered: int


@dataclass(frozen=True, slots=True)
class Sweeper:
    targets: ConnectorTargetRepository
    events: SyncEventRepository
    sync_events: SyncEvents
    record: Record
    redelivery: Redelivery
    heads: HeadChecks
    mint: Mint

    def sweep(self, has_time: Callable[[], bool]) -> Swept:
        """Events first, which need nobody else; heads last, which take what time there is."""
        revived = sum(self._revive_expired(shard) for shard in keys.due_shards())
        redelivered = self.redelivery.redeliver(has_time)
        return Swept(self.heads.check_due(has_time), revived, redelivered)

    def _revive_expired(self, shard: str) -> int:
        revived = 0
        for event in self.events.list_expired(shard, self.mint.now(), PER_SHARD):
            with suppress(Overtaken):  # its worker came back in this very moment
                if event.attempts < MAX_ATTEMPTS or event.has_progressed:
                    self.sync_events.requeue(event)
                    revived += 1
                else:
                    self.record.fail(event, DeadLetter(), self.targets.find(event.org_id, event.target_id))
        return revived
