"""An archive becomes config objects: one for each unit in it, each written whole or refused with its own reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.access import Action, Actor
from shared.domain.archives.read import read_archive
from shared.domain.config_object import ConfigObject, SourceMode
from shared.domain.errors import DepotError, Invalid, TooLarge
from shared.domain.importing.units import FoundUnit, Skipped, find_units
from shared.domain.plugin import Plugin
from shared.domain.prepared_unit import PreparedUnit, prepare
from shared.services.config_objects import ConfigObjects
from shared.services.drafts import clashing_path, require_loadable

MAX_UNITS: Final = 100
"""One transaction each, one after the other: the gateway waits 30 seconds for all of them."""


@dataclass(frozen=True, slots=True)
class ImportedUnit:
    """`found` with what became of it; `prepared` tells what was noticed, also about a refused one."""

    found: FoundUnit
    prepared: PreparedUnit
    outcome: ConfigObject | DepotError


@dataclass(frozen=True, slots=True)
class Imported:
    units: tuple[ImportedUnit, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Imports:
    objects: ConfigObjects

    def import_archive(self, actor: Actor, archive: bytes, plugin_ids: Sequence[str]) -> Imported:
        """A new object for every unit, in the plugins named; an import knows no earlier one.

        Raises: MissingCapability; NotFound or MissingRole for a plugin; Invalid for an archive that is broken, unsafe
            or holds no unit; TooLarge beyond its bounds or `MAX_UNITS`. Nothing is written then.
        """
        objects = self.objects
        objects.require_creator(actor)
        wanted = list(dict.fromkeys(plugin_ids))
        plugins = objects.plugins.get_all(actor, wanted, Action.EDIT) if wanted else []
        holdings = find_units(read_archive(archive))
        _require_some(holdings.units)
        prepared = [(found, objects.ingestion.seal(actor.org_id, _prepare(found))) for found in holdings.units]
        objects.ingestion.store(actor.org_id, (unit for _, unit in prepared))
        units = (ImportedUnit(found, unit, self._create(actor, found, unit, plugins)) for found, unit in prepared)
        return Imported(tuple(units), holdings.skipped)

    def _create(
        self, actor: Actor, found: FoundUnit, unit: PreparedUnit, plugins: Sequence[Plugin]
    ) -> ConfigObject | DepotError:
        try:
            require_loadable(unit.parsed, "body")
            if clash := clashing_path(file.path for file in found.files):
                raise Invalid.field("body", f"{clash} differs from another file of its unit by case alone")
            return self.objects.add(actor, unit, SourceMode.IMPORT, plugins, found.unit.origin)
        except DepotError as refusal:
            return refusal


def _require_some(units: Sequence[FoundUnit]) -> None:
    if not units:
        raise Invalid.field("body", "holds no config object where clients look for one, such as skills/<name>/SKILL.md")
    if len(units) > MAX_UNITS:
        raise TooLarge(f"The archive holds {len(units)} config objects; import at most {MAX_UNITS} at once.")


def _prepare(found: FoundUnit) -> PreparedUnit:
    unit = found.unit
    parsed = found.declaration.parse_unit(unit, found.files)
    return prepare(unit.type, parsed, unit.entry_path, found.files)
