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


def health_after(error: DepotError, before: TargetHealth) -> TargetHealth:
    """What else goes wrong (an outage, a limit, a listing that was cut) says nothing of the target."""
    return next((health for kind, health in _HEALTH.items() if isinstance(error, kind)), before)
