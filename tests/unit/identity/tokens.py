"""Tokens as an issuer would sign them, and as an attacker would."""

import base64
import json
import time
from typing import Any

import jwt

from tests.unit.identity.conftest import AUDIENCE, private_key

ISSUER = "https://id.acme.test"


def claims(**changes: object) -> dict[str, Any]:
    """Valid claims; a change to None leaves one out."""
    at = int(time.time())
    valid = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u-1", "iat": at, "exp": at + 300}
    return {name: value for name, value in (valid | changes).items() if value is not None}


def token(algorithm: str = "RS256", kid: str | None = None, **changes: object) -> str:
    headers = {"kid": kid or algorithm}
    return jwt.encode(claims(**changes), private_key(algorithm), algorithm=algorithm, headers=headers)


def forged(header: dict[str, object], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims()).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
