"""Compares the branch heads of due targets with what was synced last: one cheap call each."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from shared.connectors.port import Connector
from shared.domain.connector import CHECK_INTERVAL, ConnectorTarget
from shared.domain.errors import RateLimited, Retryable
from shared.domain.source_errors import SourceUnavailable
from shared.domain.target_health import OUT_OF_REACH, health_after, health_when_read
from shared.repositories import keys
from shared.repositories.connector_targets import ConnectorTargetRepository, PutToRest
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.source_change_intake import SourceChangeIntake
from shared.services.sync_events import SyncEvents

PER_PAGE: Final = 50
"""Targets of one shard read at a time."""


@dataclass(slots=True)
class Checked:
    """`postponed` were due and left alone, for the sake of their installation's rate limit."""

    checked: int = 0
    moved: int = 0
    unreachable: int = 0
    postponed: int = 0


@dataclass(frozen=True, slots=True)
class HeadChecks:
    targets: ConnectorTargetRepository
    sync_events: SyncEvents
    source_changes: SourceChangeIntake
    connector: Connector
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def check_due(self, has_time: Callable[[], bool]) -> Checked:
        """Until nothing is due or time is up; what is left stays due.

        An installation whose allowance is down to the reserve, or that was limited, has its targets put off until
        the reset, and spread from there: they must not all come back in the same moment.
        """
        checked = Checked()
        limited: dict[str, datetime] = {}
        changed: set[str] = set()
        for target in self._due():
            if not has_time():
                break
            resumes = limited.get(target.installation_id) or self._resumes(target)
            if resumes is None:
                resumes = self._check(target, checked, changed)
            if resumes is not None:
                limited[target.installation_id] = resumes
                checked.postponed += 1
                self._update(target, {"next_check_at": resumes + CHECK_INTERVAL * self._dice()})
        for installation_id in sorted(changed):
            self.source_changes.ask(int(installation_id))
        return checked

    def _due(self) -> Iterator[ConnectorTarget]:
        """Starts at another shard each time, so that none is the one which time always runs out before."""
        shards = keys.due_shards()
        first = self.mint.random_bits(16) % len(shards)
        for shard in shards[first:] + shards[:first]:
            seen: set[str] = set()
            while True:
                page = self.targets.list_due(shard, self.mint.now(), PER_PAGE)
                # The index may still show what was put off a moment ago.
                fresh = [one for one in page if one.id not in seen]
                yield from fresh
                seen.update(one.id for one in fresh)
                if len(page) < PER_PAGE or not fresh:
                    break

    def _resumes(self, target: ConnectorTarget) -> datetime | None:
        """When the target's installation may be asked again, if not now."""
        allowance = self.connector.allowance(int(target.installation_id))
        return allowance.resets_at if allowance and allowance.is_low(self.mint.now()) else None

    def _check(self, target: ConnectorTarget, checked: Checked, changed: set[str]) -> datetime | None:
        """Queue a run when the head is not the one synced last; when to resume, if GitHub wants no more calls.

        An installation that comes into or out of reach without a webhook is noted in `changed`.
        """
        reader = self.connector.reader(int(target.installation_id), target.repository_id)
        try:
            head = reader.head(target.ref, target.last_synced_revision)
        except RateLimited as error:
            return self.mint.now() + timedelta(seconds=error.retry_after)
        except (SourceUnavailable, Retryable) as error:
            checked.unreachable += 1
            health = health_after(error, target.health)
        else:
            health = health_when_read(target.health, moved=head != target.last_synced_revision)
            if head != target.last_synced_revision:
                checked.moved += 1
                self.sync_events.request_head(target, head)
        if (health in OUT_OF_REACH) != (target.health in OUT_OF_REACH):
            changed.add(target.installation_id)
        checked.checked += 1
        # A quarter of the interval as jitter: targets that were made together do not stay together.
        at = self.mint.now() + CHECK_INTERVAL * (1 - 0.25 * self._dice())
        seen: dict[str, object] = {"health": health} if health != target.health else {}
        self._update(target, {"next_check_at": at, **seen})
        return None

    def _update(self, target: ConnectorTarget, changes: dict[str, object]) -> None:
        with suppress(PutToRest), self.begin().as_upkeep() as work:
            self.targets.put_off(target, changes, work)

    def _dice(self) -> float:
        return self.mint.random_bits(16) / 2**16
