"""What every answer has in common: request id, validators, caching, HEAD."""

import hashlib
import json
from typing import Any, Final

from shared.domain.errors import TooLarge
from shared.http.etags import matches_any
from shared.http.request import Request

MAX_ANSWER: Final = 6 * 1024 * 1024 - 16 * 1024
"""Bytes of a body as Lambda hands it on, a JSON string: it takes answers of 6 MB with their headers."""

_ANY_ORIGIN: Final = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, OPTIONS",
    "access-control-allow-headers": "Authorization, Content-Type",
}


def require_fit(answer: dict[str, Any]) -> None:
    """Raises: TooLarge, rather than an error of the gateway's that tells nobody what to do."""
    body = answer.get("body") or ""
    # One character becomes six bytes at most; measuring is for those that may be too long.
    if len(body) * 6 > MAX_ANSWER and len(json.dumps(body, ensure_ascii=False).encode()) > MAX_ANSWER:
        raise TooLarge("This answer is larger than 6 MB; ask for less at once, such as a smaller `limit`.")


def finish(current: Request, answer: dict[str, Any]) -> dict[str, Any]:
    """Complete an answer's headers, and leave out a body that the caller has or did not ask for."""
    headers: dict[str, str] = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    headers.setdefault("x-content-type-options", "nosniff")
    headers["x-request-id"] = current.id
    # Answers differ by caller: shared caches keep nothing, a caller's own asks each time.
    headers.setdefault("cache-control", "private, no-cache" if answer["statusCode"] == 200 else "no-store")
    if current.any_origin:
        headers |= _ANY_ORIGIN
    answer["headers"] = headers
    if current.method in ("GET", "HEAD") and answer["statusCode"] == 200:
        _validate(current, answer)
    if current.method == "HEAD" or answer["statusCode"] == 304:
        answer |= {"body": "", "isBase64Encoded": False}
    return answer


def _validate(current: Request, answer: dict[str, Any]) -> None:
    """An answer without an ETag of its own is named by its bytes; one that the caller has is a 304."""
    headers = answer["headers"]
    if headers.get("content-type") == "application/json":
        headers.setdefault("etag", f'"{hashlib.sha256(answer["body"].encode()).hexdigest()[:32]}"')
    asked = current.headers.get("if-none-match")
    if asked and "etag" in headers and matches_any(asked, headers["etag"]):
        answer["statusCode"] = 304
        headers.pop("content-type", None)
