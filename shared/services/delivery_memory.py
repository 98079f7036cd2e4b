"""What a process keeps between requests: things named by their content, which can never be out of date."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

V = TypeVar("V")


class Memory(Generic[V]):
    """The most recently used values up to a total weight, by names that say what they hold."""

    def __init__(self, capacity: int, weigh: Callable[[V], int] = lambda _: 1) -> None:
        self._capacity = capacity
        self._weigh = weigh
        self._kept: OrderedDict[str, V] = OrderedDict()
        self._weight = 0

    def get(self, name: str) -> V | None:
        if name in self._kept:
            self._kept.move_to_end(name)
        return self._kept.get(name)

    def put(self, name: str, value: V) -> V:
        """Keep a value, forgetting the least recently used; one that outweighs everything is not kept."""
        if name not in self._kept and self._weigh(value) <= self._capacity:
            self._kept[name] = value
            self._weight += self._weigh(value)
        while self._weight > self._capacity:
            _, forgotten = self._kept.popitem(last=False)
            self._weight -= self._weigh(forgotten)
        return value
