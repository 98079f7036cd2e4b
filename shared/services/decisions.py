"""A decision that others may overtake: it is made anew on the state that they left."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from shared.domain.errors import Retryable, Stale
from shared.repositories.bindings import AlreadyBound

T = TypeVar("T")

RACES: Final = 40
"""How often something is decided anew because another writer was faster."""


def decided_anew(decide: Callable[[], T], what: str) -> T:
    """Of racing writers every one gets its turn. `what` keeps changing when none comes.

    Raises: Retryable.
    """
    for _ in range(RACES):
        with suppress(Stale, AlreadyBound):
            return decide()
    raise Retryable(f"{what} keeps changing; repeat the request in a moment.")
