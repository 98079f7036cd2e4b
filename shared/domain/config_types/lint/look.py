"""A text file under the lens, and what a look at it found."""

from dataclasses import dataclass
from typing import NamedTuple

from shared.domain.config_types.codes import Code


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file's UTF-8 bytes, with its `path` in the source and whether it is its unit's entry."""

    path: str
    data: bytes
    is_entry: bool

    def line(self, at: int) -> int:
        """The line, from 1, of the byte at `at`."""
        return self.data.count(b"\n", 0, at) + 1


class Finding(NamedTuple):
    """`at` is the byte where it starts; `detail` never repeats a secret."""

    code: Code
    at: int
    detail: str = ""
