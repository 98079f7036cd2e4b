"""Two reads at once: where neither needs the other's answer, a request is one round trip less deep."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar, cast

A = TypeVar("A")
B = TypeVar("B")


def side_by_side(first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """Both answers; what `first` raises comes before what `second` raises."""
    calls: tuple[Callable[[], Any], ...] = (first, second)
    with ThreadPoolExecutor(max_workers=2) as pool:
        one, other = pool.map(lambda call: call(), calls)
    return cast(A, one), cast(B, other)


def for_threads(call: Callable[[A], B]) -> Callable[[A], B]:
    """The same call for other threads, which otherwise would not know on whose request they work."""
    context = copy_context()
    return lambda given: context.copy().run(call, given)
