"""Custom: any file that a mapping names; what is JSON or YAML may be held to a JSON Schema."""

from collections.abc import Sequence

from shared.domain.config_types import documents
from shared.domain.config_types.base import ConfigType, targets
from shared.domain.config_types.codes import Code
from shared.domain.config_types.layout import find_files
from shared.domain.config_types.unit import Found, PathEntry, Reading, SchemaReference, Source
from shared.domain.config_types.values import JSON

_MAX_KEYS = 100


def _find(type_name: str, selected: Sequence[str], tree: Sequence[PathEntry]) -> Found:
    return find_files(type_name, selected, tree, endings=("",))


def _read(source: Source) -> Reading:
    document = documents.read(source.entry, source.origin)
    name = source.entry.path.rpartition("/")[2]
    keys: list[JSON] = []
    keys += list(document.value)[:_MAX_KEYS] if isinstance(document.value, dict) else []
    empty = [] if source.entry.data.strip() else [Code.EMPTY_FILE.at(source.origin)]
    return Reading(
        name=name,
        title=name,
        # Values may be secrets: the names of the top level tell what the document is about.
        payload={"name": name, "format": document.format, "schemaRef": document.schema_ref, "keys": keys},
        diagnostics=(*document.diagnostics, *empty),
        schema=SchemaReference(document.schema_ref, source.origin) if document.schema_ref is not None else None,
    )


CUSTOM = ConfigType(
    name="custom",
    default_locations=(),
    filters=(),
    targets=targets(),
    finder=_find,
    reader=_read,
)
