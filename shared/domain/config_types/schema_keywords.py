"""Keywords of JSON Schema that its library checks without bounds: patterns by backtracking, items each with each.

A keyword is given the validator, its own value, the instance, and the schema around it. Patterns are RE2's.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import re2
from jsonschema.exceptions import ValidationError

from shared.domain.config_types.schema_budget import TooCostly

_MAX_ITEMS: Final = 5_000
_Errors = Iterator[ValidationError]


def _pattern(validator: Any, value: Any, instance: Any, _schema: Any) -> _Errors:
    if validator.is_type(instance, "string") and not re2.search(value, instance):
        yield ValidationError("does not match")


def _pattern_properties(validator: Any, value: Any, instance: Any, _schema: Any) -> _Errors:
    for regex, subschema in value.items() if validator.is_type(instance, "object") else ():
        for key, item in instance.items():
            if re2.search(regex, key):
                yield from validator.descend(item, subschema, path=key, schema_path=regex)


def _additional_properties(validator: Any, value: Any, instance: Any, schema: Any) -> _Errors:
    if not validator.is_type(instance, "object"):
        return
    patterns = [re2.compile(regex) for regex in schema.get("patternProperties", {})]
    for key, item in instance.items():
        if key not in schema.get("properties", {}) and not any(regex.search(key) for regex in patterns):
            if value is False:
                yield ValidationError("is not expected", path=(key,))
            elif value is not True:
                yield from validator.descend(item, value, path=key)


def _unique_items(validator: Any, value: Any, instance: Any, _schema: Any) -> _Errors:
    if value and validator.is_type(instance, "array"):
        if len(instance) > _MAX_ITEMS:
            raise TooCostly
        if len({json.dumps(item, sort_keys=True) for item in instance}) < len(instance):
            yield ValidationError("repeats an item")


OWN: Final[Mapping[str, Callable[[Any, Any, Any, Any], _Errors]]] = MappingProxyType(
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "uniqueItems": _unique_items,
    }
)
