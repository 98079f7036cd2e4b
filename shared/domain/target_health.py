"""What an answer of the far side says of a target's health."""

from collections.abc import Mapping
from typing import Final

from shared.domain.connector import TargetHealth
from shared.domain.errors import DepotError
from shared.domain.source_errors import BranchMissing, SourceEmpty, SourceForbidden, SourceNotFound

_HEALTH: Final[Mapping[type[DepotError], TargetHealth]] = {
    BranchMissing: TargetHealth.BRANCH_MISSING,
    SourceNotFound: TargetHealth.ACCESS_LOST,
    SourceForbidden: TargetHealth.SUSPENDED,
    SourceEmpty: TargetHealth.EMPTY,
}


OUT_OF_REACH: Final = frozenset(
    {TargetHealth.ACCESS_LOST, TargetHealth.DELETED, TargetHealth.SUSPENDED, TargetHealth.DISCONNECTED}
)
"""The installation cannot read the repository: whoever can again has missed pushes."""

STOPPED: Final = OUT_OF_REACH | {TargetHealth.BRANCH_MISSING}
"""Nothing comes from the source any more, as long as it is so: what came before stays, and is stale."""

_FINAL: Final = frozenset({TargetHealth.DELETED, TargetHealth.DISCONNECTED})


def health_after(error: DepotError, before: TargetHealth) -> TargetHealth:
    """What else goes wrong (an outage, a limit, a listing that was cut) says nothing of the target.

    GitHub answers what is deleted and what is out of reach alike: the webhook that told which is remembered.
    """
    health = next((health for kind, health in _HEALTH.items() if isinstance(error, kind)), before)
    return before if health == TargetHealth.ACCESS_LOST and before in _FINAL else health


def health_when_read(before: TargetHealth, *, moved: bool) -> TargetHealth:
    """Nobody can push to an archived repository: one whose head has moved is archived no longer."""
    return TargetHealth.ARCHIVED if before == TargetHealth.ARCHIVED and not moved else TargetHealth.HEALTHY
