"""Calls the stand-in as the app or as its installation would call GitHub."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from urllib3 import PoolManager

from local.github import GitHubStandIn

APP_ID = 12_345
INSTALLATION = 4_242_424
NOW = 1_700_000_000


class Clock:
    """A time that only a test moves; seconds since 1970."""

    def __init__(self) -> None:
        self.at = float(NOW)

    def __call__(self) -> float:
        return self.at


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    def __init__(self, github: GitHubStandIn, private_key: str) -> None:
        self._github, self._private_key = github, private_key
        self._pool = PoolManager(retries=False)

    def call(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: object = None) -> Answer:
        """One call; `path` may be a whole URL."""
        url = path if path.startswith("http") else self._github.url + path
        data = None if body is None else json.dumps(body).encode()
        sent = {"User-Agent": "tests", **(headers or {})}
        got = self._pool.request(method, url, body=data, headers=sent, redirect=False)
        return Answer(got.status, {name.lower(): value for name, value in got.headers.items()}, got.data)

    def app_jwt(self, **claims: object) -> str:
        standard = {"iss": str(APP_ID), "iat": NOW - 60, "exp": NOW + 540}
        return jwt.encode({**standard, **claims}, self._private_key, algorithm="RS256")

    def as_app(self, path: str, method: str = "GET", body: object = None) -> Answer:
        return self.call(method, path, {"Authorization": f"Bearer {self.app_jwt()}"}, body)

    def token(self, **limits: object) -> str:
        granted = self.as_app(f"/app/installations/{INSTALLATION}/access_tokens", "POST", limits)
        return str(granted.json["token"])

    def get(self, path: str, token: str = "", **headers: str) -> Answer:
        """Read as the installation; a header `If_None_Match` is sent as `If-None-Match`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("GET", path, {"Authorization": f"Bearer {token or self.token()}", **named})

    def control(self, path: str, body: object, method: str = "POST") -> Answer:
        return self.call(method, f"/_standin/{path}", {"X-Standin-Token": self._github.control_token}, body)

    def close(self) -> None:
        self._pool.clear()
