"""Checks of MCP servers before anybody relies on them: what a local one needs, what a remote one answers."""

from dataclasses import dataclass

from shared.domain.access import Action, Actor
from shared.domain.config_object import ConfigObject
from shared.domain.config_types.mcp import MCP
from shared.domain.config_types.mcp_install import InstallNeeds, install_needs
from shared.domain.errors import Conflict, Invalid, NotFound
from shared.services.config_objects import ConfigObjects, VersionContent


@dataclass(frozen=True, slots=True)
class McpChecks:
    objects: ConfigObjects

    def check_install(self, actor: Actor, object_id: str) -> InstallNeeds:
        """What a local server needs on the machine that runs it.

        Raises: NotFound, also for another type; Invalid for a remote server; Conflict while no version loads.
        """
        content = self._content(actor, self._get(actor, object_id, Action.VIEW))
        if content.payload["connection"] != "local":
            raise Invalid.field("id", "is a remote server, which needs nothing installed; use test-connection")
        return install_needs(content.payload)

    def _get(self, actor: Actor, object_id: str, action: Action) -> ConfigObject:
        entity = self.objects.get(actor, object_id, action)
        if entity.type != MCP.name:
            raise NotFound("MCP server")
        return entity

    def _content(self, actor: Actor, entity: ConfigObject) -> VersionContent:
        """Of the newest good version."""
        if entity.head_version_id is None:
            raise Conflict("No version of this server loads yet; see its diagnostics.")
        return self.objects.get_version(actor, entity.id, entity.head_version_id)
