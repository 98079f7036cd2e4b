"""Answers to bulk requests: one result per item, and 207 where they differ."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Generic, TypeVar

from aws_lambda_powertools.event_handler import Response

from shared.domain.errors import DepotError, Invalid
from shared.http.answers import JSON
from shared.http.models import Output
from shared.http.problem import status_of
from shared.http.request import note_refusal

T = TypeVar("T", bound=Output)
E = TypeVar("E")


class FieldProblem(Output):
    path: str
    message: str


class ItemProblem(Output):
    """Why an item was refused: as a problem document says it, without what belongs to the whole request."""

    code: str
    detail: str
    errors: list[FieldProblem]

    @classmethod
    def of(cls, error: DepotError) -> "ItemProblem":
        fields = error.errors if isinstance(error, Invalid) else ()
        return cls(code=error.code, detail=error.message, errors=[FieldProblem.of(one) for one in fields])


class BulkResult(Output, Generic[T]):
    """`index` is the item's place in the request; `status` what it would have got alone."""

    index: int
    status: int
    item: T | None = None
    error: ItemProblem | None = None


class Bulk(Output, Generic[T]):
    items: list[BulkResult[T]]


def bulk(outcomes: Sequence[E | DepotError], read: Callable[[E], T], done: HTTPStatus) -> Response[Bulk[T]]:
    """The status of all items where they agree, else 207."""
    results = [_result(index, outcome, read, done) for index, outcome in enumerate(outcomes)]
    statuses = {one.status for one in results}
    status = statuses.pop() if len(statuses) == 1 else HTTPStatus.MULTI_STATUS
    return Response(status, JSON, Bulk(items=results), {})


def _result(index: int, outcome: E | DepotError, read: Callable[[E], T], done: HTTPStatus) -> BulkResult[T]:
    if isinstance(outcome, DepotError):
        note_refusal(outcome)
        return BulkResult(index=index, status=int(status_of(outcome)), error=ItemProblem.of(outcome))
    return BulkResult(index=index, status=int(done), item=read(outcome))
