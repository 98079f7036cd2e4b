"""One HTTP exchange with GitHub: bounded, timed, retried in place, and followed only where a token may go."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from shared.connectors.github.answers import Answer, error_for, rate_limit_for
from shared.connectors.github.graphql import Json, answered, graphql_url_of, is_over_limit
from shared.domain.errors import Retryable
from shared.domain.source_errors import SourceTooBig, SourceUnavailable

API_VERSION: Final = "2022-11-28"
JSON: Final = "application/vnd.github+json"
MAX_BODY_BYTES: Final = 64 * 1024 * 1024  # a tree of 7 MB and a blob of 25 MiB both fit
_TIMEOUT: Final = Timeout(connect=3.0, read=10.0)
_RETRIES: Final = 2
_FIRST_PAUSE: Final = 0.5  # seconds; doubles, so that the pauses of one call stay below 1.5 in total
_MAX_REDIRECTS: Final = 3
_NOT_MODIFIED: Final = 304
_FOUND: Final = 302
_REDIRECTS: Final = frozenset({301, _FOUND, 303, 307, 308})
_SHUT: Final = frozenset({401, 403, 404, 410})
"""Of a link that was lent for minutes: says nothing of the repository, whose own address was answered."""


class Transport:
    """Speaks to one API base; `sleep` in seconds, `random` in [0, 1), `now` in seconds since 1970."""

    def __init__(
        self,
        api_url: str,
        *,
        sleep: Callable[[float], object],
        random: Callable[[], float],
        now: Callable[[], float],
        pool: PoolManager | None = None,
    ) -> None:
        self._base = api_url.rstrip("/")
        self._graphql_url = graphql_url_of(api_url)
        self._sleep, self._random, self._now = sleep, random, now
        self._pool = pool or PoolManager(retries=False)

    def call(
        self, method: str, path: str, *, token: str, accept: str = JSON, body: bytes | None = None, etag: str = ""
    ) -> Answer:
        """One good answer, whole; anything else raises what it means (see `answers`).

        With the `etag` of what the caller has, the answer may be a 304, which costs nothing of the rate limit.
        """
        headers = _headers(token, accept) | ({"If-None-Match": etag} if etag else {})
        with self._opened(method, self._base + path, headers, body) as response:
            return _read(response)

    def submit(self, path: str, form: Mapping[str, str]) -> Answer:
        """Post a form without a token: how an app speaks to the web site that people sign in at."""
        headers = _headers("", "application/json") | {"Content-Type": "application/x-www-form-urlencoded"}
        with self._opened("POST", self._base + path, headers, urlencode(form).encode()) as response:
            return _read(response)

    def query(self, body: bytes, *, token: str) -> Json:
        """The answer to one GraphQL query, its errors still in it but for those that tell of a rate limit."""
        with self._opened("POST", self._graphql_url, _headers(token, JSON), body) as response:
            answer = _read(response)
        told = answered(answer.body)
        if is_over_limit(told):
            raise rate_limit_for(answer, self._now())
        return told

    @contextmanager
    def stream(self, path: str, *, token: str) -> Iterator[BaseHTTPResponse]:
        """One good answer, its body yet unread."""
        with self._opened("GET", self._base + path, _headers(token, JSON), None) as response:
            yield response

    @contextmanager
    def _opened(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> Iterator[BaseHTTPResponse]:
        response = self._open(method, url, headers, body)
        try:
            if response.status >= 300 and not (response.status == _NOT_MODIFIED and "If-None-Match" in headers):
                raise error_for(_read(response), self._now())
            yield response
        except HTTPError as error:  # cut off or too slow while it was read
            raise Retryable("GitHub's answer broke off.") from error
        finally:
            response.close()

    def _open(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> BaseHTTPResponse:
        lent = False
        for _ in range(_MAX_REDIRECTS + 1):
            response = self._send(method, url, headers, body)
            location = response.headers.get("location")
            if lent and response.status in _SHUT:
                response.close()
                raise Retryable("GitHub's link to an archive does not open; a new one may.")
            if response.status not in _REDIRECTS or not location:
                return response
            response.close()
            lent = response.status == _FOUND
            url, headers = self._follow(url, location, headers)
        raise SourceUnavailable("GitHub redirected too often.")

    def _follow(self, url: str, location: str, headers: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
        target = urljoin(url, location)
        if urlsplit(target).scheme != urlsplit(self._base).scheme:
            raise SourceUnavailable("GitHub redirected to another scheme.")
        if _origin(target) == _origin(self._base):
            return target, headers
        # archives are served by another host, which must never be handed the installation's token
        return target, {name: value for name, value in headers.items() if name != "Authorization"}

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> BaseHTTPResponse:
        for attempt in range(_RETRIES + 1):
            last = attempt == _RETRIES
            try:
                response = self._pool.request(
                    method, url, headers=headers, body=body, timeout=_TIMEOUT, redirect=False,
                    retries=False, preload_content=False,
                )  # fmt: skip
            except HTTPError as error:
                if last:
                    raise Retryable("GitHub could not be reached.") from error
            else:
                if response.status < 500:
                    return response
                response.close()
                if last:
                    raise Retryable(f"GitHub answered {response.status}.")
            self._sleep(self._random() * _FIRST_PAUSE * 2**attempt)  # full jitter
        raise AssertionError("the last attempt returns or raises")


def _headers(token: str, accept: str) -> dict[str, str]:
    return ({"Authorization": f"Bearer {token}"} if token else {}) | {
        "Accept": accept,
        "User-Agent": "plugin-depot",
        "X-GitHub-Api-Version": API_VERSION,
    }


def _read(response: BaseHTTPResponse) -> Answer:
    body = response.read(MAX_BODY_BYTES + 1, decode_content=True)
    if len(body) > MAX_BODY_BYTES:
        raise SourceTooBig(f"GitHub's answer is larger than {MAX_BODY_BYTES} bytes.")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, headers, body)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)
