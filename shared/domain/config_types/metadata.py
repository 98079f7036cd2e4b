"""Metadata that people write beside a source, for as long as the source does not say it itself."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from shared.domain.config_types.unit import ParsedUnit
from shared.domain.config_types.values import DESCRIPTION_LENGTH, TITLE_LENGTH, one_line
from shared.domain.errors import FieldError, Invalid

METADATA: Final = ("title", "description")
_LENGTHS: Final = {"title": TITLE_LENGTH, "description": DESCRIPTION_LENGTH}


def changed_metadata(
    own: Mapping[str, str], changes: Mapping[str, str | None], defined: Collection[str]
) -> dict[str, str]:
    """`own` with the changes; None takes away what was written.

    Raises: Invalid, naming every field that is `defined` by the object's source.
    """
    refused = [
        FieldError(name, "comes from the object's source; change it there") for name in changes if name in defined
    ]
    if refused:
        raise Invalid("; ".join(f"{one.path}: {one.message}" for one in refused), refused)
    written = {**own, **changes}
    lines = {name: one_line(text, _LENGTHS[name]) for name, text in written.items() if text is not None}
    return {name: line for name, line in lines.items() if line}


def kept_metadata(own: Mapping[str, str], parsed: ParsedUnit, defined: Collection[str]) -> dict[str, str]:
    """What stays of `own` beside a newly read source: a description that it spells out wins from now on."""
    spelled = parsed.description is not None and not parsed.description_derived
    return {name: text for name, text in own.items() if name not in defined and not (name == "description" and spelled)}


def shown(own: Mapping[str, str]) -> dict[str, Any]:
    """The fields of an object that show what people wrote."""
    return {**own, **({"description_derived": False} if "description" in own else {})}
