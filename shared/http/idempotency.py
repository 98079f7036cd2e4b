"""`Idempotency-Key`: a creation that is sent again is answered as the first time, not done again."""

import json
import re
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

from shared.bootstrap import services
from shared.domain.errors import DepotError, Invalid, Unanswered
from shared.http.actor import actor
from shared.http.answers import JSON
from shared.http.request import Request, request
from shared.http.routes import to_json

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


def idempotent(app: Any, following: NextMiddleware) -> Response[Any]:
    """Route middleware: `@routes.post("/plugins", middlewares=[idempotent])`.

    A refusal changed nothing, so the key is free again; after an error that nobody foresaw, or when AWS did not
    answer, it stays reserved for half a minute, because something may have been written.
    """
    key = request().headers.get("idempotency-key")
    if key is None:
        return following(app)
    if not _KEY.fullmatch(key):
        raise Invalid.field("Idempotency-Key", "use 1 to 255 visible ASCII characters")
    kept = services().idempotency.start(actor(), key, _fingerprint(request()))
    if kept is not None and kept.status is not None:
        return _replayed(kept.status, kept.body)
    return _first(app, following, key)


def _first(app: Any, following: NextMiddleware, key: str) -> Response[Any]:
    try:
        answer = following(app)
    except Unanswered:
        raise
    except DepotError:
        services().idempotency.release(actor(), key)
        raise
    kept = to_json({"headers": answer.headers, "body": answer.body})
    services().idempotency.finish(actor(), key, answer.status_code, kept)
    return answer


def _replayed(status: int, kept: str) -> Response[Any]:
    answer = json.loads(kept)
    return Response(status, JSON, answer["body"], {**answer["headers"], "Idempotent-Replayed": "true"})


def _fingerprint(current: Request) -> bytes:
    """The same key for another request is a mistake: method, path, query and body make a request."""
    path = current.path.removeprefix(current.base)
    query = repr(sorted(current.query.items())) if current.query else ""
    return b"\x00".join([current.method.encode(), (path + query).encode(), current.body])
