"""Decides who calls: verifies an app's JWTs and keeps the installation tokens that were given out.

Source: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
"""

import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import jwt
from jwt.types import Options

from local.github.wire import Refusal

TOKEN_LIFETIME: Final = 3_600
_MOST_AHEAD: Final = 600
_LETTERS: Final = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class App:
    """The registered app and its one installation; `public_key` is a PEM."""

    id: int
    public_key: str
    installation_id: int
    permissions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InstallationToken:
    """A token and its reach: `repository_ids` None means all of the installation's; times in seconds since 1970."""

    value: str
    expires_at: float
    permissions: Mapping[str, str]
    repository_ids: frozenset[int] | None

    def reaches(self, repository_id: int) -> bool:
        return self.repository_ids is None or repository_id in self.repository_ids


class Credentials:
    """What the callers may show; `now` in seconds since 1970."""

    def __init__(self, app: App, now: Callable[[], float]) -> None:
        self._app, self._now = app, now
        self._tokens: dict[str, InstallationToken] = {}

    def issue(self, permissions: Mapping[str, str], repository_ids: frozenset[int] | None) -> InstallationToken:
        value = "ghs_" + "".join(secrets.choice(_LETTERS) for _ in range(36))
        token = InstallationToken(value, self._now() + TOKEN_LIFETIME, permissions, repository_ids)
        self._tokens[value] = token
        return token

    def installation_token(self, value: str) -> InstallationToken:
        token = self._tokens.get(value)
        if token is None or token.expires_at <= self._now():
            raise Refusal(401, "Bad credentials", docs="")
        return token

    def verify_app(self, value: str) -> None:
        """Take a JWT as proof of being the app, or refuse it in GitHub's words."""
        claims = self._claims(value)
        now, issued, expires = self._now(), claims.get("iat"), claims.get("exp")
        if not isinstance(expires, int | float) or expires <= now:
            _refuse(
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at "
                "which the assertion expires"
            )
        elif expires > now + _MOST_AHEAD:
            _refuse("'Expiration time' claim ('exp') is too far in the future")
        if not isinstance(issued, int | float) or issued > now:
            _refuse("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
        if str(claims.get("iss")) not in {str(self._app.id), client_id(self._app.id)}:
            raise Refusal(404, "Integration not found", docs="")

    def _claims(self, value: str) -> dict[str, object]:
        unchecked: Options = {"verify_exp": False, "verify_iat": False, "verify_aud": False, "verify_iss": False}
        try:
            return dict(jwt.decode(value, self._app.public_key, algorithms=["RS256"], options=unchecked))
        except jwt.PyJWTError:
            raise Refusal(401, "A JSON web token could not be decoded", docs="") from None


def client_id(app_id: int) -> str:
    return f"Iv23li{app_id:014}"


def looks_like_a_jwt(value: str) -> bool:
    return value.count(".") == 2


def _refuse(message: str) -> None:
    raise Refusal(401, message, docs="")
