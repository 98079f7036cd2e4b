"""Domain dataclasses ↔ DynamoDB items: the dataclass is the record's schema, pydantic reads it back.

Times are stored as RFC 3339 UTC with milliseconds, enums by value, sets as string sets (so that one element can be
added or removed without reading the row), nested values as maps and lists. None and empty sets are left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from shared.repositories.keys import Key
from shared.repositories.table import Item, attribute_key

T = TypeVar("T")


def encode(key: Key, entity: object, more: Mapping[str, object] | None = None, *, without: Iterable[str] = ()) -> Item:
    """The row of an entity, with `more` attributes such as index keys."""
    fields = _adapter(cast(Any, type(entity))).dump_python(entity, exclude=set(without))
    return attribute_key(key) | attribute_values({**fields, **(more or {})})


def assignments(entity: object, *, without: Iterable[str] = ()) -> dict[str, object]:
    """The entity's fields as an update assigns them: what a row leaves out is None, which removes it."""
    fields = _adapter(cast(Any, type(entity))).dump_python(entity, exclude=set(without))
    return {name: None if _is_absent(value) else value for name, value in fields.items()}


def decode(kind: type[T], item: Item, **fields: object) -> T:
    """The entity of a row; `fields` are those that the row keeps in a form of its own."""
    adapter: TypeAdapter[T] = _adapter(cast(Any, kind))
    return adapter.validate_python({name: plain(value) for name, value in item.items()} | fields)


def attribute_values(fields: Mapping[str, object]) -> dict[str, Any]:
    """Attribute values by name; absent values are left out."""
    return {name: attribute_value(value) for name, value in fields.items() if not _is_absent(value)}


def attribute_value(value: object) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": str(value)}
    if isinstance(value, int | float):
        return {"N": repr(float(value)) if isinstance(value, float) else str(int(value))}
    if isinstance(value, datetime):
        return {"S": timestamp(value)}
    if isinstance(value, bytes):
        return {"B": value}
    return _collection(value)


def plain(value: Mapping[str, Any]) -> Any:
    """The Python value of an attribute value."""
    ((kind, content),) = value.items()
    if kind in ("S", "BOOL", "B"):
        return content
    if kind == "N":
        return int(content) if content.lstrip("-").isdigit() else float(content)
    if kind == "M":
        return {name: plain(inner) for name, inner in content.items()}
    if kind == "L":
        return [plain(inner) for inner in content]
    return None if kind == "NULL" else frozenset(content)


def timestamp(value: datetime) -> str:
    """RFC 3339 UTC with milliseconds."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _collection(value: object) -> dict[str, Any]:
    if value is None:
        return {"NULL": True}
    if is_dataclass(value) and not isinstance(value, type):
        return attribute_value(asdict(value))
    if isinstance(value, Mapping):
        return {"M": {str(name): attribute_value(inner) for name, inner in value.items()}}
    if isinstance(value, frozenset | set):
        return {"SS": sorted(value)}
    if isinstance(value, list | tuple):
        return {"L": [attribute_value(inner) for inner in value]}
    raise TypeError(f"cannot store {type(value).__name__}")


def _is_absent(value: object) -> bool:
    return value is None or (isinstance(value, frozenset | set) and not value)


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Built at first use: a function pays only for the kinds of row that it reads."""
    return TypeAdapter(kind)
