"""An issuer's public keys: fetched when needed, kept for ten minutes, and used a while longer when it is down."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from shared.domain.errors import Retryable, Unauthenticated

Jwk = Mapping[str, Any]

_TTL: Final = 600.0  # seconds
_STALE: Final = 86_400.0  # how long an unreachable issuer's last keys are trusted
_PAUSE: Final = 60.0  # anyone may send an unknown key id; that must not turn into a call per request
_TIMEOUT: Final = Timeout(connect=2.0, read=3.0)
_MAX_BYTES: Final = 512 * 1024
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class KeySet:
    """The keys of one issuer, by key id; `now` in seconds, from any fixed point.

    Without `jwks_url` it is discovered (OpenID Connect Discovery 1.0, section 4).
    """

    def __init__(self, issuer: str, jwks_url: str | None, pool: PoolManager, now: Callable[[], float]) -> None:
        self._issuer, self._pool, self._now = issuer, pool, now
        self._jwks_url = jwks_url
        self._keys: Mapping[str, Jwk] = {}
        self._fetched_at = self._tried_at = float("-inf")

    def key(self, key_id: str) -> Jwk:
        """The key with that id; `Unauthenticated` if there is none, `Retryable` if that cannot be known now."""
        age = self._now() - self._fetched_at
        if key_id not in self._keys or age >= _TTL:
            self._refresh()
        if self._now() - self._fetched_at >= _STALE:
            raise Retryable("The identity provider's keys cannot be fetched.")
        if key_id not in self._keys:
            raise Unauthenticated("token_key_unknown")
        return self._keys[key_id]

    def _refresh(self) -> None:
        if self._now() - self._tried_at < _PAUSE:
            return
        self._tried_at = self._now()
        try:
            self._keys = _by_id(self._get(self._jwks_url or self._discovered_url()))
        except (HTTPError, ValueError, KeyError, TypeError, AttributeError):
            return  # the keys at hand serve on; `key` says so when they are too old
        self._fetched_at = self._now()

    def _discovered_url(self) -> str:
        answer = self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if answer["issuer"] != self._issuer:
            raise ValueError("the discovery document speaks for another issuer")
        return str(answer["jwks_uri"])

    def _get(self, url: str) -> Mapping[str, Any]:
        if not is_safe(url):
            raise ValueError("keys must come over https")
        response = self._pool.request(
            "GET", url, timeout=_TIMEOUT, redirect=False, retries=False, preload_content=False
        )
        try:
            body = response.read(_MAX_BYTES + 1, decode_content=True)
        finally:
            response.close()
        if response.status != 200 or len(body) > _MAX_BYTES:
            raise ValueError("no usable answer")
        answer: Mapping[str, Any] = json.loads(body)
        return answer


def _by_id(answer: Mapping[str, Any]) -> Mapping[str, Jwk]:
    keys = {key["kid"]: key for key in answer["keys"] if isinstance(key.get("kid"), str)}
    if not keys:
        raise ValueError("the issuer names no key")
    return keys


def is_safe(url: str) -> bool:
    """Keys from plain http could be anybody's; a laptop's own emulator is the exception."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
