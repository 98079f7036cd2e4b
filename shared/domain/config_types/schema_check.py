"""Holds a document to a JSON Schema that a stranger wrote: bounded in steps, and without a network.

Patterns are matched by RE2, in linear time. A `$ref` resolves within the schema (`#…`), never by retrieval.
`unevaluatedProperties` and `unevaluatedItems` are not checked: their meaning costs a walk per value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from shared.domain.config_types.codes import Code
from shared.domain.config_types.schema_budget import TooCostly
from shared.domain.config_types.values import JSON, one_line
from shared.domain.diagnostics import Diagnostic

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

MAX_ERRORS: Final = 20
MAX_STEPS: Final = 100_000
"""Keywords applied, those over much data counting for more: a document of a thousand values takes a few thousand."""

_NOT_CHECKED = ("unevaluatedProperties", "unevaluatedItems", "format")
_DATA_OF_A_STEP = 50
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_STEPS_OF_A_REFERENCE = 15
_OLD_DRAFTS = ("draft-03", "draft-04")
_Keyword = Callable[[Any, Any, Any, Any], Any]


class Unusable(Exception):
    """The schema is none, or refers to what is not in it."""


def check(value: JSON, schema: JSON, path: str) -> tuple[Diagnostic, ...]:
    """What of `value` breaks `schema`, each with the JSON pointer to it and never with the value itself."""
    try:
        errors = _errors(value, schema)
    except TooCostly:
        return (Code.SCHEMA_TOO_COSTLY.at(path),)
    except Unusable as unusable:
        return (Code.SCHEMA_UNUSABLE.at(path, one_line(str(unusable), 120)),)
    return tuple(Code.SCHEMA_MISMATCH.at(path, _told(error)) for error in errors)


def _errors(value: JSON, schema: JSON) -> list[ValidationError]:
    import re2
    from jsonschema.exceptions import UndefinedTypeCheck, UnknownType
    from referencing.exceptions import NoSuchAnchor, Unresolvable

    if not isinstance(schema, dict | bool):
        raise Unusable("it is no object")
    try:
        return [error for error, _ in zip(_validator(schema).iter_errors(value), range(MAX_ERRORS), strict=False)]
    except (Unresolvable, NoSuchAnchor) as error:
        raise Unusable("it refers to what it does not hold") from error
    except (re2.error, UnknownType, UndefinedTypeCheck) as error:
        raise Unusable("a pattern or a type that is not supported") from error
    except RecursionError as error:
        raise TooCostly from error
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise Unusable("a keyword has a value that makes no sense") from error


def _validator(schema: JSON) -> Validator:
    """The validator of the draft that the schema names, 2020-12 without a name."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend, validator_for
    from referencing import Registry

    # It needs the library at once, which most functions should not pay for at start.
    from shared.domain.config_types.schema_keywords import OWN

    named = schema.get("$schema") if isinstance(schema, dict) else None
    if any(old in str(named) for old in _OLD_DRAFTS):
        raise Unusable("a draft before 6 is not supported")
    draft = validator_for(schema, default=Draft202012Validator)
    budget = _Budget()
    keywords = {**draft.VALIDATORS, **{name: own for name, own in OWN.items() if name in draft.VALIDATORS}}
    counted = {
        name: budget.counted(keyword, _STEPS_OF_A_REFERENCE if name in _REFERENCES else 1)
        for name, keyword in keywords.items()
        if name not in _NOT_CHECKED
    }
    bounded = extend(draft, {**dict.fromkeys(_NOT_CHECKED, _pass), **counted})
    return bounded(_closed(schema), registry=Registry())


def _closed(schema: JSON) -> JSON:
    """The schema without what leads to another: the library knows the published ones, and they have no bounds.

    It would also hand a part that names a draft to that draft's own validator.
    """
    if isinstance(schema, dict):
        if any(isinstance(to := schema.get(name), str) and not to.startswith("#") for name in _REFERENCES):
            raise Unusable("it refers to what it does not hold")
        kept = ((key, item) for key, item in schema.items() if key not in ("$schema", "$id") or isinstance(item, dict))
        return {key: _closed(item) for key, item in kept}
    return [_closed(item) for item in schema] if isinstance(schema, list) else schema


class _Budget:
    def __init__(self) -> None:
        self._left = MAX_STEPS

    def counted(self, keyword: _Keyword, steps: int) -> _Keyword:
        def apply(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
            self._left -= steps + (_size(value) + _size(instance)) // _DATA_OF_A_STEP
            if self._left < 0:
                raise TooCostly
            return keyword(validator, value, instance, schema)

        return apply


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str | list | dict) else 0


def _told(error: ValidationError) -> str:
    """Where, and by which keyword: an error's own message repeats the value, which may be a secret."""
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.absolute_path)
    wanted = json.dumps(error.validator_value, ensure_ascii=False, default=str)
    return one_line(f"{pointer or '/'} breaks {error.validator} {one_line(wanted, 80)}", 240)


def _pass(*_: Any) -> Iterator[ValidationError]:
    return iter(())
