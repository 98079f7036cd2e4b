"""Verifies the tokens that a company's identity provider issues.

Source: OpenID Connect Core 1.0, section 3.1.3.7; RFC 8725 (best current practices for JWTs)
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from urllib3 import PoolManager

from shared.domain.errors import Unauthenticated
from shared.identity.key_set import Jwk, KeySet

_LEEWAY: Final = 60  # seconds
_MAX_LENGTH: Final = 16 * 1024
_REQUIRED: Final = ("exp", "iat", "sub", "iss", "aud")
# Only signatures that a public key verifies, each with its key type: a shared secret, or `none`, proves nothing,
# and a public key must never be taken for one.
_KEY_TYPES: Final = {
    "RS256": ("RSA", None),
    "PS256": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "EdDSA": ("OKP", "Ed25519"),
}


@dataclass(frozen=True, slots=True)
class Claims:
    """Who the issuer says is asking. Only `issuer` and `subject` together name a person for good.

    `email` is None unless the issuer says that the person proved it: any other may be somebody else's. `groups` is
    None where the deployment follows none, or the token says nothing of them: that is not the same as no group.
    """

    issuer: str
    subject: str
    email: str | None = None
    name: str | None = None
    groups: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Which claims tell what; the defaults are OpenID Connect's own (Core 1.0, section 5.1).

    Entra ID, for one, keeps a person's stable id in `oid` and the proof of an address in `xms_edov`.
    """

    subject: str = "sub"
    email: str = "email"
    email_verified: str = "email_verified"
    name: str = "name"
    groups: str | None = None


_STANDARD: Final = ClaimNames()


def claim_names(spelled: str) -> ClaimNames:
    """From a deployment's setting, `{"subject": "oid", "emailVerified": "xms_edov"}`; what is left out is standard."""
    given: Mapping[str, str] = json.loads(spelled) if spelled else {}
    known = {"subject": "subject", "email": "email", "emailVerified": "email_verified", "name": "name"}
    return ClaimNames(**{known[name]: claim for name, claim in given.items()})


class OidcVerifier:
    """Verifies tokens of one issuer for one audience."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        *,
        now: Callable[[], float],
        jwks_url: str | None = None,
        names: ClaimNames = _STANDARD,
        pool: PoolManager | None = None,
    ) -> None:
        self._issuer, self._audience, self._names = issuer, audience, names
        self._keys = KeySet(issuer, jwks_url, pool or PoolManager(retries=False), now)

    def verify(self, token: str) -> Claims:
        """Who presents the token.

        `Unauthenticated` carries a code that shows nothing of the token (`token_expired`, …); `Retryable` means
        that the issuer's keys cannot be had.
        """
        algorithm, key_id = _header(token)
        payload = self._decode(token, algorithm, _fitting(self._keys.key(key_id), algorithm))
        subject = _text(payload.get(self._names.subject))
        if subject is None:
            raise Unauthenticated("token_claim_missing")
        proven = payload.get(self._names.email_verified) in (True, "true")
        email = _text(payload.get(self._names.email)) if proven else None
        groups = _texts(payload.get(self._names.groups)) if self._names.groups else None
        return Claims(self._issuer, subject, email, _text(payload.get(self._names.name)), groups)

    def _decode(self, token: str, algorithm: str, jwk: Jwk) -> Mapping[str, Any]:
        import jwt

        try:
            return jwt.decode(
                token,
                jwt.PyJWK(dict(jwk), algorithm),
                algorithms=[algorithm],
                audience=self._audience,
                issuer=self._issuer,
                leeway=_LEEWAY,
                options={"require": list(_REQUIRED), "enforce_minimum_key_length": True},
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(_reason(error)) from error


def _header(token: str) -> tuple[str, str]:
    """The algorithm and key id that a token names, neither yet to be believed."""
    import jwt

    if len(token) > _MAX_LENGTH:
        raise Unauthenticated("token_too_long")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, UnicodeError, RecursionError) as error:
        raise Unauthenticated("token_malformed") from error
    if header.get("alg") not in _KEY_TYPES:
        raise Unauthenticated("token_algorithm_refused")
    if not isinstance(header.get("kid"), str):
        raise Unauthenticated("token_key_unknown")
    return header["alg"], header["kid"]


def _fitting(jwk: Jwk, algorithm: str) -> Jwk:
    key_type, curve = _KEY_TYPES[algorithm]
    fits = (
        jwk.get("kty") == key_type
        and (curve is None or jwk.get("crv") == curve)
        and jwk.get("alg") in (None, algorithm)
        and jwk.get("use") in (None, "sig")
    )
    if not fits:
        raise Unauthenticated("token_algorithm_refused")
    return jwk


def _reason(error: Exception) -> str:
    import jwt

    reasons: Mapping[type[Exception], str] = {
        jwt.ExpiredSignatureError: "token_expired",
        jwt.ImmatureSignatureError: "token_not_yet_valid",
        jwt.InvalidIssuerError: "token_issuer_wrong",
        jwt.InvalidAudienceError: "token_audience_wrong",
        jwt.MissingRequiredClaimError: "token_claim_missing",
        jwt.InvalidSignatureError: "token_signature_wrong",
    }
    return next((reason for kind, reason in reasons.items() if isinstance(error, kind)), "token_malformed")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> frozenset[str] | None:
    """A list of texts, or one alone; what is anything else says nothing."""
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(one for one in value if isinstance(one, str)) if isinstance(value, list) else None
