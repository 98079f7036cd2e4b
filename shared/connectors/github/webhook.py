"""GitHub's webhooks: the signature over the raw bytes, then the ids in the payload.

Standard library only: this is on the start path of the public function.
Source: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from shared.connectors.github.payload import Payload
from shared.domain.errors import Invalid, TooLarge, Unauthenticated, UnsupportedMedia
from shared.domain.webhook import Envelope

MAX_BODY_BYTES: Final = 25 * 1024 * 1024  # GitHub sends no larger payload
_DELIVERY: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_EVENT: Final = re.compile(r"[a-z0-9_]{1,64}")


def verify(headers: Mapping[str, str], raw_body: bytes, secrets: Sequence[str]) -> None:
    """Raise unless one of `secrets` (the current one and, while rotating, the previous) signed the body."""
    if len(raw_body) > MAX_BODY_BYTES:
        raise TooLarge(f"A webhook body is at most {MAX_BODY_BYTES} bytes.")
    scheme, _, signature = _header(headers, "x-hub-signature-256").partition("=")
    if scheme != "sha256":
        raise Unauthenticated("webhook_signature_missing")
    given = signature.encode(errors="replace")
    # every secret is tried, so that the time taken does not tell which one is in use
    matches = [hmac.compare_digest(_sign(secret, raw_body), given) for secret in secrets if secret]
    if not any(matches):
        raise Unauthenticated("webhook_signature_wrong")


def normalize(headers: Mapping[str, str], raw_body: bytes) -> Envelope:
    """The ids of a verified delivery; a push must say which branch of which repository moved where."""
    delivery_id = _matching(_DELIVERY, _header(headers, "x-github-delivery"), "X-GitHub-Delivery")
    event = _matching(_EVENT, _header(headers, "x-github-event"), "X-GitHub-Event")
    if _header(headers, "content-type").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMedia("Set the webhook's content type to application/json.")
    payload = Payload.of(_parse(raw_body))
    return _push(delivery_id, payload) if event == "push" else _generic(delivery_id, event, payload)


def _push(delivery_id: str, payload: Payload) -> Envelope:
    repository, head = payload.required("repository"), payload.required_sha("after")
    return Envelope(
        delivery_id=delivery_id,
        event="push",
        installation_id=payload.part("installation").number("id"),
        repository_id=repository.required_number("id"),
        repository_full_name=repository.text("full_name"),
        ref=payload.required_ref("ref"),
        before_sha=payload.required_sha("before"),
        head_sha=head,
        # A partial payload without the flag says it by its head: no commit has this id.
        deleted=payload.flag("deleted") or not head.strip("0"),
        forced=payload.flag("forced"),
        created=payload.flag("created"),
    )


def _generic(delivery_id: str, event: str, payload: Payload) -> Envelope:
    return Envelope(
        delivery_id=delivery_id,
        event=event,
        action=payload.text("action"),
        installation_id=payload.part("installation").number("id"),
        repository_id=payload.part("repository").number("id"),
        repository_full_name=payload.part("repository").text("full_name"),
        default_branch_changed="default_branch" in payload.part("changes").members,
    )


def _sign(secret: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()


def _parse(raw_body: bytes) -> object:
    try:
        return json.loads(raw_body)
    except (ValueError, RecursionError) as error:  # nesting that exhausts the stack is as malformed as bad JSON
        raise Invalid.field("body", "is not JSON") from error


def _matching(shape: re.Pattern[str], value: str, name: str) -> str:
    if not shape.fullmatch(value):
        raise Invalid.field(name, "is missing or not in GitHub's form")
    return value


def _header(headers: Mapping[str, str], name: str) -> str:
    """Header names arrive in lower case from API Gateway, in any case from elsewhere."""
    return headers.get(name) or next((value for key, value in headers.items() if key.lower() == name), "")
