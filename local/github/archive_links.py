"""Signs the short-lived addresses that archives are downloaded from."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Final

LIFETIME: Final = 300  # seconds: https://docs.github.com/rest/repos/contents#download-a-repository-archive-tar


class ArchiveLinks:
    """Valid for five minutes and for one path; `now` in seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._key = now, secrets.token_bytes(32)

    def token(self, path: str) -> str:
        return self._sign(path, int(self._now()) + LIFETIME)

    def opens(self, path: str, token: str) -> bool:
        expires = token.partition("-")[0]
        if not (expires.isascii() and expires.isdigit() and self._now() < int(expires)):
            return False
        return hmac.compare_digest(token.encode(), self._sign(path, int(expires)).encode())

    def _sign(self, path: str, expires: int) -> str:
        mac = hmac.new(self._key, f"{expires}:{path}".encode(), hashlib.sha256)
        return f"{expires}-{mac.hexdigest()}"
