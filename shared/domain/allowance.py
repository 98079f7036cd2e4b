"""How many calls the far side still takes from an installation, and how many of them a sweep may use."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

RESERVE: Final = 0.2
"""The part of an allowance that sweeps leave to what people wait for: pushes, previews, setup."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """As the far side said last: `remaining` of `limit` calls until `resets_at`."""

    limit: int
    remaining: int
    resets_at: datetime

    def is_low(self, at: datetime) -> bool:
        """Whether only the reserve is left."""
        return at < self.resets_at and self.remaining <= self.limit * RESERVE
