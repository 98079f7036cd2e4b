"""What was noticed about a source, without refusing it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """`code` is stable and documented; `path` is relative to the source's root; `line` counts from 1."""

    severity: Severity
    code: str
    message: str
    path: str
    line: int | None = None
