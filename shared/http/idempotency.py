"""`Idempotency-Key`: a creation that is sent again is answered as the first time, not done again."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

from shared.bootstrap import services
from shared.domain.access import Actor, ActorKind
from shared.domain.errors import DepotError, Invalid, Unanswered
from shared.http.actor import actor, identity
from shared.http.answers import JSON
from shared.http.request import Request, request
from shared.http.routes import to_json

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


def idempotent(app: Any, following: NextMiddleware) -> Response[Any]:
    """Route middleware: `@routes.post("/plugins", middlewares=[idempotent])`.

    A refusal changed nothing, so the key is free again; after an error that nobody foresaw, or when AWS did not
    answer, it stays reserved for half a minute, because something may have been written.
    """
    return _answer(app, following, lambda body: body)


def idempotent_but_secret(app: Any, following: NextMiddleware) -> Response[Any]:
    """The same for what shows a secret once: a repetition finds the item with `secret: null`.

    Only the secret's hash is stored, so it must not lie in a kept answer either.
    """
    return _answer(app, following, _without_secret)


def _answer(app: Any, following: NextMiddleware, keep: Callable[[Any], Any]) -> Response[Any]:
    key = request().headers.get("idempotency-key")
    if key is None:
        return following(app)
    if not _KEY.fullmatch(key):
        raise Invalid.field("Idempotency-Key", "use 1 to 255 visible ASCII characters")
    kept = services().idempotency.start(_caller(), key, _fingerprint(request()))
    if kept is not None and kept.status is not None:
        return _replayed(kept.status, kept.body)
    return _first(app, following, key, keep)


def _first(app: Any, following: NextMiddleware, key: str, keep: Callable[[Any], Any]) -> Response[Any]:
    try:
        answer = following(app)
    except Unanswered:
        raise
    except DepotError:
        services().idempotency.release(_caller(), key)
        raise
    kept = to_json({"headers": answer.headers, "body": keep(answer.body)})
    services().idempotency.finish(_caller(), key, answer.status_code, kept)
    return answer


def _without_secret(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "item": {**body["item"], "secret": None}}


def _caller() -> Actor:
    """Whose key it is; outside of any org, that of the person."""
    if request().actor is not None:
        return actor()
    person = identity().person
    name = f"{person.issuer}#{person.subject}" if person else identity().subject
    return Actor(ActorKind.MEMBER, "none", name)


def _replayed(status: int, kept: str) -> Response[Any]:
    answer = json.loads(kept)
    return Response(status, JSON, answer["body"], {**answer["headers"], "Idempotent-Replayed": "true"})


def _fingerprint(current: Request) -> bytes:
    """The same key for another request is a mistake: method, path, query and body make a request."""
    path = current.path.removeprefix(current.base)
    query = repr(sorted(current.query.items())) if current.query else ""
    return b"\x00".join([current.method.encode(), (path + query).encode(), current.body])
