"""Proves to GitHub that we are the app, and keeps the short-lived tokens that it gives in return.

Source: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from shared.connectors.github.transport import Transport
from shared.domain.errors import Retryable, Unconfigured
from shared.domain.source_errors import BranchMissing, SourceNotFound

_CLOCK_DRIFT: Final = 60  # seconds that our clock may be ahead of GitHub's
_LIFETIME: Final = 9 * 60  # GitHub refuses more than ten minutes
_REUSE: Final = 4 * 60  # leaves a JWT minutes to live, and a new key as long to be noticed
_REFRESH_EARLY: Final = 5 * 60  # a token must outlive the slowest chain of calls that starts with it
_PERMISSIONS: Final = {"contents": "read", "metadata": "read"}
_FINDING: Final = {"permissions": {"metadata": "read"}}


class AppIdentity:
    """The app's own credentials; the private key (PEM) is loaded at the first need."""

    def __init__(self, app_id: str, load_key: Callable[[], str], now: Callable[[], float]) -> None:
        self._app_id, self._load_key, self._now = app_id, load_key, now
        self._signed, self._signed_at = "", 0

    def token(self) -> str:
        """A JWT that speaks for the app for some minutes; a sweep over many repositories signs one, not many."""
        at = int(self._now())
        if not self._signed or at >= self._signed_at + _REUSE:
            self._signed, self._signed_at = self._sign(at), at
        return self._signed

    def _sign(self, at: int) -> str:
        import jwt  # brings cryptography, 40 ms that only a token exchange should pay

        claims = {"iss": self._app_id, "iat": at - _CLOCK_DRIFT, "exp": at + _LIFETIME}
        try:
            return jwt.encode(claims, self._load_key(), algorithm="RS256")  # reading the key takes longer than signing
        except jwt.InvalidKeyError as error:
            raise Unconfigured("The GitHub App's secret holds no RSA private key in PEM form.") from error


@dataclass(frozen=True, slots=True)
class _Issued:
    value: str = field(repr=False)  # a repr ends up in logs
    expires_at: float
    node_id: str = ""


class InstallationTokens:
    """Tokens that read one repository of one installation and can do nothing else, kept in memory only.

    Repository 0 stands for a token that only finds repositories by name: metadata of all, content of none.
    """

    def __init__(self, transport: Transport, app: AppIdentity, now: Callable[[], float]) -> None:
        self._transport, self._app, self._now = transport, app, now
        self._issued: dict[tuple[int, int], _Issued] = {}

    def token(self, installation_id: int, repository_id: int) -> str:
        return self._current(installation_id, repository_id).value

    def node_id(self, installation_id: int, repository_id: int) -> str:
        """What GraphQL calls the repository: said with each token for one, so it costs no call. Empty if it was not."""
        return self._current(installation_id, repository_id).node_id

    def _current(self, installation_id: int, repository_id: int) -> _Issued:
        issued = self._issued.get((installation_id, repository_id))
        if issued is None or issued.expires_at - _REFRESH_EARLY <= self._now():
            issued = self._issue(installation_id, repository_id)
            self._issued[installation_id, repository_id] = issued
        return issued

    def forget(self, installation_id: int, repository_id: int) -> None:
        """Drop a token that GitHub no longer takes."""
        self._issued.pop((installation_id, repository_id), None)

    def _issue(self, installation_id: int, repository_id: int) -> _Issued:
        wanted = {"repository_ids": [repository_id], "permissions": _PERMISSIONS} if repository_id else _FINDING
        path = f"/app/installations/{installation_id}/access_tokens"
        try:
            answer = self._transport.call("POST", path, token=self._app.token(), body=json.dumps(wanted).encode())
        except BranchMissing as error:  # here 422 means a repository outside the installation
            raise SourceNotFound("The repository is not within the installation's reach.") from error
        return _parse(answer.body)


def _parse(body: bytes) -> _Issued:
    try:
        granted = json.loads(body)
        expires_at = datetime.fromisoformat(granted["expires_at"]).timestamp()
        reached = granted.get("repositories") or [{}]
        return _Issued(str(granted["token"]), expires_at, str(reached[0].get("node_id", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        # without its cause: the message of a JSON error may quote the token
        raise Retryable("GitHub's token answer cannot be read.") from None
