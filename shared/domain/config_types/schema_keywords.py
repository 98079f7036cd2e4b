"""Keywords of JSON Schema that its library checks without bounds: patterns by backtracking, items each with each.

A keyword is given the validator, its own value, the instance, and the schema around it. Patterns are RE2's.
RE2 and jsonschema are asked for when a document is checked: functions that only read content do not carry them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from shared.domain.config_types.schema_budget import TooCostly

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_MAX_ITEMS: Final = 5_000
_Errors: TypeAlias = "Iterator[ValidationError]"


def _error(message: str, *path: str) -> ValidationError:
    from jsonschema.exceptions import ValidationError

    return ValidationError(message, path=path)


def _matches(pattern: str, text: str) -> bool:
    import re2

    return re2.search(pattern, text) is not None


def _pattern(validator: Any, value: Any, instance: Any, _schema: Any) -> _Errors:
    if validator.is_type(instance, "string") and not _matches(value, instance):
        yield _error("does not match")


def _pattern_properties(validator: Any, value: Any, instance: Any, _schema: Any) -> _Errors:
    for regex, subschema in value.items() if validator.is_type(instance, "object") else ():
        for key, item in instance.items():
            if _matches(regex, key):
                yield from validator.descend(item, subschema, path=key, schema_path=regex)


def _additional_properties(validator: Any, value: Any, instance: Any, schema: Any) -> _Errors:
    if not validator.is_type(instance, "object"):
        return
    patterns = schema.get("patternProperties", {})
    for key, item in instance.items():
        if key not in schema.get("properties", {}) and not any(_matches(regex, key) for regex in patterns):
            if value is False:
                yield _error("is not expected", key)
            elif value is not True:
                yield from validator.descend(item, value, path=key)


def _unique_items(validator: Any, value: Any, instance: Any, _schema: Any) -> _Errors:
    if value and validator.is_type(instance, "array"):
        if len(instance) > _MAX_ITEMS:
            raise TooCostly
        if len({json.dumps(item, sort_keys=True) for item in instance}) < len(instance):
            yield _error("repeats an item")


OWN: Final[Mapping[str, Callable[[Any, Any, Any, Any], _Errors]]] = MappingProxyType(
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "uniqueItems": _unique_items,
    }
)
