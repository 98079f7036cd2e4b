"""The deployment's signing key in AWS KMS: it signs releases, and says how anybody can check that."""

import base64
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from shared.domain.errors import Unconfigured

_COORDINATE: Final = 32
"""Bytes of a coordinate, and of either half of a signature, on the curve P-256."""


class SigningKey:
    """`key_id` is the ARN of an ECC_NIST_P256 key. Opens its client when it is first asked for."""

    def __init__(self, open_client: Callable[[], Any], key_id: str) -> None:
        self._open_client = open_client
        self._arn = key_id

    @cached_property
    def _client(self) -> Any:
        if not self._arn:
            raise Unconfigured("This deployment names no key to sign releases with.")
        return self._open_client()

    @property
    def key_id(self) -> str:
        return self._arn.rpartition("/")[2]

    def sign(self, payload: bytes) -> str:
        """A compact JWS (RFC 7515, ES256) with the payload in it; of at most some 2,900 bytes, as KMS takes 4,096."""
        header = json.dumps({"alg": "ES256", "kid": self.key_id}, separators=(",", ":")).encode()
        signed = f"{_base64url(header)}.{_base64url(payload)}"
        answer = self._client.sign(
            KeyId=self._arn, Message=signed.encode(), MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
        )
        return f"{signed}.{_base64url(_halves(answer['Signature']))}"

    @cached_property
    def public_key(self) -> Mapping[str, str]:
        """As a JSON Web Key (RFC 7517): read once, for a key of KMS never changes."""
        # A P-256 key in SubjectPublicKeyInfo ends in its uncompressed point: 04, x, y (RFC 5480).
        point = self._client.get_public_key(KeyId=self._arn)["PublicKey"][-2 * _COORDINATE :]
        x, y = _base64url(point[:_COORDINATE]), _base64url(point[_COORDINATE:])
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": self.key_id, "alg": "ES256", "use": "sig"}


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _halves(der: bytes) -> bytes:
    """r and s side by side, as JWS wants them (RFC 7518, 3.4), of KMS's DER: 30 len 02 len r 02 len s."""
    end_of_r = 4 + der[3]
    halves = der[4:end_of_r], der[end_of_r + 2 :]
    return b"".join(half.lstrip(b"\0").rjust(_COORDINATE, b"\0") for half in halves)
