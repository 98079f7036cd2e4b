"""What may happen at the far side beside pushes, and whether its own answer shows it yet.

A webhook says that something changed; what is true is asked. An answer right after a change may be the old one:
as long as it does not show what the webhook told, it is worth asking again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.domain.connector import ConnectorTarget
from shared.domain.source_tree import Installation, Repository

READS_SETTLE: Final = timedelta(seconds=25)


@dataclass(frozen=True, slots=True)
class SourceChange:
    """Something changed at an installation, or at one repository of it; `noticed_at` says when it was told."""

    installation_id: int
    repository_id: int | None
    event: str
    action: str
    noticed_at: datetime

    def may_be_unseen(self, now: datetime) -> bool:
        """Whether the far side may still answer from before the change."""
        return now < self.noticed_at + READS_SETTLE


def shows_installation(change: SourceChange, truth: Installation | None) -> bool:
    """Whether the truth is what the change led to; None stands for an installation that is gone."""
    if change.event != "installation":
        return True
    if change.action == "deleted":
        return truth is None
    if change.action in ("suspend", "unsuspend"):
        return truth is None or truth.suspended == (change.action == "suspend")
    return truth is not None


def shows_repository(change: SourceChange, known: ConnectorTarget, truth: Repository | None) -> bool:
    """The same for a repository, against what its target knows; None stands for one that cannot be reached."""
    if change.action == "deleted":
        return truth is None
    if truth is None:
        return True
    match change.action:
        case "renamed" | "transferred":
            return truth.full_name != known.repository_full_name
        case "archived" | "unarchived":
            return truth.archived == (change.action == "archived")
        case "edited":
            return truth.default_branch != known.default_branch
        case _:
            return True
