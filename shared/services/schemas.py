"""Holds documents to the JSON Schemas that they name: config objects of the same org that the writer may see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shared.domain.access import Actor
from shared.domain.config_object import ConfigObject, Version
from shared.domain.config_types import documents
from shared.domain.config_types.codes import Code
from shared.domain.config_types.schema_check import check
from shared.domain.config_types.unit import ParsedUnit
from shared.domain.config_types.values import JSON
from shared.domain.content import FileEntry, SourceFile
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.versions import VersionRepository
from shared.services.visibility import Visibility
from shared.storage.content_store import ContentStore

MAX_SCHEMA_BYTES = 256 * 1024
Choose = Callable[[Sequence[ConfigObject]], Sequence[ConfigObject]]
Read = tuple[ParsedUnit, str, Sequence[SourceFile]]
"""A parsed unit, its entry's path, and its files."""


@dataclass(frozen=True, slots=True)
class Schemas:
    objects: ConfigObjectRepository
    versions: VersionRepository
    content: ContentStore
    visibility: Visibility

    def check_for(self, actor: Actor, unit: Read) -> ParsedUnit:
        """The unit as a person hands it in; a schema that they may not see is not found."""
        return self._check(actor.org_id, [unit], lambda found: self.visibility.visible(actor, found))[0]

    def check_synced(self, org_id: str, units: Sequence[Read]) -> list[ParsedUnit]:
        """Units of a sync, which may name any schema of their org."""
        return self._check(org_id, units, lambda found: found)

    def _check(self, org_id: str, units: Sequence[Read], choose: Choose) -> list[ParsedUnit]:
        """Each unit with what its schema finds; reads nothing where none names one, else three batches for all."""
        wanted = {parsed.schema_ref for parsed, _, _ in units if parsed.schema_ref is not None and parsed.loads}
        schemas = self._schemas(org_id, wanted, choose) if wanted else {}
        return [_checked(unit, schemas) for unit in units]

    def _schemas(self, org_id: str, wanted: Iterable[str], choose: Choose) -> Mapping[str, JSON]:
        shown = choose(list(self.objects.find_all(org_id, wanted).values()))
        heads = [(one.id, one.head_version_id) for one in shown if one.is_delivered and one.head_version_id]
        versions = self.versions.find_all(org_id, heads)
        entries = {one.config_object_id: _entry(one) for one in versions.values()}
        small = {id_: entry for id_, entry in entries.items() if entry and entry.size <= MAX_SCHEMA_BYTES}
        contents = self.content.get_blobs(org_id, {entry.sha256 for entry in small.values()})
        files = {id_: SourceFile(entry.path, contents[entry.sha256]) for id_, entry in small.items()}
        return {id_: documents.read(file, file.path).value for id_, file in files.items()}


def _entry(version: Version) -> FileEntry | None:
    return next((file for file in version.files if file.path == version.entry_path), None)


def _checked(unit: Read, schemas: Mapping[str, JSON]) -> ParsedUnit:
    parsed, entry_path, files = unit
    if parsed.schema_ref is None or not parsed.loads:
        return parsed
    if parsed.schema_ref not in schemas:
        notes = (Code.SCHEMA_NOT_FOUND.at(entry_path, parsed.schema_ref[:64]),)
    else:
        entry = next(file for file in files if file.path == entry_path)
        notes = check(documents.read(entry, entry_path).value, schemas[parsed.schema_ref], entry_path)
    return replace(parsed, diagnostics=(*parsed.diagnostics, *notes))
