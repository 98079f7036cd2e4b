"""The functions behind one WSGI address, as API Gateway puts them behind one host."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from functions.admin.handler import handler as admin
from functions.delivery.handler import app as delivery_app
from functions.delivery.handler import handler as delivery
from functions.webhook.handler import handler as webhook
from tests.fixtures.http import Handler, http_event, read_answer

StartResponse = Callable[[str, list[tuple[str, str]]], object]


def gateway(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """A WSGI application: one request becomes one event, its answer one response."""
    # WSGI carries a path's bytes as Latin-1 text, already unquoted; the gateway hands on what was sent.
    path = environ.get("REQUEST_URI") or environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    url = f"{path.partition('?')[0]}?{environ.get('QUERY_STRING') or ''}"
    size = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(size) if size else None
    event = http_event(environ["REQUEST_METHOD"], url, body, _headers(environ))
    answer = read_answer(_function(event["rawPath"])(event, None))
    status = HTTPStatus(answer.status)
    start_response(f"{status.value} {status.phrase}", list(answer.headers.items()))
    return [answer.body]


def _function(path: str) -> Handler:
    if path.startswith("/api/webhooks/"):
        return webhook
    places = ((area, area.pattern.fullmatch(path)) for area in delivery_app.areas)
    is_delivery = any(place and area.module_of(place["segment"]) for area, place in places)
    return delivery if is_delivery else admin


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    named = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    kind = environ.get("CONTENT_TYPE")
    return named | ({"content-type": kind} if kind else {})
