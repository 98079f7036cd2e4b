"""Keeps postings up to date with the rows that they follow from."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from shared.domain.errors import Stale
from shared.repositories import keys
from shared.repositories.config_objects import OVERDUE_AFTER, ConfigObjectRepository
from shared.repositories.postings import PostingRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint

PER_SHARD: Final = 50
"""Overdue objects announced again per shard and sweep; the rest waits for the next one."""


@dataclass(frozen=True, slots=True)
class Indexing:
    objects: ConfigObjectRepository
    postings: PostingRepository
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def index(self, org_id: str, object_id: str) -> bool:
        """Whether there was anything to do.

        Reads the row as it is now, so it does not matter how often, how late or in which order it is asked; who
        writes the row meanwhile asks again.
        """
        entity = self.objects.find(org_id, object_id)
        if entity is None or entity.unindexed_since is None:
            return False
        with suppress(Stale), self.begin().as_upkeep() as work:
            self.postings.index(entity, work)
        return True

    def announce_overdue(self) -> int:
        """Announce again what the stream should have brought long ago; how many objects these are."""
        now = self.mint.now()
        announced = 0
        for shard in keys.due_shards():
            for entity in self.objects.list_overdue(shard, now, PER_SHARD):
                with suppress(Stale), self.begin().as_upkeep() as work:
                    self.objects.announce(entity, now + OVERDUE_AFTER, work)
                    announced += 1
        return announced
