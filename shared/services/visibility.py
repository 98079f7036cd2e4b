"""What shows a config object to a caller beside grants on the object itself: its active plugins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.domain.access import NEEDED_ROLE, Action, Actor, Grants, effective_role, require, strongest
from shared.domain.config_object import ConfigObject
from shared.domain.plugin import Plugin, PluginStatus
from shared.repositories.plugins import PluginRepository


@dataclass(frozen=True, slots=True)
class Visibility:
    plugins: PluginRepository

    def require(self, actor: Actor, action: Action, entity: ConfigObject) -> None:
        """Raises: NotFound or MissingRole, as `access.require` says."""
        require(actor, action, "config object", entity.grants, self._parents(actor, [entity]).of(entity))

    def may_edit(self, actor: Actor, entity: ConfigObject) -> bool:
        """Parents never let anyone edit: only the object's own grants count."""
        return (strongest(actor, entity.grants) or 0) >= NEEDED_ROLE[Action.EDIT]

    def visible(self, actor: Actor, entities: Sequence[ConfigObject]) -> list[ConfigObject]:
        """Those that the actor may see: one batch of plugins for the whole page."""
        parents = self._parents(actor, entities)
        return [one for one in entities if effective_role(actor, one.grants, parents.of(one)) is not None]

    def _parents(self, actor: Actor, entities: Iterable[ConfigObject]) -> "_Parents":
        """Only objects that nothing else shows need their plugins read."""
        hidden = [entity for entity in entities if strongest(actor, entity.grants) is None]
        wanted = {plugin_id for entity in hidden for plugin_id in entity.plugin_ids}
        org_id = actor.org_id
        return _Parents(self.plugins.find_all(org_id, wanted) if wanted else {})


@dataclass(frozen=True, slots=True)
class _Parents:
    plugins: dict[str, Plugin]

    def of(self, entity: ConfigObject) -> list[Grants]:
        """Archived and deleted parents show nothing."""
        found = (self.plugins.get(plugin_id) for plugin_id in entity.plugin_ids)
        return [plugin.grants for plugin in found if plugin and plugin.status == PluginStatus.ACTIVE]
