"""Which webhook deliveries never arrived, by the far side's own log of its attempts.

The log is read newest first, so that what arrived at last is known before the attempts that failed earlier. Every
delivery has a guid that stays the same over its attempts: it is one entry here, however often it failed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

WINDOW: Final = timedelta(days=3)
"""How long GitHub keeps deliveries, and takes orders to repeat them."""

OVERLAP: Final = timedelta(minutes=10)
"""Read again, because an attempt shows in the log a while after it was made."""

PAUSES: Final = (timedelta(hours=1), timedelta(hours=12))
"""Before a delivery that was repeated in vain is repeated again; after the last of these it is left alone."""

MOST_MISSED: Final = 500
"""Entries kept, of some 150 bytes each; beyond, those repeated once are forgotten."""


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    id: int
    guid: str
    delivered_at: datetime
    status: int

    @property
    def arrived(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class AttemptsPage:
    """Newest first; `following` is where older ones are read, None at the end."""

    attempts: Sequence[DeliveryAttempt]
    following: str | None


@dataclass(frozen=True, slots=True)
class Missed:
    """A delivery none of whose attempts arrived; `repeated` counts ours, after the last of them nothing is due."""

    guid: str
    attempt_id: int
    failed_at: datetime
    due_at: datetime | None
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryLog:
    """`read_until`: what is older was read. An unfinished reading began at `reading_since` and goes on at `cursor`."""

    read_until: datetime
    reading_since: datetime | None = None
    cursor: str | None = None
    missed: Sequence[Missed] = ()

    @property
    def floor(self) -> datetime:
        return self.read_until - OVERLAP

    def begun(self, at: datetime) -> "DeliveryLog":
        """Reading starts at the newest attempt, unless an earlier reading is to be finished first."""
        forgotten = tuple(one for one in self.missed if one.failed_at > at - WINDOW)
        started = self.reading_since if self.cursor else at
        floor = max(self.read_until, at - WINDOW)
        return replace(self, reading_since=started, read_until=floor, missed=forgotten)

    def with_page(self, page: AttemptsPage, arrived: set[str]) -> "DeliveryLog":
        """`arrived` collects, over the pages of one reading, the guids that need no repetition."""
        arrived.update(one.guid for one in page.attempts if one.arrived)
        known = {one.guid: one for one in self.missed if one.guid not in arrived}
        for one in page.attempts:
            if one.guid not in arrived and one.delivered_at > self.floor:
                known.setdefault(one.guid, Missed(one.guid, one.id, one.delivered_at, one.delivered_at))
        ends = page.following is None or any(one.delivered_at <= self.floor for one in page.attempts)
        if not ends:
            return replace(self, cursor=page.following, missed=_bounded(known.values()))
        read_until = self.reading_since or self.read_until
        return replace(self, read_until=read_until, reading_since=None, cursor=None, missed=_bounded(known.values()))

    def due(self, at: datetime) -> list[Missed]:
        return [one for one in self.missed if one.due_at is not None and one.due_at <= at]

    def with_repeated(self, missed: Missed, at: datetime) -> "DeliveryLog":
        """It stays an entry until an attempt arrives: else the failure of the last one would look like a new one."""
        due_at = at + PAUSES[missed.repeated] if missed.repeated < len(PAUSES) else None
        again = replace(missed, repeated=missed.repeated + 1, due_at=due_at)
        return replace(self, missed=tuple(again if one.guid == again.guid else one for one in self.missed))

    def without(self, missed: Missed) -> "DeliveryLog":
        return replace(self, missed=tuple(one for one in self.missed if one.guid != missed.guid))


def _bounded(missed: Iterable[Missed]) -> tuple[Missed, ...]:
    kept = tuple(missed)
    if len(kept) <= MOST_MISSED:
        return kept
    return tuple(one for one in kept if not one.repeated)[:MOST_MISSED]
