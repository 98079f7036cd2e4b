"""Stops a process after any one call to the outside, as a killed function stops: no clean-up runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from urllib3 import PoolManager

from tests.integration.sync.aws_calls import hooked
from tests.integration.sync.world import World


class Stopped(BaseException):
    """The process is no more; nothing catches this."""


class Lifetime:
    """So many calls to AWS and GitHub, from whichever thread; then none is ever made again."""

    def __init__(self, calls: int | None) -> None:
        self._calls, self._lock = calls, threading.Lock()
        self.used = 0

    def spend(self, *_: object, **__: object) -> None:
        with self._lock:
            if self._calls is not None and self.used >= self._calls:
                raise Stopped
            self.used += 1


class MortalPool(PoolManager):
    """GitHub's connections of a process."""

    def __init__(self, lifetime: Lifetime) -> None:
        super().__init__(retries=False)
        self._lifetime = lifetime

    def request(self, *args: Any, **options: Any) -> Any:
        self._lifetime.spend()
        return super().request(*args, **options)


@contextmanager
def living(world: World, calls: int | None = None) -> Iterator[Lifetime]:
    """A new process that is stopped after so many calls."""
    lifetime = Lifetime(calls)
    pool, world.pool = world.pool, MortalPool(lifetime)
    depot = world.respawn()
    try:
        with hooked(depot, "before-call", lifetime.spend):
            yield lifetime
    finally:
        world.pool.clear()
        world.pool = pool
        world.respawn()
