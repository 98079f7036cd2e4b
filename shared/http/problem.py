"""Errors → HTTP, in one table: RFC 9457 problem documents and their headers."""

import json
import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from shared.domain import errors
from shared.http.request import note_refusal, request

MEDIA_TYPE: Final = "application/problem+json"
PLAIN: Final = "text/plain; charset=utf-8"
"""git shows its user the body of a refusal only when it is plain text (remote-curl.c, show_http_message)."""


class UnknownRoute(errors.NotFound):
    """Nothing is ever at this path."""

    code = "unknown_route"

    def __init__(self) -> None:
        super().__init__("route")


class MethodNotAllowed(errors.DepotError):
    """The path exists; `allowed` are the methods it takes."""

    code = "method_not_allowed"

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(f"This path takes {', '.join(allowed)}.")
        self.allowed = allowed


STATUS: Final[Mapping[type[Exception], HTTPStatus]] = {
    errors.Invalid: HTTPStatus.BAD_REQUEST,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedMedia: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.IdempotencyMismatch: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Damaged: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.Unconfigured: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.Retryable: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: BaseException) -> HTTPStatus:
    """The nearest class in the table decides; what is not in it is our fault."""
    known = (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return next(known, HTTPStatus.INTERNAL_SERVER_ERROR)


def problem_document(error: errors.DepotError) -> dict[str, Any]:
    """{type, title, status, detail, code, requestId, errors[] {path, message}}."""
    fields = error.errors if isinstance(error, errors.Invalid) else ()
    return {
        "type": f"urn:plugin-depot:problem:{error.code}",
        "title": error.code.replace("_", " ").capitalize(),
        "status": int(status_of(error)),
        "detail": error.message,
        "code": error.code,
        "requestId": request().id,
        "errors": [{"path": one.path, "message": one.message} for one in fields],
    }


def answer_problem(error: Exception) -> Response[str]:
    """The answer to any error; one that nobody foresaw is kept for the log and tells the caller nothing."""
    known = _as_depot_error(error)
    note_refusal(known)
    if request().plain_problems:
        return Response(status_of(known), content_type=PLAIN, body=f"{known.message}\n", headers=_headers(known))
    document = problem_document(known)
    body = json.dumps(document, ensure_ascii=False)
    return Response(document["status"], content_type=MEDIA_TYPE, body=body, headers=_headers(known))


def _as_depot_error(error: Exception) -> errors.DepotError:
    if isinstance(error, RequestValidationError):
        return invalid_request(error.errors())
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        request().error = error
    if isinstance(error, errors.DepotError) and any(kind in STATUS for kind in type(error).__mro__):
        return error
    return _Unforeseen()


class _Unforeseen(errors.DepotError):
    code = "internal"

    def __init__(self) -> None:
        super().__init__("Something went wrong on our side; the request id finds it in the logs.")


def invalid_request(found: Sequence[Mapping[str, Any]]) -> errors.Invalid:
    """What pydantic found, field by field; `loc` starts with where the field was (body, query, path)."""
    fields = [errors.FieldError(_path(one["loc"]), _message(one)) for one in found]
    summary = "; ".join(f"{one.path}: {one.message}" for one in fields[:3])
    return errors.Invalid(summary, fields)


def _path(loc: Sequence[str | int]) -> str:
    place, *names = loc
    if place == "query" and len(names) > 1:
        names = names[1:]  # a query model's own name is no part of what the caller wrote
    return ".".join(map(str, names)) or str(place)


def _message(found: Mapping[str, Any]) -> str:
    if found["type"] == "extra_forbidden":
        return "is not a known field"
    return str(found["msg"]).removeprefix("Value error, ")


def _headers(error: errors.DepotError) -> dict[str, str | list[str]]:
    if isinstance(error, errors.Unauthenticated):
        return {"WWW-Authenticate": request().challenge}
    if isinstance(error, MethodNotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    if isinstance(error, errors.RateLimited):
        return {"Retry-After": str(math.ceil(error.retry_after))}
    if isinstance(error, errors.Retryable):
        return {"Retry-After": "1"}
    return {}
