"""The shapes of answers: a list, a detail, a mutation, a job."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Generic, Literal, TypeVar

from aws_lambda_powertools.event_handler import Response

from shared.domain.paging import Page
from shared.http.cursors import next_cursor
from shared.http.etags import etag_of
from shared.http.models import Output
from shared.http.request import request

JSON = "application/json"

T = TypeVar("T", bound=Output)
E = TypeVar("E")
M = TypeVar("M", bound=Output)


class Detail(Output, Generic[T]):
    item: T


class Listing(Output, Generic[T]):
    items: list[T]
    next_cursor: str | None


class Mutation(Output, Generic[T]):
    ok: Literal[True] = True
    item: T


class JobRef(Output):
    id: str


class Queued(Output):
    ok: Literal[True] = True
    queued: Literal[True] = True
    job: JobRef


def detail(item: T, revision: int | None = None, beside: Sequence[str] = ()) -> Response[Detail[T]]:
    """One resource; without a revision its ETag is that of its bytes."""
    headers = {"ETag": etag_of(revision, beside)} if revision is not None else {}
    return Response(HTTPStatus.OK, JSON, Detail(item=item), headers)


def listing(page: Page[E], read: Callable[[E], T]) -> Listing[T]:
    return Listing(items=[read(one) for one in page.items], next_cursor=next_cursor(page))


def mutated(item: T, revision: int | None = None, beside: Sequence[str] = ()) -> Response[Mutation[T]]:
    headers = {"ETag": etag_of(revision, beside)} if revision is not None else {}
    return Response(HTTPStatus.OK, JSON, Mutation(item=item), headers)


def created(item: T, path: str, revision: int | None = None, beside: Sequence[str] = ()) -> Response[Mutation[T]]:
    """`path` of the new resource below the area's base, such as `/plugins/plg_…`."""
    headers = {"Location": request().base + path}
    if revision is not None:
        headers["ETag"] = etag_of(revision, beside)
    return Response(HTTPStatus.CREATED, JSON, Mutation(item=item), headers)


def queued(job_id: str, path: str) -> Response[Queued]:
    """Accepted work; `path` tells how it goes."""
    return Response(HTTPStatus.ACCEPTED, JSON, Queued(job=JobRef(id=job_id)), {"Location": request().base + path})


def accepted_as(answer: M, path: str, revision: int, *, is_new: bool) -> Response[M]:
    """A mutation that may find its work done: 201 with what it made, or 200 with what was there."""
    status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return Response(status, JSON, answer, {"Location": request().base + path, "ETag": etag_of(revision)})
