"""Routes of no product: what the tests of the way in send their requests through."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from shared.domain.errors import RateLimited, Retryable
from shared.domain.paging import Page
from shared.http.answers import Detail, Listing, Mutation, created, detail, listing
from shared.http.cursors import PageQuery
from shared.http.models import Input, Output
from shared.http.routes import Routes

routes = Routes()

NUMBERS = range(1, 8)


class ThingCreate(Input):
    first_name: str
    size: Annotated[int, Field(ge=1)] = 1


class ThingRead(Output):
    name: str


class ThingQuery(PageQuery):
    colour: str | None = None


@routes.get("/things")
def list_things(query: Annotated[ThingQuery, Query()]) -> Listing[ThingRead]:
    start = int(query.page.after or 0)
    numbers = [number for number in NUMBERS if number > start]
    shown = numbers[: query.limit]
    rest = str(shown[-1]) if len(numbers) > len(shown) else None
    return listing(Page(shown, rest), lambda number: ThingRead(name=str(number)))


@routes.post("/things", status_code=201)
def create_thing(body: ThingCreate) -> Response[Mutation[ThingRead]]:
    return created(ThingRead(name=body.first_name), f"/things/{body.size}", revision=7)


@routes.get("/things/<name>")
def get_thing(name: str) -> Response[Detail[ThingRead]]:
    return detail(ThingRead(name=name), revision=7)


@routes.get("/broken")
def break_down() -> ThingRead:
    raise RuntimeError("the password is swordfish")


@routes.get("/broken/answer")
def answer_wrongly() -> ThingRead:
    return {"colour": "swordfish"}  # type: ignore[return-value]  # what a mistake of ours would look like


@routes.get("/busy")
def be_busy() -> ThingRead:
    raise Retryable("The table is busy; repeat the request in a moment.")


@routes.get("/limited")
def be_limited() -> ThingRead:
    raise RateLimited("GitHub asks to wait.", retry_after=6.2)


@routes.get("/big/<size>")
def be_big(size: int) -> ThingRead:
    return ThingRead(name="\x01" * size)
