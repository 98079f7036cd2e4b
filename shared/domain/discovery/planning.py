"""Decides what applying candidates means for a target as it is: which plugins are new, which mappings come and go.

A plugin is recognized by its target and its candidate's key, never by its name: two repositories may have a plugin of
one name, and they are two plugins.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shared.domain.connector import Mapping as PathMapping
from shared.domain.connector import MappingOrigin
from shared.domain.discovery.application import (
    DroppedMapping,
    Import,
    NewMapping,
    NewPlugin,
    PlannedAction,
    RestoredPlugin,
    RetiredPlugin,
)
from shared.domain.discovery.candidate import Candidate
from shared.domain.plugin import Plugin, PluginStatus


@dataclass(frozen=True, slots=True)
class Known:
    """A target as it is: `imports` by candidate key, the `plugins` that they name by id, and all `mappings`."""

    imports: Mapping[str, Import]
    plugins: Mapping[str, Plugin]
    mappings: Sequence[PathMapping]

    def plugin_of(self, key: str) -> Plugin | None:
        """What a candidate became, unless somebody deleted that."""
        known = self.imports.get(key)
        plugin = self.plugins.get(known.resource_id) if known else None
        return plugin if plugin is not None and plugin.status is not PluginStatus.DELETED else None


@dataclass(frozen=True, slots=True)
class Names:
    """Finds names that are free: `taken` are the creator's own, in lower case; `suffix` tells repositories apart."""

    taken: Collection[str]
    suffix: str

    def free(self, name: str, plugin_id: str, used: Collection[str]) -> str:
        choices = (name, f"{name}-{self.suffix}", f"{name}-{plugin_id[-6:]}")
        return next(one for one in choices if one.lower() not in self.taken and one.lower() not in used)


def plan_imports(
    chosen: Iterable[Candidate],
    known: Known,
    names: Names,
    new_id: Callable[[str], str],
    *,
    wakes_archived: bool = True,
) -> tuple[list[PlannedAction], dict[str, str]]:
    """The actions that make the chosen candidates plugins of this target, and the plugins' ids by key.

    What was archived because its source was gone comes back with it; what a person archived, only where the choice is
    a person's, too (`wakes_archived`).
    """
    actions: list[PlannedAction] = []
    plugin_ids: dict[str, str] = {}
    used: set[str] = set()
    for one in chosen:
        plugin = known.plugin_of(one.key)
        plugin_id = plugin.id if plugin else new_id("plg")
        if plugin is None:
            name = names.free(one.name, plugin_id, used)
            used.add(name.lower())
            actions.append(NewPlugin(one.key, plugin_id, name, one.description))
        elif known.imports[one.key].gone_at is not None or (wakes_archived and not plugin.is_active):
            actions.append(RestoredPlugin(one.key, plugin_id))
        actions += _mapping_changes(one, plugin_id, known.mappings, new_id)
        plugin_ids[one.key] = plugin_id
    return actions, plugin_ids


def plan_retirements(present: Collection[str], known: Known, *, archive: bool) -> Iterator[PlannedAction]:
    """For plugins whose candidates are gone: archived where discovery may, else only marked."""
    for key, one in known.imports.items():
        plugin = known.plugin_of(key)
        if plugin is not None and key not in present and one.gone_at is None:
            yield RetiredPlugin(key, plugin.id, archive and plugin.is_active)


def _mapping_changes(
    one: Candidate, plugin_id: str, mappings: Sequence[PathMapping], new_id: Callable[[str], str]
) -> Iterator[PlannedAction]:
    """Mappings of the plugin's places; those that people made are left alone, and not made a second time."""
    own = [mapping for mapping in mappings if mapping.plugin_id == plugin_id]
    there = {(mapping.selector, mapping.object_type) for mapping in own}
    wanted = {(each.selector, each.object_type) for each in one.mappings}
    for each in one.mappings:
        if (each.selector, each.object_type) not in there:
            yield NewMapping(new_id("cmp"), plugin_id, each.selector, each.object_type)
    for mapping in own:
        if mapping.origin is MappingOrigin.DISCOVERY and (mapping.selector, mapping.object_type) not in wanted:
            yield DroppedMapping(mapping.id)
