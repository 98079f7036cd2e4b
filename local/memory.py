"""Remembers which steps of the set-up are done, so that a second run continues and repeats nothing."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from local.state import State

_Answer = TypeVar("_Answer")


class Memory:
    """The answers of the steps done so far, kept in the stack's folder under one name."""

    def __init__(self, state: State, name: str) -> None:
        self._state, self._name = state, name
        self._done: dict[str, Any] = state.read(name)

    def once(self, step: str, make: Callable[[], _Answer]) -> _Answer:
        """The answer of a step: the remembered one, else that of doing it now."""
        if step not in self._done:
            self._done[step] = make()
            self._state.write(self._name, self._done)
        answer: _Answer = self._done[step]
        return answer

    def get(self, step: str) -> Any:
        return self._done.get(step)

    def steps(self, prefix: str) -> list[str]:
        """The steps done so far whose names begin so."""
        return [step for step in self._done if step.startswith(prefix)]

    def drop(self, step: str) -> None:
        """Forget one step: what it made is gone."""
        del self._done[step]
        self._state.write(self._name, self._done)

    def forget(self) -> None:
        """Start over: what was remembered belongs to an org that is gone."""
        self._done = {}
        self._state.write(self._name, {})

    def key(self, step: str) -> str:
        """An idempotency key: stopping between the request and its record must not make anything twice."""
        return hashlib.sha256(f"{self._done.get('organization')} {step}".encode()).hexdigest()[:32]
