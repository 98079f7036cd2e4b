"""Plugins on the wire."""

from typing import Annotated

from pydantic import Field

from shared.domain.connector import TargetHealth
from shared.domain.plugin import DeliveryMode, PluginStatus
from shared.domain.staleness import FedPlugin
from shared.http.models import Input, Moment, Output

Description = Annotated[str, Field(max_length=2048)]


class PluginPatch(Input):
    """Fields that are left out stay; `description: null` clears it.

    A plugin's name cannot be changed: clients install and update by it.
    """

    description: Description | None = None
    delivery_mode: DeliveryMode = DeliveryMode.ROLLING

    def to_changes(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.model_fields_set}


class PluginRead(Output):
    id: str
    name: str
    slug: str
    description: str | None
    status: PluginStatus
    delivery_mode: DeliveryMode
    marketplace_ids: list[str]
    created_at: Moment
    updated_at: Moment
    created_by: str
    deleted_at: Moment | None


class StoppedTargetRead(Output):
    target_id: str
    health: TargetHealth
    reason: str | None


class PluginDetail(PluginRead):
    """A plugin with the connector targets that feed it.

    `stale`: nothing comes from some of them any more (`stoppedTargets`); what came before stays, and is delivered.
    """

    target_ids: list[str]
    stale: bool
    stopped_targets: list[StoppedTargetRead]

    @classmethod
    def of(cls, fed: FedPlugin) -> "PluginDetail":
        plugin, feeding = fed.plugin, fed.stopped
        return cls(
            **dict(PluginRead.of(plugin)),
            target_ids=sorted(plugin.target_ids),
            stale=bool(feeding),
            stopped_targets=[
                StoppedTargetRead(target_id=each, health=health, reason=health.reason)
                for each, health in feeding.items()
            ],
        )
