"""Many config objects into one plugin at once: each is added whole or refused with its own reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from shared.domain.access import Action, Actor
from shared.domain.config_object import ConfigObject
from shared.domain.errors import DepotError, NotFound
from shared.domain.lifecycle import require_not_deleted
from shared.domain.plugin import Plugin, PluginMembership
from shared.repositories.unit_of_work import MAX_STEPS, UnitOfWork
from shared.services.plugins import Plugins, new_membership, require_own_grant

_AT_ONCE: Final = (MAX_STEPS - 1) // 2
"""Members in one transaction: each is a row of its own and a change of its object's; the plugin is touched once."""


@dataclass(frozen=True, slots=True)
class BulkMembership:
    plugins: Plugins
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def add_members(
        self, actor: Actor, plugin_id: str, object_ids: Sequence[str]
    ) -> list[PluginMembership | DepotError]:
        """One outcome per id, in order; adding what is a member changes nothing.

        Raises: NotFound, MissingRole, Conflict for the plugin itself.
        """
        plugin = self.plugins.get(actor, plugin_id, Action.EDIT)
        require_not_deleted(plugin, "plugin")
        wanted = list(dict.fromkeys(object_ids))
        outcomes = self._decide(actor, plugin, wanted, self.plugins.mint.now())
        missing = [one for one in outcomes.values() if isinstance(one, _New)]
        for start in range(0, len(missing), _AT_ONCE):
            outcomes |= self._write(plugin, missing[start : start + _AT_ONCE])
        return [_settled(outcomes[each]) for each in object_ids]

    def _decide(
        self, actor: Actor, plugin: Plugin, object_ids: Sequence[str], at: datetime
    ) -> "dict[str, PluginMembership | _New | DepotError]":
        objects = self.plugins.objects.find_all(actor.org_id, object_ids)
        known = self.plugins.memberships.find_all(actor.org_id, plugin.id, object_ids)
        shown = {one.id for one in self.plugins.visibility.visible(actor, list(objects.values()))}
        found: dict[str, PluginMembership | _New | DepotError] = {}
        for each in object_ids:
            present = known.get(each)
            if (refusal := _refusal(actor, objects, shown, each)) is not None:
                found[each] = refusal
            elif present is not None and present.removed_at is None:
                found[each] = present
            else:
                row = new_membership(actor, plugin, each, present, at)
                found[each] = _New(row, objects[each].feeders)
        return found

    def _write(self, plugin: Plugin, chosen: "Sequence[_New]") -> "Mapping[str, PluginMembership | DepotError]":
        """Together; where that is refused one by one, so that each gets its own answer."""
        try:
            self._commit(plugin, chosen)
        except DepotError as error:
            if len(chosen) == 1:
                return {chosen[0].row.config_object_id: error}
            return {name: outcome for one in chosen for name, outcome in self._write(plugin, [one]).items()}
        return {one.row.config_object_id: one.row for one in chosen}

    def _commit(self, plugin: Plugin, chosen: "Sequence[_New]") -> None:
        with self.begin() as work:
            for one in chosen:
                self.plugins.memberships.put(one.row, work)
                self.plugins.objects.join_plugin(plugin.org_id, one.row.config_object_id, plugin.id, work)
            feeders = {each for one in chosen for each in one.feeders}
            self.plugins.plugins.touch(plugin.org_id, plugin.id, work, fed_by=feeders)


@dataclass(frozen=True, slots=True)
class _New:
    """A membership that is still to be written."""

    row: PluginMembership
    feeders: tuple[str, ...]


def _refusal(actor: Actor, objects: Mapping[str, ConfigObject], shown: set[str], object_id: str) -> DepotError | None:
    if object_id not in shown:
        return NotFound("config object")
    try:
        require_own_grant(actor, objects[object_id])
    except DepotError as refusal:
        return refusal
    return None


def _settled(outcome: PluginMembership | _New | DepotError) -> PluginMembership | DepotError:
    return outcome.row if isinstance(outcome, _New) else outcome
