"""The fate of a queue message that names a job: done, again later, or given up."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shared.domain.errors import DepotError, Retryable
from shared.messaging.jobs import APPLICATION, JobMessage
from shared.repositories import keys
from shared.repositories.applications import PartTaken
from shared.repositories.discoveries import RunOvertaken
from shared.services.discovery.applying import Applying
from shared.services.discovery.discoverer import Discoverer
from shared.services.mint import Mint

_PER_SHARD: Final = 25


@dataclass(frozen=True, slots=True)
class DiscoveryJobs:
    discoverer: Discoverer
    applying: Applying
    mint: Mint

    def work_on(self, job: JobMessage) -> None:
        """Raises: Retryable when the same message should be received again."""
        with suppress(RunOvertaken):  # whoever took it over has a message of its own
            if job.kind == APPLICATION:
                self.applying.resume(job)
            else:
                self.discoverer.discover(job)

    def postpone(self, job: JobMessage, error: DepotError, seconds: float) -> None:
        """An application that waits says nothing: its parts are counted, and its caller has gone."""
        if job.kind != APPLICATION:
            with suppress(RunOvertaken):
                self.discoverer.postpone(job, error, seconds)

    def give_up(self, job: JobMessage) -> None:
        """An application stays open, and a sweep queues it again: begun, it has to become whole."""
        if job.kind != APPLICATION:
            with suppress(RunOvertaken):
                self.discoverer.give_up(job)

    def revive_expired(self) -> int:
        """Queue again what nobody works on any more; how many there were."""
        revived = 0
        for shard in keys.due_shards():
            revived += self._revive(self.discoverer.list_expired, self.discoverer.revive, shard)
            revived += self._revive(self.applying.rows.applications.list_expired, self.applying.revive, shard)
        return revived

    def _revive(
        self, find: Callable[[str, datetime, int], Sequence[Any]], revive: Callable[[Any], None], shard: str
    ) -> int:
        found = find(shard, self.mint.now(), _PER_SHARD)
        for one in found:
            with suppress(RunOvertaken, PartTaken, Retryable):  # its worker came back in this very moment
                revive(one)
        return len(found)
