"""Pages of lists: how long, and where the next one starts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.domain.errors import Invalid

DEFAULT_LIMIT = 50
MAX_LIMIT = 100

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`after` is the key of the last row seen, None at the start; `limit` rows at most."""

    limit: int = DEFAULT_LIMIT
    after: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise Invalid.field("limit", f"must be between 1 and {MAX_LIMIT}")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next_after` continues the list; None means there is no more. A page may be short and have one."""

    items: Sequence[T]
    next_after: str | None = None

    def map(self, convert: Callable[[T], U]) -> "Page[U]":
        return Page([convert(item) for item in self.items], self.next_after)


def cut(rows: Iterable[T], page: PageRequest, key: Callable[[T], str]) -> Page[T]:
    """One page of rows that are all at hand, in the order of their keys."""
    rest = sorted((row for row in rows if page.after is None or key(row) > page.after), key=key)
    items = rest[: page.limit]
    return Page(items, key(items[-1]) if len(rest) > page.limit else None)
