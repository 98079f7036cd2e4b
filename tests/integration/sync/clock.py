"""A clock that a test can put forward."""

from datetime import datetime, timedelta

from shared.bootstrap import utc_now


class Clock:
    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self._ahead

    def advance(self, **ahead: float) -> None:
        """By `hours=…`, `minutes=…`, `seconds=…`."""
        self._ahead += timedelta(**ahead)
