"""A change that another one overtook is decided again, on what is there now."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from shared.domain.errors import Retryable, Stale

T = TypeVar("T")
_RACES: Final = 40


def decided_anew(decide: Callable[[], T], *, once: bool = False) -> T:
    """What `decide` gives, as often as it takes; `once` for a caller who named the state to change.

    Raises: Stale, if `once`; Retryable when others were faster every time.
    """
    if once:
        return decide()
    for _ in range(_RACES):
        with suppress(Stale):
            return decide()
    raise Retryable("It keeps changing; repeat the request in a moment.")
