"""The request being answered, as routes, problems and the log line see it."""

import base64
import binascii
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from shared.domain.access import Actor
from shared.domain.errors import DepotError, Invalid

if TYPE_CHECKING:
    from shared.services.authentication import Identity

Event = Mapping[str, Any]
"""An API Gateway HTTP API event, payload format 2.0."""

_SANE_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(slots=True)
class Request:
    """`headers` by lower-case name; `path` as it came, percent-encoded; `route` once it is known.

    `actor` is who asks in the org that the path names, `identity` who asks where it names none.
    `challenge` is what a 401 of this place says about signing in (RFC 9110 §11.6.1); `plain_problems` says that
    the caller shows a refusal as it comes, so it is told in words alone; `any_origin` that pages may read the answer.
    `refusals` are those for the audit trail.
    """

    id: str
    gateway_id: str
    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    challenge: str = 'Bearer realm="Plugin Depot"'
    plain_problems: bool = False
    any_origin: bool = False
    base: str = ""
    base_template: str = ""
    body: bytes = field(default=b"", repr=False)
    route: str | None = None
    actor: Actor | None = None
    identity: "Identity | None" = None
    error: BaseException | None = None
    refusals: list[DepotError] = field(default_factory=list)

    @classmethod
    def of(cls, event: Event) -> "Request":
        context = event.get("requestContext", {})
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        gateway_id = str(context.get("requestId", "unknown"))
        return cls(
            id=_sane(headers.get("x-request-id")) or gateway_id,
            gateway_id=gateway_id,
            method=str(context.get("http", {}).get("method", "GET")).upper(),
            path=_path(event),
            headers=headers,
            query=event.get("queryStringParameters") or {},
        )


def body_of(event: Event) -> bytes:
    """The raw body; gateways encode what they take for binary, JSON too. Raises: Invalid for broken base64."""
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body).encode("utf-8", errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid.field("body", "is not valid base64") from error


_current: ContextVar[Request] = ContextVar("request")


def request() -> Request:
    """The request being answered."""
    return _current.get()


def note_refusal(error: DepotError) -> None:
    """Remember what somebody in the org should hear of."""
    if error.audited_as is not None:
        request().refusals.append(error)


def begin(started: Request) -> None:
    _current.set(started)


def _path(event: Event) -> str:
    stage = event.get("requestContext", {}).get("stage", "$default")
    path = str(event.get("rawPath") or "/")
    return path.removeprefix(f"/{stage}") if stage != "$default" else path


def _sane(value: str | None) -> str | None:
    """A caller may name its request; nothing else than a plain word of moderate length gets into the logs."""
    return value if value and _SANE_ID.fullmatch(value) else None
