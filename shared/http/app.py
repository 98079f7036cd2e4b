"""One function's way from an HTTP API event to its answer: place, admission, route, and one log line."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from importlib import import_module
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from shared.bootstrap.occasions import take_up
from shared.domain.errors import Invalid, TooLarge, UnsupportedMedia
from shared.http.actor import Admission
from shared.http.finish import finish, require_fit
from shared.http.occasions import occasion_of
from shared.http.problem import UnknownRoute, answer_problem
from shared.http.request import Event, Request, begin, body_of
from shared.http.request_log import log_request
from shared.http.routes import Routes

MAX_BODY: Final = 6 * 1024 * 1024
"""Bytes of a request body: Lambda takes no larger event."""
JSON: Final = "application/json"
ANY_SEGMENT: Final = "*"
HERE: Final = "/"


@dataclass(frozen=True)
class Area:
    """Routes that share a base path.

    `base` may hold `{orgId}`: the org, by id or slug, that `admission` lets callers into; where it names none, callers
    are identified alone; without an admission the area is public. It may hold `{ticket}`, which the admission reads.
    `modules` maps the first path segment below the base (`*`: any) to the module whose `routes` answer it, imported
    when it is first asked for; `HERE` stands for the base itself.
    `media_types` of bodies; JSON is read and checked, any other is left to the routes as bytes (`request().body`).
    None at all takes any.
    `plain_problems` tells refusals in plain text, for protocols that are no JSON.
    `any_origin` lets pages of every origin read: only where the path is the credential, which no browser adds.
    `title` is what the area is called in the API's description; without one each route's first segment is.
    """

    base: str
    modules: Mapping[str, str]
    admission: Admission | None = None
    media_types: tuple[str, ...] = (JSON,)
    plain_problems: bool = False
    any_origin: bool = False
    title: str | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        base = self.base.replace("{orgId}", "(?P<org>[^/]+)").replace("{ticket}", "(?P<ticket>[^/]+)")
        return re.compile(base + r"(?P<rest>(?:/(?P<segment>[^/]*).*)?)")

    @property
    def reads_json(self) -> bool:
        return self.media_types == (JSON,)

    def module_of(self, segment: str | None) -> str | None:
        """None asks for the base itself."""
        if segment is None:
            return self.modules.get(HERE)
        return self.modules.get(segment, self.modules.get(ANY_SEGMENT))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: the area, its module, the org named, the ticket shown, and what is left for the routes."""

    area: Area
    module: str
    org: str | None
    ticket: str | None = field(repr=False)
    rest: str


class App:
    """`app.answer(event, context)` is a Lambda handler for API Gateway HTTP APIs (payload format 2.0)."""

    def __init__(self, *areas: Area) -> None:
        self.areas = areas

    def answer(self, event: Event, context: Any) -> dict[str, Any]:
        """The gateway's answer; never raises: every error is a problem document."""
        started = time.perf_counter()
        current = Request.of(event)
        begin(current)
        take_up(occasion_of(current))
        try:
            answer = self._answer(current, event, context)
            require_fit(answer)
        except Exception as error:  # noqa: BLE001  # the edge: a caller gets a problem document, whatever happened
            answer = _built(answer_problem(error))
        answer = finish(current, answer)
        if current.refusals:
            import_module("shared.http.refusals").tell_refusals(current)
        log_request(current, answer["statusCode"], time.perf_counter() - started)
        return answer

    def _answer(self, current: Request, event: Event, context: Any) -> dict[str, Any]:
        place = self._place(current.path)
        area = place.area
        current.base, current.base_template = current.path.removesuffix(place.rest), area.base
        current.plain_problems, current.any_origin = area.plain_problems, area.any_origin
        if area.any_origin and current.method == "OPTIONS":
            # Asked before a page may ask: without any credential, and about none.
            return _built(Response(HTTPStatus.NO_CONTENT, body="", headers={}))
        if area.admission is not None:
            current.challenge = area.admission.challenge
            if place.org is not None:
                current.actor = area.admission.admit(current, place.org, place.ticket)
            else:
                current.identity = area.admission.identify(current)
        current.body = _checked_body(area, current, event)
        routes: Routes = import_module(place.module).routes
        return routes.resolve(_below(event, current, place), context)

    def _place(self, path: str) -> Place:
        """Raises: UnknownRoute."""
        for area in self.areas:
            match = area.pattern.fullmatch(path)
            module = area.module_of(match["segment"]) if match else None
            if match and module:
                named = match.groupdict()
                return Place(area, module, named.get("org"), named.get("ticket"), match["rest"])
        raise UnknownRoute


def _checked_body(area: Area, current: Request, event: Event) -> bytes:
    """Raises: TooLarge, UnsupportedMedia, Invalid."""
    body = body_of(event)
    if len(body) > MAX_BODY:
        raise TooLarge(f"A request body has at most {MAX_BODY} bytes; this one has {len(body)}.")
    sent = current.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if body and area.media_types and sent not in area.media_types:
        raise UnsupportedMedia(f"Send the body as {' or '.join(area.media_types)}.")
    return body


def _below(event: Event, current: Request, place: Place) -> dict[str, Any]:
    """The event as the area's routes see it: path below the base, body as text, HEAD as the GET that it stands for.

    Raises: Invalid for a body that is no UTF-8.
    """
    method = "GET" if current.method == "HEAD" else current.method
    http = {**event["requestContext"]["http"], "method": method}
    return {
        **event,
        "rawPath": place.rest or HERE,
        "requestContext": {**event["requestContext"], "http": http, "stage": "$default"},
        # The body's kind is settled; Powertools would read it again, and in lower case alone.
        "headers": {**current.headers, "content-type": JSON},
        "body": _text(current.body) if place.area.reads_json else "",
        "isBase64Encoded": False,
    }


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Invalid.field("body", "is not UTF-8") from error


def _built(response: Response[str]) -> dict[str, Any]:
    """The gateway's form of an answer that no route gave."""
    return {"statusCode": response.status_code, "headers": response.headers, "body": response.body}
