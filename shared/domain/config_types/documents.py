"""Any file as a document, where it is one: JSON or YAML with its values, else bytes that are left alone."""

from dataclasses import dataclass
from typing import Final

from shared.domain.config_types import json_guard, yaml_guard
from shared.domain.config_types.codes import Code
from shared.domain.config_types.text import decode
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic

SCHEME: Final = "depot:"
_SCHEMA, _SCHEMA_REF = "$schema", "schemaRef"
_JSON = (".json", ".jsonc")
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Document:
    """`format` is json, yaml or opaque. `schema_ref` is the id of the config object that holds its JSON Schema.

    A document names its schema by `"$schema": "depot:<id>"` or by `"schemaRef": "<id>"`, at its top level; the
    reference is no part of `value`.
    """

    format: str
    value: JSON = None
    schema_ref: str | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


def read(file: SourceFile, path: str) -> Document:
    """Never raises: what cannot be read as its name says is opaque, with a warning."""
    name = file.path.lower()
    if not name.endswith((*_JSON, *_YAML)):
        return Document("opaque")
    text = decode(file.data, path)
    try:
        if name.endswith(_JSON):
            return _document("json", json_guard.load(text.text).value, text.diagnostics)
        return _document("yaml", yaml_guard.load(text.text, typed=True).value, text.diagnostics)
    except (json_guard.NotJson, yaml_guard.NotYaml) as error:
        note = Code.DOCUMENT_UNREAD.at(path, error.problem, error.line)
    except yaml_guard.YamlRefused as refused:
        note = Code.DOCUMENT_UNREAD.at(path, refused.code.meaning, refused.line)
    return Document("opaque", diagnostics=(*text.diagnostics, note))


def _document(format_: str, value: JSON, notes: tuple[Diagnostic, ...]) -> Document:
    if not isinstance(value, dict):
        return Document(format_, value, None, notes)
    named, ref = value.get(_SCHEMA), value.get(_SCHEMA_REF)
    if isinstance(named, str) and named.startswith(SCHEME):
        rest = {key: item for key, item in value.items() if key != _SCHEMA}
        return Document(format_, rest, named.removeprefix(SCHEME), notes)
    if isinstance(ref, str):
        rest = {key: item for key, item in value.items() if key != _SCHEMA_REF}
        return Document(format_, rest, ref.removeprefix(SCHEME), notes)
    return Document(format_, value, None, notes)
