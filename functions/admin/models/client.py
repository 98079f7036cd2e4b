"""Clients and adoption on the wire of the admin API."""

from typing import Annotated

from pydantic import Field

from shared.domain.client_state import Adoption, ClientKind, FoundClient, InstalledPlugin
from shared.domain.plugin import Plugin
from shared.http.cursors import PageQuery
from shared.http.models import Moment, Output
from shared.http.path_ids import MemberIdField, PluginIdField
from shared.services.fleet import FleetFilter


class FleetQuery(PageQuery):
    plugin_id: Annotated[PluginIdField | None, Field(description="Only clients that have this plugin.")] = None
    digest: Annotated[
        str | None, Field(pattern=r"^sha256:[0-9a-f]{64}$", description="Only those that have this content of it.")
    ] = None
    member_id: Annotated[MemberIdField | None, Field(description="Only clients of this member.")] = None
    kind: Annotated[ClientKind | None, Field(description="Only clients of this kind.")] = None
    drifted: Annotated[bool | None, Field(description="Only clients with drift, or only those without.")] = None

    @property
    def filter(self) -> FleetFilter:
        return FleetFilter(self.plugin_id, self.digest, self.member_id, self.kind, self.drifted)


class InstalledAt(Output):
    """What a client has of the plugin that was asked for."""

    plugin_id: str
    digest: str
    version: str | None
    release_id: str | None
    drifted: int

    @classmethod
    def of_plugin(cls, plugin: InstalledPlugin, drifted: int) -> "InstalledAt":
        return cls(
            plugin_id=plugin.plugin_id,
            digest=plugin.digest,
            version=plugin.version,
            release_id=plugin.release_id,
            drifted=drifted,
        )


class ClientRead(Output):
    """`tokenId` where a token that acts for no member reports it. `drifted` counts items of all its plugins."""

    id: str
    member_id: str | None
    token_id: str | None
    kind: ClientKind
    name: str | None
    version: str | None
    plugin_count: int
    drifted: int
    plugin: InstalledAt | None
    created_at: Moment
    reported_at: Moment
    forgotten_at: Moment

    @classmethod
    def of_found(cls, found: FoundClient) -> "ClientRead":
        state, plugin = found.state, found.plugin
        return cls(
            id=state.id,
            member_id=state.member_id,
            token_id=state.token_id,
            kind=state.kind,
            name=state.name,
            version=state.version,
            plugin_count=state.plugin_count,
            drifted=state.drifted,
            plugin=InstalledAt.of_plugin(plugin, found.drifted) if plugin else None,
            created_at=state.created_at,
            reported_at=state.reported_at,
            forgotten_at=state.forgotten_at,
        )


class KindCount(Output):
    kind: ClientKind
    clients: int


class AdoptionRead(Output):
    """Clients that have one content of the plugin, and the members whose they are. `version` is what they call it;
    `drifted` counts the clients where an item differs from what was installed; `current` says whether it is what the
    plugin delivers now.
    """

    digest: str
    version: str | None
    current: bool
    clients: int
    members: int
    drifted: int
    kinds: list[KindCount]

    @classmethod
    def of_plugin(cls, plugin: Plugin, found: Adoption) -> "AdoptionRead":
        return cls(
            digest=found.digest,
            version=found.version,
            current=found.digest == plugin.current_digest,
            clients=found.clients,
            members=found.members,
            drifted=found.drifted,
            kinds=[KindCount(kind=kind, clients=count) for kind, count in sorted(found.kinds.items())],
        )
