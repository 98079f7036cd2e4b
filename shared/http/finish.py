"""What every answer has in common: request id, validators, caching, HEAD."""

import hashlib
from typing import Any

from shared.http.etags import matches_any
from shared.http.request import Request


def finish(current: Request, answer: dict[str, Any]) -> dict[str, Any]:
    """Complete an answer's headers, and leave out a body that the caller has or did not ask for."""
    headers: dict[str, str] = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    headers.setdefault("x-content-type-options", "nosniff")
    headers["x-request-id"] = current.id
    # Answers differ by caller: shared caches keep nothing, a caller's own asks each time.
    headers.setdefault("cache-control", "private, no-cache" if answer["statusCode"] == 200 else "no-store")
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
