"""What a mapping selects at the current head, and what each of it would become; nothing is stored."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from shared.connectors.port import Connector, SourceReader
from shared.domain.access import Action, Actor
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import Unit
from shared.domain.connector import Binding, ConnectorTarget
from shared.domain.connector import Mapping as PathMapping
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic
from shared.domain.errors import Conflict
from shared.domain.reconciliation.match import match
from shared.domain.reconciliation.selector import compile_selector
from shared.domain.reconciliation.wanted import type_of
from shared.domain.source_errors import SourceUnavailable
from shared.domain.source_tree import EntryKind, TreeEntry
from shared.repositories.bindings import BindingRepository
from shared.services.mappings import Mappings

MAX_PATHS: Final = 200
"""Matched paths that are shown; all of them are counted."""
MAX_UNITS: Final = 20
"""Units that are read: few enough to be asked for one by one."""


@dataclass(frozen=True, slots=True)
class PreviewedUnit:
    """`change` says what a sync would do: create, keep (and update), or replace an object of another type."""

    locator: str
    type: str
    title: str
    description: str | None
    change: str
    config_object_id: str | None
    diagnostics: Sequence[Diagnostic]


@dataclass(frozen=True, slots=True)
class MappingPreview:
    """`matched` paths in all, of which `paths` are some; `found` units in all, of which `units` were read."""

    revision: str
    matched: int
    paths: Sequence[str]
    found: int
    units: Sequence[PreviewedUnit]
    diagnostics: Sequence[Diagnostic]


@dataclass(frozen=True, slots=True)
class MappingPreviews:
    mappings: Mappings
    bindings: BindingRepository
    connector: Callable[[], Connector] = field(repr=False)

    def preview(self, actor: Actor, mapping_id: str, changes: Mapping[str, Any]) -> MappingPreview:
        """As the mapping is, or as `changes` would make it, beside the target's other mappings.

        Raises: NotFound; MissingRole; Invalid for a selector or type; Conflict where the repository cannot be read.
        """
        mapping = replace(self.mappings.get(actor, mapping_id, Action.EDIT), **changes)
        compile_selector(mapping.selector)
        config_type(mapping.object_type, "objectType")
        target = self.mappings.targets.get(actor, mapping.target_id)
        reader = self.connector().reader(int(target.installation_id), target.repository_id)
        try:
            return self._preview(mapping, target, reader)
        except SourceUnavailable as error:
            raise Conflict(f"The repository cannot be read at the moment: {error.message}") from error

    def _preview(self, mapping: PathMapping, target: ConnectorTarget, reader: SourceReader) -> MappingPreview:
        revision = reader.head(target.ref)
        listed = (entry for entry in reader.tree(revision).entries if entry.kind is not EntryKind.TREE)
        entries = {entry.path: entry for entry in listed}
        others = self.mappings.mappings.list_all(mapping.org_id, target.id)
        ownership = match([mapping, *(one for one in others if one.id != mapping.id)], entries.values())
        paths = ownership.paths[mapping.id]
        found = config_type(mapping.object_type).units_from(paths, entries.values())
        bound = {one.locator: one for one in self.bindings.list_all(mapping.org_id, target.id)}
        read = _read(found.units[:MAX_UNITS], entries, reader, revision)
        units = [_previewed(unit, files, mapping, bound) for unit, files in read]
        notes = [*(note for note in ownership.diagnostics if note.path in set(paths)), *found.diagnostics]
        return MappingPreview(revision, len(paths), paths[:MAX_PATHS], len(found.units), units, notes[:MAX_PATHS])


def _read(
    units: Sequence[Unit], entries: Mapping[str, TreeEntry], reader: SourceReader, revision: str
) -> Iterator[tuple[Unit, Sequence[SourceFile]]]:
    """The units with their entry files alone: what stands beside them changes neither title nor what is said of them.

    A file that holds several units gives each of them.
    """
    wanted = {entries[unit.origin].sha: entries[unit.origin] for unit in units}
    blobs = dict(reader.blobs(revision, list(wanted.values()))) if wanted else {}
    for unit in units:
        entry = entries[unit.origin]
        files = [SourceFile(unit.relative(unit.origin), blobs[entry.sha], entry.mode)]
        yield from config_type(unit.type).split(unit, files).units


def _previewed(
    unit: Unit, files: Sequence[SourceFile], mapping: PathMapping, bound: Mapping[str, Binding]
) -> PreviewedUnit:
    parsed = config_type(unit.type).parse_unit(unit, files, mapping.parser_mode)
    binding = bound.get(unit.locator)
    return PreviewedUnit(
        locator=unit.locator,
        type=unit.type,
        title=parsed.title,
        description=parsed.description,
        change=_change(unit, binding),
        config_object_id=binding.config_object_id if binding else None,
        diagnostics=parsed.diagnostics,
    )


def _change(unit: Unit, binding: Binding | None) -> str:
    if binding is None:
        return "create"
    return "keep" if type_of(binding.fingerprint) == unit.type else "replace"
