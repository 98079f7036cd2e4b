"""The answers that operations share, written once and referred to."""

from http import HTTPStatus
from typing import Any, Final

Json = dict[str, Any]

ADMITTED: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
WITH_BODY: Final = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

_WORDS: Final = {
    HTTPStatus.BAD_REQUEST: "The request is wrong; `errors` names each field.",
    HTTPStatus.UNAUTHORIZED: "Nobody we know is asking.",
    HTTPStatus.FORBIDDEN: "`missing_capability` in the org, or `missing_role` on the resource.",
    HTTPStatus.NOT_FOUND: "Unknown, foreign or hidden.",
    HTTPStatus.CONFLICT: "The state of things does not allow it.",
    HTTPStatus.PRECONDITION_FAILED: "If-Match names an older state.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Beyond a documented limit.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is in another format.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The Idempotency-Key was used with another request.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Our fault; the request id finds it in the logs.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not now; repeat it after `Retry-After` seconds.",
}
_PROBLEM: Final[Json] = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}

HEADERS: Final[Json] = {
    "RequestId": {"description": "Finds this request in the logs.", "schema": {"type": "string"}},
    "ETag": {"description": "Names this state.", "schema": {"type": "string"}},
    "Location": {"description": "Where to find it.", "schema": {"type": "string"}},
}


def shared_responses() -> Json:
    """What `refer` refers to."""
    problems = {
        _name(status): {"description": text, "headers": _headers(), "content": _PROBLEM}
        for status, text in _WORDS.items()
    }
    unchanged = {"description": "The caller has this state.", "headers": _headers("ETag")}
    return problems | {_name(HTTPStatus.NOT_MODIFIED): unchanged}


def refer(status: HTTPStatus) -> Json:
    return {"$ref": f"#/components/responses/{_name(status)}"}


def of_all_items(status: HTTPStatus, schema: Json) -> Json:
    """Either the whole request was refused, or every item of it for the same kind of reason."""
    content = _PROBLEM | {"application/json": {"schema": schema}}
    return {"description": _WORDS[status], "headers": _headers(), "content": content}


def plain(status: HTTPStatus) -> Json:
    """A refusal in plain text, for clients that print it to people."""
    content = {"text/plain": {"schema": {"type": "string"}}}
    return {"description": _WORDS[status], "headers": _headers(), "content": content}


def success(status: int, schema: Json | None) -> Json:
    """What is not JSON has no schema: archives by redirect, git's protocol, the page."""
    found = status in (HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.FOUND)
    named = ["Location"] if found else []
    named += ["ETag"] if schema is not None and status == HTTPStatus.OK else []
    answer: Json = {"description": HTTPStatus(status).phrase, "headers": _headers(*named)}
    return answer if schema is None else answer | {"content": {"application/json": {"schema": schema}}}


def _headers(*names: str) -> Json:
    refs = {name.lower(): {"$ref": f"#/components/headers/{name}"} for name in names}
    return {"x-request-id": {"$ref": "#/components/headers/RequestId"}, **refs}


def _name(status: HTTPStatus) -> str:
    return status.phrase.title().replace(" ", "")
