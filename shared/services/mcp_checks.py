"""Checks of MCP servers before anybody relies on them: what a local one needs, what a remote one answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shared.connectors.mcp.client import McpClient
from shared.domain.access import Action, Actor
from shared.domain.config_object import ConfigObject
from shared.domain.config_types.mcp import MCP, read_server
from shared.domain.config_types.mcp_install import InstallNeeds, install_needs
from shared.domain.content import SourceFile
from shared.domain.errors import Conflict, Invalid, NotFound
from shared.domain.mcp_connection import ConnectionTest, resolve_server
from shared.services.config_objects import ConfigObjects, VersionContent


@dataclass(frozen=True, slots=True)
class McpChecks:
    objects: ConfigObjects
    client: Callable[[], McpClient] = field(repr=False)

    def check_install(self, actor: Actor, object_id: str) -> InstallNeeds:
        """What a local server needs on the machine that runs it.

        Raises: NotFound, also for another type; Invalid for a remote server; Conflict while no version loads.
        """
        content = self._content(actor, self._get(actor, object_id, Action.VIEW))
        if content.payload["connection"] != "local":
            raise Invalid.field("id", "is a remote server, which needs nothing installed; use test-connection")
        return install_needs(content.payload)

    def test_connection(self, actor: Actor, object_id: str, values: Mapping[str, str]) -> ConnectionTest:
        """Ask a remote server who it is and which tools it has, with its own credentials and `values` for variables.

        A server that does not answer is a result. It is for editors: whoever may choose where a secret is sent.
        Raises: NotFound, also for another type; MissingRole; Invalid for a local server; Conflict while no version
            loads.
        """
        content = self._content(actor, self._get(actor, object_id, Action.EDIT))
        if content.payload["connection"] != "remote":
            raise Invalid.field("id", "is a local server, which runs on its users' machines; use install-check")
        entry = SourceFile(content.version.entry_path or "", (content.source_text or "").encode())
        server = resolve_server(read_server(entry), values)
        if server.transport != "http":
            return ConnectionTest.failed(
                "transport_unsupported", "Only streamable HTTP is tested, not SSE or WebSocket."
            )
        if server.missing:
            message = f"Give values for {', '.join(server.missing)} with the request; they are not stored."
            return ConnectionTest.failed("variables_missing", message, variables=server.missing)
        return self.client().test(server.url, server.headers)

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
