"""What shows a config object or a plugin to a caller beside grants on it: its active plugins, their marketplaces."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.domain.access import NEEDED_ROLE, Action, Actor, Grants, effective_role, require, strongest
from shared.domain.config_object import ConfigObject
from shared.domain.errors import DepotError
from shared.domain.marketplace import MarketplaceView
from shared.domain.plugin import Plugin, PluginStatus
from shared.repositories.marketplaces import MarketplaceRepository
from shared.repositories.plugins import PluginRepository


@dataclass(frozen=True, slots=True)
class Visibility:
    plugins: PluginRepository
    marketplaces: MarketplaceRepository

    def require(self, actor: Actor, action: Action, entity: ConfigObject) -> None:
        """Raises: NotFound or MissingRole, as `access.require` says."""
        require(actor, action, "config object", entity.grants, self._parents(actor, [entity]).of(entity))

    def require_plugins(self, actor: Actor, action: Action, plugins: Sequence[Plugin]) -> None:
        """Raises: NotFound or MissingRole for the first that is out of reach, as `access.require` says."""
        parents = self._marketplaces(actor, plugins)
        for plugin in plugins:
            require(actor, action, "plugin", plugin.grants, parents.of(plugin))

    def refused_plugins(self, actor: Actor, action: Action, plugins: Sequence[Plugin]) -> dict[str, DepotError]:
        """By id: those that are out of reach, each with its refusal; all are looked at in one read."""
        parents = self._marketplaces(actor, plugins)
        refused: dict[str, DepotError] = {}
        for plugin in plugins:
            try:
                require(actor, action, "plugin", plugin.grants, parents.of(plugin))
            except DepotError as refusal:
                refused[plugin.id] = refusal
        return refused

    def may_edit(self, actor: Actor, entity: ConfigObject) -> bool:
        """Parents never let anyone edit: only the object's own grants count."""
        return (strongest(actor, entity.grants) or 0) >= NEEDED_ROLE[Action.EDIT]

    def visible(self, actor: Actor, entities: Sequence[ConfigObject]) -> list[ConfigObject]:
        """Those that the actor may see: at most one batch of plugins, and one of marketplaces, for the whole page."""
        parents = self._parents(actor, entities)
        return [one for one in entities if effective_role(actor, one.grants, parents.of(one)) is not None]

    def visible_plugins(self, actor: Actor, plugins: Sequence[Plugin]) -> list[Plugin]:
        """Those that the actor may see: at most one batch of marketplaces for all of them."""
        parents = self._marketplaces(actor, plugins)
        return [one for one in plugins if effective_role(actor, one.grants, parents.of(one)) is not None]

    def _parents(self, actor: Actor, entities: Iterable[ConfigObject]) -> "_Parents":
        """Only objects that nothing else shows need their plugins read, and only hidden plugins their marketplaces."""
        hidden = [entity for entity in entities if strongest(actor, entity.grants) is None]
        wanted = {plugin_id for entity in hidden for plugin_id in entity.plugin_ids}
        found = self.plugins.find_all(actor.org_id, wanted) if wanted else {}
        active = {plugin.id: plugin for plugin in found.values() if plugin.status == PluginStatus.ACTIVE}
        return _Parents(active, self._marketplaces(actor, active.values()))

    def _marketplaces(self, actor: Actor, plugins: Iterable[Plugin]) -> "_Marketplaces":
        hidden = [plugin for plugin in plugins if strongest(actor, plugin.grants) is None]
        wanted = {each for plugin in hidden for each in plugin.marketplace_ids}
        return _Marketplaces(self.marketplaces.find_views(actor.org_id, wanted) if wanted else {})


@dataclass(frozen=True, slots=True)
class _Marketplaces:
    found: Mapping[str, MarketplaceView]

    def of(self, plugin: Plugin) -> list[Grants]:
        """What was put aside shows nothing, and is shown by nothing."""
        if plugin.status != PluginStatus.ACTIVE:
            return []
        views = (self.found.get(each) for each in plugin.marketplace_ids)
        return [view.grants for view in views if view and view.status == PluginStatus.ACTIVE]


@dataclass(frozen=True, slots=True)
class _Parents:
    """`active` are plugins that are; what was put aside shows nothing."""

    active: Mapping[str, Plugin]
    marketplaces: _Marketplaces

    def of(self, entity: ConfigObject) -> list[Grants]:
        plugins = [self.active[each] for each in entity.plugin_ids if each in self.active]
        return [grants for plugin in plugins for grants in (plugin.grants, *self.marketplaces.of(plugin))]
