"""Agents and commands that a JSON file declares: what is frontmatter elsewhere is an object here, the body a field.

Source: https://opencode.ai/docs/config (`agent` and `command` of opencode.json and opencode.jsonc).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.domain.config_types.base import safe_name
from shared.domain.config_types.codes import Code
from shared.domain.config_types.fields import Fields
from shared.domain.config_types.inline import MAX_KEY, MAX_UNITS, content, entry_of, inline_unit, name_of
from shared.domain.config_types.json_document import OPENCODE_FILES, load_document
from shared.domain.config_types.markdown import Document
from shared.domain.config_types.pages import page
from shared.domain.config_types.unit import Source, Split, Unit
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic

ENDINGS: Final = OPENCODE_FILES
_FILE = "opencode.json"
_REFERENCE = re.compile(r"\{file:[^{}\n]{1,500}\}")


@dataclass(frozen=True, slots=True)
class Section:
    """`name` is the section's key in the file, `body` the field that holds the text."""

    name: str
    body: str

    @property
    def files(self) -> Mapping[str, str]:
        """The section's name by the name of the file."""
        return MappingProxyType({ending.removeprefix("/"): self.name for ending in ENDINGS})

    def split(self, unit: Unit, files: Sequence[SourceFile]) -> Split:
        """One unit per entry; a file that cannot be read is incomplete, so nothing of it is taken for deleted."""
        document = load_document(entry_of(unit, files), unit.origin)
        if not document.is_readable:
            return Split((), (*unit.diagnostics, *document.notes), complete=False)
        entries, notes = self._entries(document.section(self.name), unit.origin)
        if len(entries) > MAX_UNITS:
            return Split((), (*unit.diagnostics, Code.INLINE_TOO_MANY.at(unit.origin, self.name)), complete=False)
        units = tuple(
            (inline_unit(unit, key, self.name, _FILE), (content(_FILE, self.name, {key: entry}),))
            for key, entry in entries.items()
        )
        return Split(units, (*unit.diagnostics, *document.notes, *notes))

    def document(self, source: Source) -> Document:
        """The unit that `source` holds, as if its fields were frontmatter."""
        document = load_document(source.entry, source.origin)
        entries, notes = self._entries(document.section(self.name), source.origin)
        key, entry = next(iter(entries.items()), (name_of(source.key, self.name), {}))
        body = entry.get(self.body)
        found = [*document.notes, *notes]
        if isinstance(body, str) and _REFERENCE.search(body):
            found.append(Code.INLINE_REFERENCE.at(source.origin, f"{self.body} of {key[:40]}"))
        fields = Fields({name: value for name, value in entry.items() if name != self.body}, source.origin)
        return Document(source.origin, fields, body.strip("\n") if isinstance(body, str) else "", tuple(found), key)

    def render(self, files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
        """The markdown file that clients take for such a unit: its fields as frontmatter, each spelled as JSON."""
        made = []
        for file in files:
            entries, _ = self._entries(load_document(file, file.path).section(self.name), file.path)
            for key, entry in entries.items():
                path = f"{safe_name(key).replace(':', '/') or self.name}.md"
                fields = {"name": key, **entry}
                body = fields.pop(self.body, "")
                made.append(SourceFile(path, page(fields, body)))
        return tuple(made)

    def _entries(self, section: JSON, path: str) -> tuple[dict[str, dict[str, JSON]], list[Diagnostic]]:
        if section is not None and not isinstance(section, dict):
            return {}, [Code.INLINE_NOT_AN_OBJECT.at(path, self.name)]
        found: dict[str, dict[str, JSON]] = {}
        notes = []
        for key, entry in (section or {}).items():
            if not 0 < len(key) <= MAX_KEY:
                notes.append(Code.INLINE_KEY_REFUSED.at(path, f"{self.name}/{key[:40]}"))
            elif isinstance(entry, dict):
                found[key] = entry
            else:
                notes.append(Code.INLINE_NOT_AN_OBJECT.at(path, f"{self.name}/{key[:40]}"))
        return found, notes
