"""One all-or-nothing write: what a use case changes, committed as one request.

Every step says which error its failed condition means, so that a refused transaction becomes the right answer
whatever order DynamoDB reports its reasons in (it reports them in the order of the request).
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType, TracebackType
from typing import Any, Final, Protocol

from botocore.exceptions import ClientError

from shared.domain.audit import Occasion
from shared.domain.errors import Conflict, DepotError, Retryable, TooLarge
from shared.repositories.codec import attribute_value
from shared.repositories.keys import Key
from shared.repositories.table import Item, Table, attribute_key, key_of
from shared.repositories.update_expression import UpdateExpression

MAX_STEPS: Final = 99
"""Of the hundred actions that DynamoDB takes in one transaction, the last is for the audit event."""

_ATTEMPTS: Final = 5
"""How often a contended transaction is tried; DynamoDB's clients do not repeat it by themselves."""

ABSENT: Final = "attribute_not_exists(pk)"
PRESENT: Final = "attribute_exists(pk)"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition expression; `#n…` and `:v…` placeholders are filled in by `where`."""

    expression: str
    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


def where(**equals: object) -> Condition:
    """The row exists and every named attribute has this value; None means that it has none."""
    names = {f"#{name}": name for name in equals}
    values = {f":{name}": attribute_value(value) for name, value in equals.items() if value is not None}
    parts = [
        f"#{name} = :{name}" if value is not None else f"attribute_not_exists(#{name})"
        for name, value in equals.items()
    ]
    return Condition(" AND ".join([PRESENT, *parts]), names, values)


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a transaction; `fields` are the attributes that it gives values."""

    action: str
    request: dict[str, Any]
    fields: Item
    otherwise: DepotError | None

    @property
    def key(self) -> Key:
        return key_of(self.request.get("Key") or self.request["Item"])

    @property
    def writes(self) -> bool:
        return self.action != "ConditionCheck"


class Trail(Protocol):
    """What a unit of work leaves behind: on commit it adds its own step to those that are there."""

    def record(self, work: "UnitOfWork") -> None: ...
    def on(self, change: Callable[[Occasion], Occasion]) -> "Trail": ...


class UnitOfWork:
    """Collects steps; leaving the block without an error commits them.

    `with UnitOfWork(table) as work: repository.add(thing, work)`; `pause` waits, in seconds. What it changes is
    recorded in the same transaction by its `trail`.
    """

    def __init__(
        self, table: Table, pause: Callable[[float], None] = time.sleep, *, trail: Trail | None = None
    ) -> None:
        self._table = table
        self._pause = pause
        self._trail = trail
        self._steps: list[Step] = []

    def __enter__(self) -> "UnitOfWork":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None) -> None:
        if kind is None:
            self.commit()

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def steps(self) -> Sequence[Step]:
        """What was collected so far."""
        return self._steps

    def as_upkeep(self) -> "UnitOfWork":
        """Nobody's deed: it follows from one that is recorded, or is worth no record (leases, last uses, postings)."""
        self._trail = None
        return self

    def on(self, change: Callable[[Occasion], Occasion]) -> "UnitOfWork":
        """Written for another reason, or by somebody else, than the function was called for."""
        self._trail = self._trail.on(change) if self._trail is not None else None
        return self

    def put(self, item: Item, *, when: Condition | None = None, otherwise: DepotError | None = None) -> None:
        self._add("Put", {"Item": dict(item)}, when, otherwise, item)

    def add(self, item: Item, otherwise: DepotError) -> None:
        """Put a row that must not exist yet."""
        self.put(item, when=Condition(ABSENT), otherwise=otherwise)

    def update(
        self,
        key: Key,
        *,
        assign: Mapping[str, Any] | None = None,
        remove: tuple[str, ...] = (),
        increase: Mapping[str, int] | None = None,
        insert: Mapping[str, str | frozenset[str]] | None = None,
        discard: Mapping[str, str] | None = None,
        when: Condition | None = None,
        otherwise: DepotError | None = None,
    ) -> None:
        """Change named attributes of one row; dotted names reach into maps (`grants.org`).

        `assign` takes plain values, None removes; `insert` adds one or more
        elements to a string set, `discard` takes one out.
        """
        change = UpdateExpression()
        given = {name: attribute_value(value) for name, value in (assign or {}).items() if value is not None}
        for name in assign or {}:
            change.set(name, given.get(name))
        for name in remove:
            change.remove(name)
        for name, amount in (increase or {}).items():
            change.clause("ADD", name, {"N": str(amount)})
        for name, element in (insert or {}).items():
            change.clause("ADD", name, {"SS": [element] if isinstance(element, str) else sorted(element)})
        for name, element in (discard or {}).items():
            change.clause("DELETE", name, {"SS": [element]})
        self._add("Update", {"Key": attribute_key(key)} | change.request(), when, otherwise, given)

    def delete(self, key: Key, *, when: Condition | None = None, otherwise: DepotError | None = None) -> None:
        self._add("Delete", {"Key": attribute_key(key)}, when, otherwise)

    def check(self, key: Key, when: Condition, otherwise: DepotError) -> None:
        """Commit only while another row is as it was read."""
        self._add("ConditionCheck", {"Key": attribute_key(key)}, when, otherwise)

    def commit(self) -> None:
        """Write everything or nothing.

        Raises: the step's own `otherwise` when its condition fails; TooLarge beyond what one transaction takes;
            Retryable when DynamoDB stayed contended.
        """
        if len(self) > MAX_STEPS:
            raise TooLarge(f"This would change {len(self)} rows at once; at most {MAX_STEPS} can be.")
        if self._trail is not None:
            self._trail.record(self)
        steps, self._steps = self._steps, []
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._write(steps)
            except ClientError as error:
                refusal = _refusal(error, steps)
                if attempt == _ATTEMPTS or not isinstance(refusal, Retryable):
                    raise refusal from error
            else:
                return
            # Writers that collided would collide again in step.
            self._pause(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311  # spreads writers, hides nothing

    def _write(self, steps: list[Step]) -> None:
        if len(steps) == 1 and steps[0].action in _SINGLE:
            getattr(self._table.client, _SINGLE[steps[0].action])(**steps[0].request)
        elif steps:
            items = [{step.action: step.request} for step in steps]
            self._table.client.transact_write_items(TransactItems=items)

    def _add(
        self,
        action: str,
        request: dict[str, Any],
        when: Condition | None,
        otherwise: DepotError | None,
        fields: Item = MappingProxyType({}),
    ) -> None:
        request["TableName"] = self._table.name
        if when is not None:
            request["ConditionExpression"] = when.expression
            _merge(request, "ExpressionAttributeNames", when.names)
            _merge(request, "ExpressionAttributeValues", when.values)
        self._steps.append(Step(action, request, fields, otherwise))


_SINGLE: Final = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item"}
# Refused before anything was written, so a second try is safe; after an internal error nobody knows.
_BUSY: Final = {
    "TransactionConflictException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
}
_OUTGROWN: Final = "What is to be kept of it outgrows a row of 400 KB, or a write of 4 MB."
_BUSY_REASONS: Final = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


def _merge(request: dict[str, Any], name: str, values: Mapping[str, Any]) -> None:
    if values:
        request[name] = {**request.get(name, {}), **values}


def _refusal(error: ClientError, steps: list[Step]) -> DepotError | ClientError:
    code: str = error.response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        return steps[0].otherwise or Conflict("It changed meanwhile; read it again and repeat.")
    if code == "TransactionCanceledException":
        return _first_reason(error, steps)
    if code in _BUSY:
        return Retryable("The table is busy; repeat the request in a moment.")
    return TooLarge(_OUTGROWN) if _is_about_size(error.response["Error"]) else error


def _first_reason(error: ClientError, steps: list[Step]) -> DepotError | ClientError:
    reasons = [reason.get("Code") for reason in error.response.get("CancellationReasons", [])]
    for reason, step in zip(reasons, steps, strict=False):
        if reason == "ConditionalCheckFailed":
            return step.otherwise or Conflict("It changed meanwhile; read it again and repeat.")
    if _BUSY_REASONS.intersection(filter(None, reasons)):
        return Retryable("The table is busy; repeat the request in a moment.")
    outgrown = any(map(_is_about_size, error.response.get("CancellationReasons", [])))
    return TooLarge(_OUTGROWN) if outgrown else error


def _is_about_size(reason: Mapping[str, Any]) -> bool:
    """DynamoDB has one code for all that is wrong with a request; rows and transactions too large say so in words."""
    words = str(reason.get("Message", "")).lower()
    return str(reason.get("Code", "")).startswith("Validation") and ("size" in words or "4 mb" in words)
