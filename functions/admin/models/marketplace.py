"""Marketplaces on the wire, and the plugins that they hold."""

from typing import Annotated

from pydantic import Field

from functions.admin.models.plugin import Description, PluginRead
from shared.domain.lifecycle import Lifecycle
from shared.domain.plugin import MembershipSource, Plugin
from shared.http.models import Input, Moment, Output
from shared.http.path_ids import PluginIdField
from shared.services.marketplace_plugins import HeldPlugin
from shared.services.marketplaces import MarketplaceDraft

Owner = Annotated[str, Field(min_length=1, max_length=128, description="Whom clients show as its publisher.")]
Logo = Annotated[
    str, Field(min_length=1, max_length=2048, description="An https:// URL, or a path that starts with a single /.")
]
Collects = Annotated[bool, Field(description="It also holds every plugin that is shared with the whole organization.")]


class MarketplaceCreate(Input):
    name: Annotated[str, Field(min_length=1, max_length=128)]
    description: Description | None = None
    owner: Owner | None = None
    logo: Logo | None = None
    collects_org_wide: Collects = False

    def to_draft(self) -> MarketplaceDraft:
        return MarketplaceDraft(self.name, self.description, self.owner, self.logo, self.collects_org_wide)


class MarketplacePatch(Input):
    """Fields that are left out stay; null clears a text.

    A marketplace's name cannot be changed: clients know it, and every plugin installed from it, by that.
    """

    description: Description | None = None
    owner: Owner | None = None
    logo: Logo | None = None
    collects_org_wide: Collects = False

    def to_changes(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.model_fields_set}


class MarketplaceRead(Output):
    """`slug` is its address below `/git/<org>/` and the name that clients know it by."""

    id: str
    name: str
    slug: str
    description: str | None
    owner: str | None
    logo: str | None
    status: Lifecycle
    collects_org_wide: bool
    created_at: Moment
    updated_at: Moment
    created_by: str
    deleted_at: Moment | None


class HeldPluginCreate(Input):
    plugin_id: PluginIdField


class HeldPluginBulk(Input):
    items: Annotated[list[HeldPluginCreate], Field(min_length=1, max_length=100)]


class HeldPluginRead(Output):
    marketplace_id: str
    plugin_id: str
    source: MembershipSource
    created_at: Moment
    created_by: str
    removed_at: Moment | None


class HeldPluginDetail(HeldPluginRead):
    """A membership with the plugin's current state."""

    plugin: PluginRead

    @classmethod
    def of(cls, held: HeldPlugin) -> "HeldPluginDetail":
        row = HeldPluginRead.of(held.membership)
        return cls(**dict(row), plugin=PluginRead.of(held.plugin))


class OfferedPlugin(Output):
    """A plugin as the marketplace offers it; `version` and `digest` are null until somebody asked delivery for it."""

    plugin_id: str
    name: str
    description: str | None
    version: str | None
    digest: str | None

    @classmethod
    def of(cls, plugin: Plugin) -> "OfferedPlugin":
        return cls(
            plugin_id=plugin.id,
            name=plugin.name,
            description=plugin.description,
            version=plugin.delivered_version,
            digest=plugin.current_digest,
        )
