"""What GitHub's status codes and headers mean for a sync.

Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.errors import DepotError, RateLimited, Retryable
from shared.domain.source_errors import (
    BranchMissing,
    SourceEmpty,
    SourceForbidden,
    SourceNotFound,
    SourceUnavailable,
)

_SECONDARY_WAIT: Final = 60.0  # "wait for at least one minute", when a limit names no time
_LONGEST_WAIT: Final = 3_600.0


class TokenRefused(SourceForbidden):
    """The token is expired or revoked, or the app's own credentials are wrong."""


_PERMANENT: Final[Mapping[int, tuple[type[SourceUnavailable], str]]] = {
    401: (TokenRefused, "GitHub refused the credentials; check the app's id and private key."),
    403: (SourceForbidden, "GitHub refused; the installation is suspended or lacks a permission."),
    404: (SourceNotFound, "GitHub shows no such repository to this installation."),
    409: (SourceEmpty, "The repository has no commit yet."),
    410: (SourceNotFound, "The repository is gone."),
    422: (BranchMissing, "GitHub knows no such branch or commit in this repository."),
    451: (SourceForbidden, "The repository is blocked for legal reasons."),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A read answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def error_for(answer: Answer, now: float) -> DepotError:
    """The error that an answer of 300 or more stands for; `now` in seconds since 1970."""
    if answer.status >= 500 or answer.status == 408:
        return Retryable(f"GitHub answered {answer.status}.")
    if _is_rate_limit(answer):
        return rate_limit_for(answer, now)
    kind, message = _PERMANENT.get(answer.status, (SourceUnavailable, f"GitHub answered {answer.status}."))
    return kind(message)


def rate_limit_for(answer: Answer, now: float) -> RateLimited:
    """For an answer that says, in whichever way, that a limit is reached."""
    return RateLimited("GitHub's rate limit is reached.", _wait(answer.headers, now))


def _is_rate_limit(answer: Answer) -> bool:
    if answer.status == 429:
        return True
    limited = "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"
    return answer.status == 403 and (limited or b"rate limit" in answer.body[:2_000].lower())


def _wait(headers: Mapping[str, str], now: float) -> float:
    """Seconds to wait, in GitHub's order: `retry-after`, then the reset, then at least a minute."""
    seconds = _number(headers.get("retry-after"))
    if seconds is None and headers.get("x-ratelimit-remaining") == "0":
        reset = _number(headers.get("x-ratelimit-reset"))
        seconds = None if reset is None else reset - now
    return _SECONDARY_WAIT if seconds is None else min(max(seconds, 1.0), _LONGEST_WAIT)


def _number(value: str | None) -> float | None:
    return float(value) if value is not None and value.isascii() and value.isdigit() else None
