"""A change that another one overtook is decided again, on what is there now."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from shared.domain.errors import Retryable, Stale
from shared.repositories.bindings import AlreadyBound

T = TypeVar("T")

_RACES: Final = 40
"""How often something is decided anew because another writer was faster."""


def decided_anew(decide: Callable[[], T], what: str = "It", *, once: bool = False) -> T:
    """What `decide` gives, as often as it takes; of racing writers every one gets its turn.

    `what` names what keeps changing when none comes; `once` is for a caller who named the state to change.
    Raises: Stale, if `once`; Retryable when others were faster every time.
    """
    if once:
        return decide()
    for _ in range(_RACES):
        with suppress(Stale, AlreadyBound):
            return decide()
    raise Retryable(f"{what} keeps changing; repeat the request in a moment.")
