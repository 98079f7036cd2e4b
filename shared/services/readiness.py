"""Whether the far sides that every request needs can be reached."""

from dataclasses import dataclass
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from shared.domain.errors import Retryable


class Reachable(Protocol):
    def check(self) -> None:
        """Raises Retryable, or botocore's errors, when it cannot be used."""
        ...


@dataclass(frozen=True, slots=True)
class Readiness:
    table: Reachable
    queue: Reachable
    bucket: Reachable

    def check(self) -> dict[str, bool]:
        """What answers, by name."""
        parts = {"table": self.table, "queue": self.queue, "bucket": self.bucket}
        return {name: _answers(part) for name, part in parts.items()}


def _answers(part: Reachable) -> bool:
    try:
        part.check()
    except (ClientError, BotoCoreError, Retryable):
        return False
    return True
