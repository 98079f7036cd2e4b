"""Reads JSON that strangers wrote: comments forgiven, depth bounded, repeated keys noted."""

import json
import math
import re
from collections import Counter
from dataclasses import dataclass

from shared.domain.config_types.values import JSON

MAX_DEPTH = 64
# An unclosed string or comment runs to the end, so that no text is scanned twice.
_TOKENS = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*"?)|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*"?)|,(?=\s*[\]}])')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class NotJson(Exception):
    """The text is no JSON; `line` counts from 1 where the parser gave up."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


@dataclass(frozen=True, slots=True)
class Loaded:
    value: JSON
    repeated: tuple[str, ...]
    has_comments: bool


def load(text: str) -> Loaded:
    """Read `text`, as JSON or else as JSON with comments and trailing commas. Raises NotJson."""
    try:
        return _load(text, has_comments=False)
    except NotJson as error:
        plain = _TRAILING_COMMA.sub(_string_or_nothing, _TOKENS.sub(_string_or_blank, text))
        if plain == text:
            raise
        try:
            return _load(plain, has_comments=True)
        except NotJson:
            raise error from None


def render(value: JSON) -> bytes:
    """The one spelling of a value: two spaces, keys in their order, a final line feed."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _load(text: str, *, has_comments: bool) -> Loaded:
    repeated: list[str] = []

    def collect(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
        entries = dict(pairs)
        if len(entries) < len(pairs):
            times = Counter(key for key, _ in pairs)
            repeated.extend(key for key in entries if times[key] > 1)
        return entries

    try:
        value: JSON = json.loads(text, object_pairs_hook=collect, parse_constant=_refuse, parse_float=_finite)
        if _SURROGATE.search(text):
            # Half a surrogate pair is text that no encoding can write.
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        raise NotJson(error.msg, error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise NotJson("a number or a nesting that is out of bounds") from error
    _check_depth(value, 1)
    return Loaded(value, tuple(repeated), has_comments)


def _check_depth(value: JSON, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise NotJson(f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _check_depth(item, depth + 1)


def _refuse(constant: str) -> JSON:
    raise ValueError(constant)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number


def _string_or_blank(found: re.Match[str]) -> str:
    """Comments leave their line feeds behind: a problem's line stays the source's."""
    return found[1] or "\n" * found[0].count("\n") or " "


def _string_or_nothing(found: re.Match[str]) -> str:
    return found[1] or ""
