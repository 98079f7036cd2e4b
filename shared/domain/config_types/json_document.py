"""A JSON file as several types read it: its value, and what had to be forgiven."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types import json_guard, limits
from shared.domain.config_types.codes import Code
from shared.domain.config_types.layout import has_ending
from shared.domain.config_types.lfs import is_pointer
from shared.domain.config_types.text import decode
from shared.domain.config_types.unit import is_loadable
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic

OPENCODE_FILES: Final = ("/opencode.json", "/opencode.jsonc")
"""OpenCode reads comments in them; every other file is Claude Code's, which does not."""

_MAY_HAVE_A_MARK: Final = (*OPENCODE_FILES, "/plugin.json")


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """`value` is None when the file is empty, or when it could not be read, which the notes say."""

    value: JSON
    notes: tuple[Diagnostic, ...] = ()

    @property
    def is_readable(self) -> bool:
        """False for a file that proves nothing: what is missing from it may still be there."""
        return is_loadable(self.notes)

    def section(self, name: str) -> JSON:
        return self.value.get(name) if isinstance(self.value, Mapping) else None


def load_document(entry: SourceFile | None, path: str) -> JsonDocument:
    """Read a file that `path` names in its repository; never raises."""
    if entry is None:
        return JsonDocument(None, (Code.ENTRY_MISSING.at(path),))
    if is_pointer(entry):
        return JsonDocument(None, (Code.LFS_ENTRY.at(path),))
    if refused := limits.check(entry.path, [(entry.path, len(entry.data))], path):
        return JsonDocument(None, refused)
    text = decode(entry.data, path)
    if not text.text.strip():
        return JsonDocument(None, (Code.EMPTY_FILE.at(path),))
    try:
        loaded = json_guard.load(text.text)
    except json_guard.NotJson as error:
        return JsonDocument(None, (*text.diagnostics, Code.JSON_INVALID.at(path, error.problem, error.line)))
    notes = [Code.DUPLICATE_KEY.at(path, key) for key in loaded.repeated]
    if loaded.has_comments and not has_ending(path, OPENCODE_FILES):
        notes.append(Code.JSON_WITH_COMMENTS.at(path))
    if entry.data.startswith(BOM_UTF8) and not has_ending(path, _MAY_HAVE_A_MARK):
        notes.append(Code.JSON_BYTE_ORDER_MARK.at(path))
    return JsonDocument({} if loaded.value is None else loaded.value, (*text.diagnostics, *notes))
