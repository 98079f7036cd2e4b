"""The states of GitHub that last, beside faults that strike single requests: switched, and switched off again."""

import threading
from dataclasses import dataclass, field, replace
from typing import Final

from local.github.pushes import NOTHING, RefUpdate
from local.github.rate_limit import RateLimits
from local.github.webhooks import Webhooks

NAMES: Final = frozenset({"treeEntries", "remaining", "resetInSeconds", "staleReads", "lostDeliveries"})


@dataclass(frozen=True, slots=True)
class Sizes:
    """GitHub's limits, which a test may lower: entries of a recursive tree, bytes of a blob."""

    tree_entries: int = 100_000
    blob_bytes: int = 100 * 1024 * 1024


@dataclass(slots=True)
class StaleReads:
    """Right after a push GitHub may still answer with the former head: so it does `left` times."""

    left: int = 0
    _former: dict[tuple[int, str], str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, repository_id: int, update: RefUpdate) -> None:
        """A ref has moved: what it was is what a stale read shows."""
        self._former[repository_id, update.ref] = update.before

    def take(self, repository_id: int, ref: str) -> str | None:
        """The former head of a ref, if this read of it is a stale one."""
        with self._lock:
            former = self._former.get((repository_id, ref), NOTHING)
            if self.left <= 0 or former == NOTHING:
                return None
            self.left -= 1
            return former


@dataclass(slots=True)
class Conditions:
    usual: Sizes
    rate_limits: RateLimits
    webhooks: Webhooks
    sizes: Sizes = field(init=False)
    stale_reads: StaleReads = field(default_factory=StaleReads)

    def __post_init__(self) -> None:
        self.sizes = self.usual

    def switch(
        self,
        *,
        tree_entries: int | None = None,
        remaining: int | None = None,
        reset_in_seconds: int | None = None,
        stale_reads: int | None = None,
        lost_deliveries: int | None = None,
    ) -> None:
        """Truncate trees, leave the installation so many calls for so long, lag behind pushes, lose webhooks."""
        if tree_entries is not None:
            self.sizes = replace(self.sizes, tree_entries=tree_entries)
        if remaining is not None or reset_in_seconds is not None:
            self.rate_limits.leave("installation", remaining, reset_in_seconds)
        if stale_reads is not None:
            self.stale_reads.left = stale_reads
        if lost_deliveries is not None:
            self.webhooks.lose(lost_deliveries)

    def back_to_normal(self) -> None:
        self.sizes = self.usual
        self.rate_limits.forget()
        self.stale_reads.left = 0
        self.webhooks.lose(0)
