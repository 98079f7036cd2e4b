"""Plugins on delivery's wire: the row of a list, and how to ask for lists and archives."""

from typing import Annotated, Literal

from pydantic import Field

from shared.domain.plugin import Plugin
from shared.domain.rendering.layouts import ArchiveFormat, Client
from shared.http.cursors import PageQuery
from shared.http.models import Input, Output
from shared.http.path_ids import MarketplaceIdField
from shared.services.delivery_access import PluginFilter
from shared.services.delivery_archives import ArchiveRequest

Channel = Literal["rolling", "release"]


class Undeliverable(Output):
    """A way of delivery that this plugin cannot take, and why."""

    by: str
    reason: str

    @classmethod
    def all_of(cls, plugin: Plugin) -> "list[Undeliverable]":
        return [cls(by="git", reason=plugin.undeliverable)] if plugin.undeliverable else []


class DeliveredRelease(Output):
    id: str
    number: int
    version: str

    @classmethod
    def of_plugin(cls, plugin: Plugin) -> "DeliveredRelease | None":
        return cls.of(plugin.release) if plugin.release else None


def channel_of(plugin: Plugin) -> Channel:
    return "release" if plugin.release else "rolling"


class DeliveredPlugin(Output):
    """`version` grows with every change and is unique to its content; `digest` is equal for equal content."""

    id: str
    name: str
    description: str | None
    channel: Channel
    release: DeliveredRelease | None
    version: str | None
    digest: str | None
    undeliverable: list[Undeliverable]

    @classmethod
    def of(cls, plugin: Plugin) -> "DeliveredPlugin":
        return cls(
            id=plugin.id,
            name=plugin.name,
            description=plugin.description,
            channel=channel_of(plugin),
            release=DeliveredRelease.of_plugin(plugin),
            version=plugin.delivered_version,
            digest=plugin.current_digest,
            undeliverable=Undeliverable.all_of(plugin),
        )


class PluginQuery(PageQuery):
    q: Annotated[str | None, Field(max_length=200, description="Words to find in name and description.")] = None
    team_id: Annotated[str | None, Field(description="Only what this team was given.")] = None

    marketplace_id: Annotated[MarketplaceIdField | None, Field(description="Only what this marketplace holds.")] = None

    @property
    def filter(self) -> PluginFilter:
        return PluginFilter(self.q, self.team_id, self.marketplace_id)


class ItemArchiveQuery(Input):
    format: ArchiveFormat = ArchiveFormat.ZIP


class ClientArchiveQuery(ItemArchiveQuery):
    client: Annotated[Client, Field(description="Who unpacks it; raw has one folder per config object.")] = Client.RAW

    @property
    def archive(self) -> ArchiveRequest:
        return ArchiveRequest(self.client, self.format)


_Digest = Annotated[
    str | None,
    Field(
        pattern=r"^sha256:[0-9a-f]{64}$",
        description="Exactly the content that a manifest named, up to 30 days after another replaced it.",
    ),
]


class ArchiveQuery(ClientArchiveQuery):
    digest: _Digest = None


class ManifestQuery(Input):
    digest: _Digest = None


class ArchiveRead(Output):
    """`url` is also the answer's `Location`; it is good for five minutes, for one archive, and needs no credential.

    `sha256`, in hex, is of the archive's bytes: check it when they have come.
    """

    url: str
    sha256: str
    file_name: str
