"""Use cases around plugins: what belongs to them, the marketplaces that hold them, who may use them."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.repositories import Repositories

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.domain.access import Action, Actor
    from shared.domain.marketplace import Marketplace
    from shared.domain.plugin import Plugin
    from shared.services.accessible_plugins import AccessiblePlugins
    from shared.services.bulk_membership import BulkMembership
    from shared.services.delivery_access import DeliveryAccess
    from shared.services.delivery_contents import DeliveryContents
    from shared.services.delivery_digests import DeliveryDigests
    from shared.services.grants import ResourceGrants, Shared
    from shared.services.lifecycles import Lifecycles
    from shared.services.marketplace_plugins import MarketplacePlugins
    from shared.services.marketplaces import Marketplaces
    from shared.services.organizations import Capabilities
    from shared.services.plugin_preparations import PluginPreparations
    from shared.services.plugins import Plugins
    from shared.services.releases import Releases
    from shared.services.resolution import PluginResolution
    from shared.services.sealing import Sealing
    from shared.services.visibility import Visibility


class Publishing(Repositories):
    @cached_property
    def capabilities(self) -> "Capabilities":
        from shared.services.organizations import Capabilities

        return Capabilities(self.organization_rows)

    @cached_property
    def visibility(self) -> "Visibility":
        from shared.services.visibility import Visibility

        return Visibility(self.plugin_rows, self.marketplace_rows)

    @cached_property
    def accessible_plugins(self) -> "AccessiblePlugins":
        from shared.services.accessible_plugins import AccessiblePlugins

        return AccessiblePlugins(self.plugin_rows, self.marketplace_rows)

    @cached_property
    def plugins(self) -> "Plugins":
        from shared.services.plugins import Plugins

        return Plugins(
            self.plugin_rows,
            self.membership_rows,
            self.object_rows,
            self.grant_rows,
            self.capabilities,
            self.visibility,
            self.accessible_plugins,
            self.mint,
            self.begin,
        )

    @cached_property
    def plugin_lifecycle(self) -> "Lifecycles[Plugin]":
        from shared.services.lifecycles import Lifecycles

        return Lifecycles("plugin", self.plugins.get, self.plugin_rows, self.mint, self.begin)

    @cached_property
    def bulk_membership(self) -> "BulkMembership":
        from shared.services.bulk_membership import BulkMembership

        return BulkMembership(self.plugins, self.begin)

    @cached_property
    def plugin_preparations(self) -> "PluginPreparations":
        from shared.services.plugin_preparations import PluginPreparations

        return PluginPreparations(
            self.preparation_rows, self.plugin_rows, self.object_rows, self.grant_rows, self.mint, self.begin
        )

    @cached_property
    def plugin_grants(self) -> "ResourceGrants":
        return self._grants("plugin", self.plugins.get)

    @cached_property
    def marketplaces(self) -> "Marketplaces":
        from shared.services.marketplaces import Marketplaces

        return Marketplaces(
            self.marketplace_rows, self.organization_rows, self.grant_rows, self.capabilities, self.mint, self.begin
        )

    @cached_property
    def marketplace_lifecycle(self) -> "Lifecycles[Marketplace]":
        from shared.services.lifecycles import Lifecycles

        return Lifecycles("marketplace", self.marketplaces.get, self.marketplace_rows, self.mint, self.begin)

    @cached_property
    def marketplace_plugins(self) -> "MarketplacePlugins":
        from shared.services.marketplace_plugins import MarketplacePlugins

        return MarketplacePlugins(
            self.marketplaces,
            self.held_plugin_rows,
            self.plugin_rows,
            self.visibility,
            self.accessible_plugins,
            self.mint,
            self.begin,
        )

    @cached_property
    def marketplace_grants(self) -> "ResourceGrants":
        return self._grants("marketplace", self.marketplaces.get)

    @cached_property
    def plugin_resolution(self) -> "PluginResolution":
        from shared.services.resolution import PluginResolution

        return PluginResolution(self.plugins, self.membership_rows, self.object_rows, self.version_rows)

    def _grants(self, kind: str, get: "Callable[[Actor, str, Action], Shared]") -> "ResourceGrants":
        from shared.services.grants import ResourceGrants

        return ResourceGrants(
            kind, get, self.grant_rows, self.member_rows, self.team_rows, self.capabilities, self.mint, self.begin
        )

    @cached_property
    def releases(self) -> "Releases":
        from shared.services.releases import Releases

        return Releases(
            self.plugins,
            self.plugin_rows,
            self.membership_rows,
            self.release_rows,
            self.delivery_contents,
            self.content,
            self.signing_key,
            self.mint,
            self.begin,
        )

    @cached_property
    def delivery_access(self) -> "DeliveryAccess":
        from shared.services.delivery_access import DeliveryAccess

        return DeliveryAccess(
            self.plugin_rows,
            self.marketplace_rows,
            self.membership_rows,
            self.object_rows,
            self.accessible_plugins,
            self.visibility,
        )

    @cached_property
    def sealing(self) -> "Sealing":
        from shared.services.sealing import Sealing

        return Sealing(self.data_key_rows, self.key_service, self.content, self.mint, self.random_bytes, self.begin)

    @cached_property
    def delivery_contents(self) -> "DeliveryContents":
        from shared.services.delivery_contents import DeliveryContents

        return DeliveryContents(
            self.membership_rows, self.object_rows, self.version_rows, lambda: self.content, lambda: self.sealing
        )

    @cached_property
    def delivery_digests(self) -> "DeliveryDigests":
        from shared.services.delivery_digests import DeliveryDigests

        return DeliveryDigests(self.plugin_rows, self.kept_content_rows, self.delivery_contents, self.mint, self.begin)
