"""Secrets Manager values, fetched when first needed and kept for a few minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from shared.domain.errors import Unconfigured

KEPT: Final = timedelta(minutes=5)
"""How long a rotated secret may go unnoticed."""


class SecretStore:
    def __init__(self, client: Any, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._kept: dict[str, tuple[datetime, str]] = {}

    def get(self, name: str) -> str:
        """The text of a secret, by name or ARN.

        Raises: Unconfigured while nobody has put a value in; botocore's errors when it cannot be read.
        """
        known = self._kept.get(name)
        if known is not None and self._now() < known[0] + KEPT:
            return known[1]
        try:
            value: str = self._client.get_secret_value(SecretId=name)["SecretString"]
        except self._client.exceptions.ResourceNotFoundException as error:
            raise Unconfigured("A secret of this deployment has no value yet; its operator puts it in.") from error
        self._kept[name] = (self._now(), value)
        return value
