"""Reads typed values out of frontmatter, noting each that has another shape than its meaning asks for."""

import math
import re
from collections.abc import Mapping

from shared.domain.config_types.codes import Code
from shared.domain.config_types.values import JSON
from shared.domain.diagnostics import Diagnostic

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0"}
# Bounded inside the brackets, so that a row of opening ones cannot make the search quadratic.
_LISTED = re.compile(r"(?:\([^()]{0,500}\)|\{[^{}]{0,500}\}|[^\s,(){}])+")


class Fields:
    """One file's frontmatter. A method gives None for a key that is absent or has another shape."""

    def __init__(self, values: Mapping[str, JSON], path: str) -> None:
        self._values = values
        self._path = path
        self.diagnostics: list[Diagnostic] = []

    def raw(self, key: str) -> JSON:
        return self._values.get(key)

    def keys(self) -> set[str]:
        return set(self._values)

    def text(self, key: str) -> str | None:
        """A string; a list of strings is joined by commas."""
        value = self._values.get(key)
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            self._note(key, "a list where text is expected")
            value = ", ".join(str(item) for item in value)
        if isinstance(value, list | dict):
            self._note(key, "not text")
            return None
        return str(value).strip() or None if value is not None else None

    def hint(self, key: str) -> str | None:
        """A hint such as `[file]`, which YAML takes for a list: shown as it was meant."""
        value = self._values.get(key)
        if isinstance(value, list):
            return f"[{', '.join(str(item) for item in value)}]"
        return self.text(key)

    def flag(self, key: str) -> bool | None:
        """A YAML 1.1 boolean, whichever way it is spelled."""
        value = self._values.get(key)
        word = str(value).lower()
        if word in _TRUE | _FALSE:
            return word in _TRUE
        if value is not None:
            self._note(key, "neither true nor false")
        return None

    def number(self, key: str) -> int | float | None:
        value = self._values.get(key)
        try:
            number = float(str(value)) if value is not None else None
        except ValueError:
            number = math.nan
        if number is not None and not math.isfinite(number):
            self._note(key, "not a number")
            return None
        return int(number) if number is not None and number.is_integer() else number

    def names(self, key: str) -> list[JSON] | None:
        """A list of names, written as one, as `a, b(c d)`, or as a map whose enabled keys count."""
        value = self._values.get(key)
        if isinstance(value, str):
            return list(_LISTED.findall(value))
        if isinstance(value, dict):
            return [name for name, on in value.items() if str(on).lower() not in _FALSE]
        if isinstance(value, list):
            return [item for item in value if isinstance(item, str)]
        return None

    def _note(self, key: str, detail: str) -> None:
        self.diagnostics.append(Code.FIELD_SHAPE.at(self._path, f"{key} is {detail}"))
