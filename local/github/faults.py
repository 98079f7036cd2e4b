"""Lets a test or a person make the stand-in fail on purpose."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from local.github.wire import JSON_TYPE, Refusal, Response, over_limit_answer, refusal_answer

_MESSAGES: Final = {
    401: "Bad credentials",
    200: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    403: "API rate limit exceeded",
    404: "Not Found",
    429: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    500: "Server Error",
    502: "Server Error",
    503: "Service unavailable",
}


@dataclass(slots=True)
class Fault:
    """The next `times` requests whose path starts with `match` are late by `delay_ms`, then answered with `status`.

    A status of None answers truly, only late; 200 is how GraphQL refuses whoever is over a limit; 0 cuts the connection
    instead of answering. `cut_after` cuts it after so many bytes of a true answer's body.
    """

    match: str = ""
    status: int | None = 502
    times: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_ms: int = 0
    message: str = ""
    cut_after: int | None = None

    def answer(self) -> Response | None:
        if self.status is None or self.cut_after is not None:
            return None
        message = self.message or _MESSAGES.get(self.status, "Server Error")
        if self.status == 200:
            return replace(over_limit_answer(message), headers={**self.headers, "Content-Type": JSON_TYPE})
        return refusal_answer(Refusal(self.status, message, headers=self.headers))


class Faults:
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def take(self, path: str) -> Fault | None:
        """The first fault that this path meets, used up by one."""
        with self._lock:
            fault = next((each for each in self._waiting if path.startswith(each.match)), None)
            if fault is not None:
                fault.times -= 1
                self._waiting = [each for each in self._waiting if each.times > 0]
            return fault
