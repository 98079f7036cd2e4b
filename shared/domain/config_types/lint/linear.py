"""Patterns that are looked for in every byte of every file: compiled to automata, in time linear in the text."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re2


@cache
def linear(pattern: bytes) -> re2._Regexp[bytes]:
    """A pattern over bytes."""
    # Most functions never parse: they should not pay for the import at start.
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(pattern, options)
