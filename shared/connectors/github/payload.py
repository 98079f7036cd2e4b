"""Reads a webhook's JSON by the documented types: what is there must be right, or the delivery is refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from shared.domain.errors import Invalid

_SHA: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REF: Final = re.compile(r"refs/[^\x00-\x20\x7f\ud800-\udfff]{1,1000}")  # a lone surrogate cannot be stored
_MAX_TEXT: Final = 1_000
_MAX_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Payload:
    """One JSON object and its dotted place in the body; an absent part is an empty one."""

    members: Mapping[str, object]
    place: str = ""

    @classmethod
    def of(cls, value: object, place: str = "") -> Self:
        if not isinstance(value, dict):
            raise Invalid.field(place or "body", "is not an object")
        return cls(value, place)

    def part(self, name: str) -> "Payload":
        value = self.members.get(name)
        return Payload({} if value is None else Payload.of(value, self._at(name)).members, self._at(name))

    def required(self, name: str) -> "Payload":
        return Payload.of(self.members.get(name), self._at(name))

    def number(self, name: str) -> int | None:
        value = self.members.get(name)
        if value is None:
            return None
        if type(value) is not int or not 0 < value <= _MAX_ID:  # True is an int to isinstance
            raise self._wrong(name, "is not an id")
        return value

    def required_number(self, name: str) -> int:
        value = self.number(name)
        if value is None:
            raise self._wrong(name, "is missing")
        return value

    def text(self, name: str) -> str | None:
        value = self.members.get(name)
        if value is not None and not (isinstance(value, str) and len(value) <= _MAX_TEXT and value.isprintable()):
            raise self._wrong(name, "is not a short, printable string")
        return value

    def required_ref(self, name: str) -> str:
        return self._required_match(_REF, name, "is not a full ref")

    def required_sha(self, name: str) -> str:
        return self._required_match(_SHA, name, "is not a commit id")

    def flag(self, name: str) -> bool:
        value = self.members.get(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, "is not a boolean")
        return value

    def _required_match(self, shape: re.Pattern[str], name: str, problem: str) -> str:
        value = self.members.get(name)
        if not isinstance(value, str) or not shape.fullmatch(value):
            raise self._wrong(name, problem)
        return value

    def _wrong(self, name: str, problem: str) -> Invalid:
        return Invalid.field(self._at(name), problem)

    def _at(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name
