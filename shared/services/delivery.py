"""Native delivery: the plugins that a caller may have, their manifests, and their archives."""

from dataclasses import dataclass

from shared.domain.access import Actor
from shared.domain.marketplace import Marketplace
from shared.domain.paging import Page, PageRequest
from shared.domain.plugin import Plugin
from shared.domain.rendering.layouts import ArchiveFormat
from shared.domain.rendering.manifest import Manifest
from shared.services.delivery_access import DeliveryAccess, PluginFilter
from shared.services.delivery_archives import ArchiveLink, ArchiveRequest, DeliveryArchives
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_digests import DeliveryDigests
from shared.services.delivery_history import DeliveryHistory
from shared.services.delivery_releases import DeliveryReleases
from shared.services.side_by_side import side_by_side


@dataclass(frozen=True, slots=True)
class Delivery:
    access: DeliveryAccess
    contents: DeliveryContents
    digests: DeliveryDigests
    releases: DeliveryReleases
    history: DeliveryHistory
    archives: DeliveryArchives

    def list_plugins(self, actor: Actor, wanted: PluginFilter, page: PageRequest) -> Page[Plugin]:
        """Oldest first, each with the digest of what it delivers now; a page may be short and have a cursor.

        Raises: NotFound for a marketplace that is named and not open to the caller.
        """
        found = self._page(actor, wanted.marketplace_id, page)
        taken = [plugin for plugin in found.items if wanted.takes(plugin)]
        return Page(self.digests.known(taken), found.next_after)

    def list_marketplaces(self, actor: Actor) -> list[Marketplace]:
        return self.access.list_marketplaces(actor)

    def get_marketplace(self, actor: Actor, marketplace_id: str) -> tuple[Marketplace, list[Plugin]]:
        """One with the plugins that it delivers now. Raises: NotFound."""
        marketplace = self.access.get_marketplace(actor, marketplace_id)
        return marketplace, self.digests.known(self.access.list_held(actor, marketplace))

    def get_plugin(self, actor: Actor, plugin_id: str) -> Plugin:
        """Raises: NotFound."""
        return self.digests.known([self.access.get(actor, plugin_id)])[0]

    def get_manifest(self, actor: Actor, plugin_id: str, digest: str | None = None) -> tuple[Plugin, Manifest]:
        """What the plugin delivers now; or what it delivered under a `digest`, up to 30 days after that was replaced.

        Raises: NotFound for the plugin, or for content that is not kept.
        """
        plugin, object_ids = self.access.find_with_objects(actor, plugin_id)
        if digest not in (None, plugin.current_digest):
            self.access.require(actor, plugin)
            return self.history.get_manifest(plugin, digest or "")
        # Whether the caller may have it is settled while it is read: through a marketplace that takes a read, too.
        _, manifest = side_by_side(
            lambda: self.access.require(actor, plugin), lambda: self.contents.manifest(plugin, object_ids)
        )
        noted = self.digests.note(plugin, manifest)
        return (
            (noted, manifest) if digest in (None, manifest.digest) else self.history.get_manifest(plugin, digest or "")
        )

    def download_plugin(
        self, actor: Actor, plugin_id: str, wanted: ArchiveRequest, digest: str | None = None
    ) -> ArchiveLink:
        """The archive of the plugin's content: now, or when it had `digest`.

        Raises: NotFound for the plugin, or for content that is not kept; TooLarge.
        """
        plugin = self.get_plugin(actor, plugin_id)
        if digest in (None, plugin.current_digest):
            found = self.archives.find_plugin(plugin, wanted)
            return found or self.archives.build_plugin(*self.get_manifest(actor, plugin_id, digest), wanted)
        # Made anew before an archive is looked for: one with secrets that may not be delivered any more is not given.
        then, manifest = self.history.get_manifest(plugin, digest or "")
        return self.archives.find_plugin(then, wanted) or self.archives.build_plugin(then, manifest, wanted)

    def download_release(self, actor: Actor, plugin_id: str, release_id: str, wanted: ArchiveRequest) -> ArchiveLink:
        """The same for a release, also when it is not the delivered one. Raises: NotFound; TooLarge."""
        plugin, release = self.releases.find(actor, plugin_id, release_id)
        pinned = plugin.delivering(release.digest)
        found = self.archives.find_plugin(pinned, wanted)
        return found or self.archives.build_plugin(pinned, self.contents.manifest(pinned, ()), wanted)

    def download_object(self, actor: Actor, object_id: str, archive_format: ArchiveFormat) -> ArchiveLink:
        """The same for one object's files alone. Raises: NotFound unless a plugin delivers it to them; TooLarge."""
        entity, plugin = self.access.get_object(actor, object_id)
        return self.archives.open_item(actor.org_id, self.contents.item(plugin, entity.head), archive_format)

    def _page(self, actor: Actor, marketplace_id: str | None, page: PageRequest) -> Page[Plugin]:
        if marketplace_id is None:
            return self.access.list_page(actor, page)
        return self.access.list_held_page(actor, self.access.get_marketplace(actor, marketplace_id), page)
