"""Remembers what GitHub said last is left of each installation's rate limit: it says so with every answer.

Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from shared.domain.allowance import Allowance


class Allowances:
    """In memory only: a process that has not asked yet does not know."""

    def __init__(self) -> None:
        self._known: dict[int, Allowance] = {}

    def note(self, installation_id: int, headers: Mapping[str, str]) -> None:
        """Header names are in lower case; an Enterprise Server without limits sends none of them."""
        told = [headers.get(f"x-ratelimit-{name}", "") for name in ("limit", "remaining", "reset")]
        if all(value.isascii() and value.isdigit() for value in told):
            limit, remaining, reset = map(int, told)
            self._known[installation_id] = Allowance(limit, remaining, datetime.fromtimestamp(reset, UTC))

    def of(self, installation_id: int) -> Allowance | None:
        return self._known.get(installation_id)
