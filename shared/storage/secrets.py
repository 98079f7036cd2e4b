"""Secrets Manager values, fetched when first needed and kept for a few minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

KEPT: Final = timedelta(minutes=5)
"""How long a rotated secret may go unnoticed."""


class SecretStore:
    def __init__(self, client: Any, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._kept: dict[str, tuple[datetime, str]] = {}

    def get(self, name: str) -> str:
        """The text of a secret, by name or ARN. Raises botocore's errors when it cannot be read."""
        known = self._kept.get(name)
        if known is not None and self._now() < known[0] + KEPT:
            return known[1]
        value: str = self._client.get_secret_value(SecretId=name)["SecretString"]
        self._kept[name] = (self._now(), value)
        return value
