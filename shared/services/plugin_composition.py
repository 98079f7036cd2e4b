"""Plugins that are created with what belongs to them: config objects, marketplaces and grants, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.domain.access import Actor, Role
from shared.domain.errors import Invalid, NameTaken
from shared.domain.plugin import Plugin
from shared.services.config_objects import ObjectDraft
from shared.services.grants import ResourceGrants
from shared.services.plugin_parts import PluginParts
from shared.services.plugin_preparations import Part, PluginPreparations
from shared.services.plugins import PluginDraft, Plugins


@dataclass(frozen=True, slots=True)
class Composition:
    """`components` are config objects that exist, by id, or are to be created; `grants` go to principals."""

    plugin: PluginDraft
    components: Sequence[str | ObjectDraft] = ()
    marketplace_ids: Sequence[str] = ()
    grants: Sequence[tuple[str, Role]] = ()

    @property
    def is_bare(self) -> bool:
        return not (self.components or self.marketplace_ids or self.grants)


@dataclass(frozen=True, slots=True)
class PluginComposition:
    plugins: Plugins
    parts: PluginParts
    sharing: ResourceGrants
    preparations: PluginPreparations

    def create(self, actor: Actor, wanted: Composition) -> Plugin:
        """A plugin with everything named, by the rules that each part has alone; its creator manages it.

        Raises, naming the part: NotFound and MissingRole for objects and marketplaces; NotFound for members and
        teams; MissingCapability; Invalid; TooLarge; Conflict for a full or deleted marketplace; NameTaken.
        """
        plugin = self.plugins.draft(actor, wanted.plugin)
        if wanted.is_bare:
            return self.plugins.add(plugin)
        # Nothing is done in vain; the name itself is decided by the last transaction.
        if (holder := self.plugins.plugins.find_by_name(plugin)) is not None:
            raise NameTaken(plugin.name, holder)
        grants = {**self._grants(actor, wanted.grants), **plugin.grants}
        plugin = replace(plugin, grants=grants, marketplace_ids=frozenset(wanted.marketplace_ids))
        parts = self._parts(actor, plugin, wanted.components)
        try:
            self.preparations.write(plugin, parts)
        except NameTaken as error:
            raise NameTaken(plugin.name, self.plugins.plugins.find_by_name(plugin) or error.existing_id) from error
        return plugin

    def _parts(self, actor: Actor, plugin: Plugin, components: Sequence[str | ObjectDraft]) -> list[Part]:
        present = list(dict.fromkeys(one for one in components if isinstance(one, str)))
        drafts = [(f"components.{n}", one) for n, one in enumerate(components) if not isinstance(one, str)]
        return [
            *self.parts.of_grants(plugin),
            *(self.parts.of_marketplaces(actor, plugin) if plugin.marketplace_ids else []),
            *(self.parts.of_members(actor, plugin, present) if present else []),
            *self.parts.of_drafts(actor, plugin, drafts),
        ]

    def _grants(self, actor: Actor, grants: Sequence[tuple[str, Role]]) -> dict[str, Role]:
        given: dict[str, Role] = {}
        for number, (principal, role) in enumerate(grants):
            if principal in given:
                raise Invalid.field(f"grants.{number}", "is the second one to the same principal; give one role")
            if principal == actor.id and role < Role.MANAGER:
                raise Invalid.field(f"grants.{number}", "you manage what you create; leave yourself out")
            given[principal] = role
        self.sharing.require_principals(actor, given)
        return given
