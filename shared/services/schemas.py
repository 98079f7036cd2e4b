"""Holds documents to the JSON Schemas that they name: config objects of the same org that the writer may see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from shared.domain.access import Actor
from shared.domain.config_object import ConfigObject, Version
from shared.domain.config_types import documents
from shared.domain.config_types.codes import Code
from shared.domain.config_types.schema_check import check
from shared.domain.config_types.values import JSON
from shared.domain.content import FileEntry, SourceFile
from shared.domain.diagnostics import Diagnostic
from shared.domain.prepared_unit import PreparedUnit
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.versions import VersionRepository
from shared.services.drafts import ReadDraft
from shared.services.visibility import Visibility
from shared.storage.content_store import ContentStore

MAX_SCHEMA_BYTES = 256 * 1024
_Unit = TypeVar("_Unit", PreparedUnit, ReadDraft)
_Choose = Callable[[Sequence[ConfigObject]], Sequence[ConfigObject]]


@dataclass(frozen=True, slots=True)
class Schemas:
    objects: ConfigObjectRepository
    versions: VersionRepository
    content: ContentStore
    visibility: Visibility

    def check(self, actor: Actor, unit: _Unit) -> _Unit:
        """The unit with what its schema finds in it; a schema that the actor may not see is not found."""
        return self._check(actor.org_id, [unit], lambda found: self.visibility.visible(actor, found))[0]

    def check_synced(self, org_id: str, units: Sequence[PreparedUnit]) -> list[PreparedUnit]:
        """Units that a sync brings, which may name any schema of their org."""
        return self._check(org_id, units, lambda found: found)

    def _check(self, org_id: str, units: Sequence[_Unit], choose: _Choose) -> list[_Unit]:
        """Reads nothing where no unit names a schema, else three batches for all of them."""
        wanted = {unit.parsed.schema.object_id for unit in units if unit.parsed.schema}
        schemas = self._read(org_id, wanted, choose) if wanted else {}
        return [_noted(unit, _notes(unit, schemas)) for unit in units]

    def _read(self, org_id: str, wanted: Iterable[str], choose: _Choose) -> Mapping[str, JSON]:
        shown = choose(list(self.objects.find_all(org_id, wanted).values()))
        heads = [(one.id, one.head.delivered_version_id) for one in shown]
        versions = self.versions.find_all(org_id, [(id_, version) for id_, version in heads if version is not None])
        entries = {one.config_object_id: entry for one in versions.values() if (entry := _entry(one)) is not None}
        contents = self.content.get_blobs(org_id, {entry.sha256 for entry in entries.values()})
        files = {id_: SourceFile(entry.path, contents[entry.sha256]) for id_, entry in entries.items()}
        return {id_: documents.read(file, file.path).value for id_, file in files.items()}


def _entry(version: Version) -> FileEntry | None:
    small = (file for file in version.files if file.path == version.entry_path and file.size <= MAX_SCHEMA_BYTES)
    return next(small, None)


def _noted(unit: _Unit, notes: tuple[Diagnostic, ...]) -> _Unit:
    return replace(unit, parsed=replace(unit.parsed, diagnostics=(*unit.parsed.diagnostics, *notes)))


def _notes(unit: PreparedUnit | ReadDraft, schemas: Mapping[str, JSON]) -> tuple[Diagnostic, ...]:
    named = unit.parsed.schema
    if named is None or not unit.parsed.loads:
        return ()
    if named.object_id not in schemas:
        return (Code.SCHEMA_NOT_FOUND.at(named.path, named.object_id[:64]),)
    entry = next(file for file in unit.files if file.path == unit.entry_path)
    return check(documents.read(entry, named.path).value, schemas[named.object_id], named.path)
