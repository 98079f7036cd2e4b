"""The states that plugins and marketplaces share: active, put aside, or deleted; from each there is a way back."""

from enum import StrEnum
from typing import Protocol

from shared.domain.errors import Conflict


class Lifecycle(StrEnum):
    """Only what is active is delivered, shows anything, and holds its name."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    DELETED = "deleted"


class Living(Protocol):
    @property
    def status(self) -> Lifecycle: ...


def require_not_deleted(entity: Living, kind: str) -> None:
    """Raises: Conflict."""
    if entity.status == Lifecycle.DELETED:
        raise Conflict(f"This {kind} is deleted; restore it first.")
