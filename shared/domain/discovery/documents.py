"""The small JSON files that discovery reads: manifests, and what is said in them about hooks and servers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types import json_guard
from shared.domain.config_types.values import JSON

LARGEST: Final = 1024 * 1024
"""Bytes of a document that is read: the marketplaces of several hundred plugins have a quarter of it."""


@dataclass(frozen=True, slots=True)
class Document:
    """`problem` says why there is no value. One with comments is read here, and refused by clients as broken."""

    value: JSON = None
    problem: str | None = None
    strict: bool = True

    @property
    def members(self) -> Mapping[str, JSON]:
        return self.value if isinstance(self.value, dict) else {}


Documents = Mapping[str, Document]
"""Read documents by path; a path that is not among them is not there, or was not read."""


def read_document(data: bytes) -> Document:
    """A byte order mark is no part of it (the official client strips it, too)."""
    try:
        loaded = json_guard.load(data.decode("utf-8-sig", "replace"))
    except json_guard.NotJson as error:
        return Document(problem=f"{error.problem}, line {error.line}" if error.line else error.problem)
    return Document(loaded.value, strict=not loaded.has_comments)
