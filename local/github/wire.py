"""The words of one HTTP exchange: what came in, what goes out, and how GitHub refuses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Final
from urllib.parse import urlencode

JSON_TYPE: Final = "application/json; charset=utf-8"
DOCS: Final = "https://docs.github.com/rest"


class Refusal(Exception):
    """An error answer in GitHub's shape: `{"message", "documentation_url", "status"}`.

    `docs` is the page below https://docs.github.com/rest, or None for the page of the route that refuses.
    """

    def __init__(
        self, status: int, message: str, *, docs: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.docs, self.headers = status, message, docs, headers or {}


def not_found() -> Refusal:
    return Refusal(404, "Not Found")


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `path` is still percent-encoded, `peer` is the caller's address."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Message
    body: bytes = b""
    peer: str = ""

    @property
    def target(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def header(self, name: str) -> str:
        return str(self.headers.get(name, ""))

    def accepts(self, media_type: str) -> bool:
        """Whether `application/vnd.github.<media_type>` is asked for, with or without `+json` or a version."""
        wanted = [part.partition(";")[0].strip() for part in self.header("Accept").split(",")]
        names = [name.removeprefix("application/vnd.github.").partition("+")[0] for name in wanted]
        return media_type in {name.removeprefix("v3.") for name in names}

    def json(self) -> dict[str, Any]:
        try:
            value = json.loads(self.body or b"{}")
        except ValueError as error:
            raise Refusal(400, "Problems parsing JSON") from error
        if not isinstance(value, dict):
            raise Refusal(400, "Body should be a JSON object")
        return value

    def number(self, name: str, default: int, most: int) -> int:
        """A positive number of the query; like GitHub, nonsense means the default."""
        text = self.query.get(name, "")
        return min(int(text), most) if text.isascii() and text.isdigit() and int(text) > 0 else default


@dataclass(frozen=True, slots=True)
class Response:
    """`cut_after`: the connection ends after so many bytes of the body, whatever length was promised."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None


def json_answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, body, {"Content-Type": JSON_TYPE, **(headers or {})})


def over_limit_answer(message: str) -> Response:
    """How GraphQL refuses whoever asks too much: with a 200."""
    return json_answer({"errors": [{"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": message}]})


def refusal_answer(refusal: Refusal, route_docs: str = "") -> Response:
    page = route_docs if refusal.docs is None else refusal.docs
    body = {
        "message": refusal.message,
        "documentation_url": f"{DOCS}/{page}" if page else DOCS,
        "status": str(refusal.status),
    }
    return json_answer(body, refusal.status, refusal.headers)
