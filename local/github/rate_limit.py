"""Counts the requests of each caller in the running hour and says what is left of them."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

ANONYMOUS_LIMIT: Final = 60
_HOUR: Final = 3_600


@dataclass(slots=True)
class Usage:
    limit: int
    reset: int  # seconds since 1970
    resource: str
    used: int = 0

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)

    def headers(self) -> Mapping[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
            "X-RateLimit-Used": str(min(self.used, self.limit)),
            "X-RateLimit-Resource": self.resource,
        }

    def as_json(self) -> dict[str, Any]:
        return {"limit": self.limit, "used": self.used, "remaining": self.remaining, "reset": self.reset}


class RateLimits:
    """One hourly allowance per caller and resource (`core`, `graphql`)."""

    def __init__(self, limit: int, now: Callable[[], float]) -> None:
        self._limit, self._now = limit, now
        self._usages: dict[tuple[str, str], Usage] = {}
        self._lock = threading.Lock()

    def usage(self, caller: str, resource: str) -> Usage:
        usage = self._usages.get((caller, resource))
        if usage is None or usage.reset <= self._now():
            limit = self._limit if caller else ANONYMOUS_LIMIT
            usage = self._usages[caller, resource] = Usage(limit, int(self._now()) + _HOUR, resource)
        return usage

    def spend(self, caller: str, resource: str) -> bool:
        """Take one request off the allowance; False when none was left."""
        with self._lock:
            usage = self.usage(caller, resource)
            usage.used += 1
            return usage.used <= usage.limit

    def leave(self, caller: str, remaining: int | None, reset_in_seconds: int | None) -> None:
        """Change what is left of every resource's allowance, and when the next hour begins."""
        with self._lock:
            for resource in ("core", "graphql"):
                usage = self.usage(caller, resource)
                if remaining is not None:
                    usage.used = usage.limit - remaining
                if reset_in_seconds is not None:
                    usage.reset = int(self._now()) + reset_in_seconds

    def forget(self) -> None:
        """Everybody has a whole allowance again."""
        with self._lock:
            self._usages.clear()

    def give_back(self, caller: str, resource: str) -> None:
        """A 304 costs nothing."""
        with self._lock:
            self.usage(caller, resource).used -= 1
