"""POST /api/webhooks/connectors/{connector}: the public door, which lets in nothing unsigned.

Loads the standard library at start; AWS clients and everything behind them wait for the first signed delivery.
"""

import base64
import json
import time
from collections.abc import Mapping
from typing import Any, Final

from shared.bootstrap import services
from shared.bootstrap.occasions import by_system, take_up
from shared.domain.errors import (
    DepotError,
    Invalid,
    NotFound,
    Retryable,
    TooLarge,
    Unauthenticated,
    Unconfigured,
    UnsupportedMedia,
)
from shared.observability import Metric, log_metrics
from shared.services.webhooks import Receipt

Answer = dict[str, Any]

_MAX_BODY: Final = 34 * 1024 * 1024
"""Characters: 25 MiB, the largest webhook there is, in base64."""

_STATUS: Final[Mapping[type[DepotError], int]] = {
    Invalid: 400,
    Unauthenticated: 401,
    NotFound: 404,
    TooLarge: 413,
    UnsupportedMedia: 415,
    Retryable: 503,
    Unconfigured: 503,
}


def handler(event: Mapping[str, Any], _context: object) -> Answer:
    """An HTTP API event (payload 2.0) in, a JSON answer out; GitHub shows it in its list of deliveries."""
    started = time.perf_counter()
    request_id = event["requestContext"]["requestId"]
    take_up(by_system("webhook", "receiveWebhook", request_id))
    answer, cause = _answer(event)
    answer["headers"]["x-request-id"] = request_id
    log_metrics(
        "webhook",
        services().settings.stage,
        services().mint.now(),
        [Metric("WebhookRefused" if answer["statusCode"] == 401 else "WebhookDeliveries", 1)],
        request_id=request_id,
        status=answer["statusCode"],
        ms=round((time.perf_counter() - started) * 1000, 1),
        delivery_id=event.get("headers", {}).get("x-github-delivery", "")[:64],
        **({"cause": cause} if cause else {}),
    )
    return answer


def _answer(event: Mapping[str, Any]) -> tuple[Answer, str]:
    """The answer, and for an unforeseen error its cause, which is for the log alone."""
    try:
        return _accepted(_receive(event)), ""
    except DepotError as error:
        return _refused(error), ""
    except Exception as error:  # noqa: BLE001  # the edge: the sender shows it as failed, a sweep repairs it
        return _json(503, {"ok": False, "error": "not available at the moment"}), f"{type(error).__name__}: {error}"


def _receive(event: Mapping[str, Any]) -> Receipt:
    connector = (event.get("pathParameters") or {}).get("connector", "")
    return services().webhooks.receive(connector, event.get("headers", {}), _raw_body(event))


def _raw_body(event: Mapping[str, Any]) -> bytes:
    """The bytes that were signed: API Gateway hands binary and JSON bodies over in base64 alike."""
    body = event.get("body") or ""
    if len(body) > _MAX_BODY:
        raise TooLarge("The body is larger than any webhook.")
    if not event.get("isBase64Encoded"):
        return str(body).encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as error:
        raise Invalid.field("body", "is not the base64 that it claims to be") from error


def _accepted(receipt: Receipt) -> Answer:
    if receipt.reason is not None:
        return _json(200, {"ok": True, "accepted": False, "reason": receipt.reason})
    known = {"event": receipt.event, "deliveryId": receipt.delivery_id}
    return _json(202, {"ok": True, "accepted": True, **known, "queued": True})


def _refused(error: DepotError) -> Answer:
    """Why, in one line; which secret or byte was wrong is nobody's business."""
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    message = "invalid signature" if isinstance(error, Unauthenticated) else error.message
    return _json(status, {"ok": False, "error": message})


def _json(status: int, body: Mapping[str, object]) -> Answer:
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
