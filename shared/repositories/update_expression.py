"""An update of one row, as DynamoDB spells it."""

from collections.abc import Mapping
from typing import Any


class UpdateExpression:
    """An update expression, clause by clause."""

    def __init__(self) -> None:
        self._clauses: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def set(self, dotted: str, value: Mapping[str, Any] | None) -> None:
        """`value` as DynamoDB spells it; None removes."""
        if value is None:
            self.remove(dotted)
        else:
            self.clause("SET", dotted, value, " =")

    def remove(self, dotted: str) -> None:
        self._clauses.setdefault("REMOVE", []).append(self._path(dotted))

    def clause(self, verb: str, dotted: str, value: Mapping[str, Any], operator: str = "") -> None:
        placeholder = f":u{len(self._values)}"
        self._values[placeholder] = value
        self._clauses.setdefault(verb, []).append(f"{self._path(dotted)}{operator} {placeholder}")

    def request(self) -> dict[str, Any]:
        expression = " ".join(f"{verb} {', '.join(parts)}" for verb, parts in self._clauses.items())
        request: dict[str, Any] = {"UpdateExpression": expression, "ExpressionAttributeNames": self._names}
        return request | ({"ExpressionAttributeValues": self._values} if self._values else {})

    def _path(self, dotted: str) -> str:
        parts = dotted.split(".", 1)
        for part in parts:
            self._names[f"#{part}"] = part
        return ".".join(f"#{part}" for part in parts)
