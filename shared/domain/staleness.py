"""What is stale: content whose source is known, and from which nothing comes any more."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.config_object import ConfigObject
from shared.domain.connector import TargetHealth
from shared.domain.plugin import Plugin


@dataclass(frozen=True, slots=True)
class ShownObject:
    """A config object as it is shown; `stopped` says why it is stale, None where it is not."""

    config_object: ConfigObject
    stopped: TargetHealth | None = None

    @property
    def beside(self) -> tuple[str, ...]:
        """What changes without the object's row."""
        return () if self.stopped is None else (self.stopped,)


@dataclass(frozen=True, slots=True)
class FedPlugin:
    """A plugin, and those of the targets that feed it which have stopped, by id."""

    plugin: Plugin
    stopped: Mapping[str, TargetHealth]

    @property
    def beside(self) -> tuple[str, ...]:
        """What changes without the revision of the plugin's row: a sync that feeds it counts contents alone."""
        return tuple(f"{each} {self.stopped.get(each, '')}" for each in sorted(self.plugin.target_ids))


@dataclass(frozen=True, slots=True)
class StoppedTargets:
    """The targets of an org that are in a `STOPPED` health, by id."""

    health: Mapping[str, TargetHealth] = field(default_factory=dict)

    def shown(self, entity: ConfigObject) -> ShownObject:
        return ShownObject(entity, self.health.get(entity.source.target_id) if entity.source else None)

    def fed(self, plugin: Plugin) -> FedPlugin:
        return FedPlugin(plugin, {each: self.health[each] for each in sorted(plugin.target_ids) if each in self.health})
