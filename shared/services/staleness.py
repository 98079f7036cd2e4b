"""Tells what is stale beside what is read: a target that stops is noted once, what it has brought is not written."""

from dataclasses import dataclass

from shared.domain.access import Actor
from shared.domain.config_object import ConfigObject
from shared.domain.plugin import Plugin
from shared.domain.staleness import FedPlugin, ShownObject, StoppedTargets
from shared.repositories.stopped_targets import StoppedTargetRepository
from shared.services.plugins import Plugins


@dataclass(frozen=True, slots=True)
class Staleness:
    stopped: StoppedTargetRepository
    plugins: Plugins

    def show(self, entity: ConfigObject) -> ShownObject:
        """An object that was just changed; one that has no source costs no read."""
        return self.stopped.find(entity.org_id).shown(entity) if entity.source else ShownObject(entity)

    def get_plugin(self, actor: Actor, plugin_id: str) -> FedPlugin:
        """Raises: NotFound for unknown, foreign and hidden ones alike."""
        return self.feed(self.plugins.get(actor, plugin_id))

    def feed(self, plugin: Plugin) -> FedPlugin:
        """One that no target feeds costs no read."""
        return (self.stopped.find(plugin.org_id) if plugin.target_ids else StoppedTargets()).fed(plugin)
