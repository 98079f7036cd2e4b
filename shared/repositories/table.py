"""Reads of the single table: get, batch-get and query over raw items, in one place.

There is no scan. Reads of rows are consistent; an index holds keys alone and never is.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from shared.domain.errors import Retryable
from shared.repositories.keys import Key

Item = Mapping[str, Any]
"""A raw DynamoDB item: attribute name → attribute value, e.g. {"pk": {"S": "…"}}."""

BATCH: Final = 100
"""Keys in one BatchGetItem (DynamoDB's limit)."""

_ROUNDS: Final = 4


@dataclass(frozen=True, slots=True)
class Found:
    """Query results in key order; `more` says that the limit, not the end, stopped them."""

    items: list[Item]
    more: bool

    @property
    def keys(self) -> list[Key]:
        return [key_of(item) for item in self.items]


@dataclass(frozen=True, slots=True)
class Index:
    """An index by name; its key attributes are `<name>_pk` and `<name>_sk`."""

    name: str


PRIMARY: Final = Index("")
LIST: Final = Index("list")
EDGE: Final = Index("edge")
DUE: Final = Index("due")


class Table:
    """One table through one botocore client."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.name = name

    def check(self) -> None:
        """Raises botocore's errors when the table cannot be read."""
        self.get(Key("READINESS", "PROBE"))

    def get(self, key: Key) -> Item | None:
        answer = self.client.get_item(TableName=self.name, Key=attribute_key(key), ConsistentRead=True)
        item: Item | None = answer.get("Item")
        return item

    def batch_get(self, keys: Iterable[Key], *, only: Sequence[str] = ()) -> dict[Key, Item]:
        """The rows that exist, by key, whole or `only` some attributes; beyond 100 keys side by side."""
        wanted = list(dict.fromkeys(keys))
        batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
        if len(batches) <= 1:
            return self._batch_get(wanted, only) if wanted else {}
        with ThreadPoolExecutor(max_workers=min(8, len(batches))) as pool:
            found = list(pool.map(lambda batch: self._batch_get(batch, only), batches))
        return {key: item for batch in found for key, item in batch.items()}

    def query(
        self,
        pk: str,
        *,
        index: Index = PRIMARY,
        prefix: str = "",
        after: str | None = None,
        limit: int | None = None,
        newest_first: bool = False,
        until: str | None = None,
        since: str | None = None,
    ) -> Found:
        """Rows of one partition whose sort key starts with `prefix`, beyond `after`, from `since` up to `until`.

        Without a limit every page is read: only for partitions that are bounded by a documented limit.
        """
        bounded = (since, after, until) != (None, None, None)
        bounds = _bounds(since or prefix, prefix, after, newest_first, until) if bounded else None
        names, condition, values = _condition(index, pk, prefix, bounds)
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": not newest_first,
        }
        if index is PRIMARY:
            request["ConsistentRead"] = True
        else:
            request["IndexName"] = index.name
        return self._pages(request, limit)

    def query_each(self, partitions: Iterable[str], **options: Any) -> list[Found]:
        """The same query on several partitions, side by side: one round trip deep."""
        wanted = list(partitions)
        with ThreadPoolExecutor(max_workers=min(8, len(wanted)) or 1) as pool:
            return list(pool.map(lambda pk: self.query(pk, **options), wanted))

    def _pages(self, request: dict[str, Any], limit: int | None) -> Found:
        items: list[Item] = []
        while True:
            if limit is not None:
                # One beyond the limit tells whether there is more, without a second query.
                request["Limit"] = limit + 1 - len(items)
            answer = self.client.query(**request)
            items += answer["Items"]
            if limit is not None and len(items) > limit:
                return Found(items[:limit], more=True)
            if "LastEvaluatedKey" not in answer:
                return Found(items, more=False)
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _batch_get(self, keys: list[Key], only: Sequence[str]) -> dict[Key, Item]:
        pending = {
            self.name: {"Keys": [attribute_key(key) for key in keys], "ConsistentRead": True} | _projection(only)
        }
        found: dict[Key, Item] = {}
        for _ in range(_ROUNDS):
            answer = self.client.batch_get_item(RequestItems=pending)
            found |= {key_of(item): item for item in answer["Responses"].get(self.name, [])}
            pending = answer.get("UnprocessedKeys") or {}
            if not pending:
                return found
        raise Retryable("The table is busy; repeat the request in a moment.")


def _projection(only: Sequence[str]) -> dict[str, Any]:
    """Named by placeholders: `status` and `type` are among DynamoDB's reserved words."""
    if not only:
        return {}
    names = {f"#{name}": name for name in ("pk", "sk", *only)}
    return {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}


def attribute_key(key: Key) -> dict[str, Any]:
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def key_of(item: Item) -> Key:
    return Key(item["pk"]["S"], item["sk"]["S"])


def _condition(
    index: Index, pk: str, prefix: str, bounds: tuple[str, str] | None
) -> tuple[dict[str, str], str, dict[str, Any]]:
    stem = f"{index.name}_" if index.name else ""
    names = {"#pk": f"{stem}pk", "#sk": f"{stem}sk"}
    values: dict[str, Any] = {":pk": {"S": pk}}
    if bounds is None:
        if not prefix:
            return {"#pk": names["#pk"]}, "#pk = :pk", values
        return names, "#pk = :pk AND begins_with(#sk, :prefix)", values | {":prefix": {"S": prefix}}
    low, high = bounds
    return names, "#pk = :pk AND #sk BETWEEN :low AND :high", values | {":low": {"S": low}, ":high": {"S": high}}


def _bounds(lowest: str, prefix: str, after: str | None, newest_first: bool, until: str | None) -> tuple[str, str]:
    """BETWEEN is inclusive and sort keys are compared as UTF-8 bytes: the closest neighbour excludes `after`.

    DynamoDB refuses an empty bound, so a partition without a prefix starts at the lowest character.
    """
    low, high = lowest or "\x00", until if until is not None else prefix + "\U0010ffff"
    if after is None:
        return low, high
    if newest_first:
        return low, _just_before(after)
    return after + "\x00", high


def _just_before(text: str) -> str:
    """The largest key below `text` that any row of ours can have: our keys end in letters and digits."""
    return text[:-1] + chr(ord(text[-1]) - 1) + "\U0010ffff"
