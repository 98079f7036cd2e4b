"""Native delivery: the plugins that a caller may have, their manifests, and their archives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from shared.domain.access import Actor
from shared.domain.content import sha256_hex
from shared.domain.errors import NotFound, TooLarge
from shared.domain.marketplace import Marketplace
from shared.domain.paging import Page, PageRequest
from shared.domain.plugin import Plugin
from shared.domain.rendering.format import FORMAT
from shared.domain.rendering.layouts import ArchiveFormat, Client, render_item, render_plugin
from shared.domain.rendering.manifest import Item, Manifest
from shared.domain.rendering.tree import FileTree
from shared.services.delivery_access import DeliveryAccess, PluginFilter
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_digests import MAX_RENDERED, DeliveryDigests
from shared.services.delivery_releases import DeliveryReleases
from shared.services.side_by_side import side_by_side
from shared.storage.content_store import ContentStore, archive_key

LINK_SECONDS: Final = 300
"""How long a download may take to start once it was asked for."""


Render = Callable[[Mapping[str, bytes]], FileTree]


@dataclass(frozen=True, slots=True)
class ArchiveRequest:
    client: Client
    format: ArchiveFormat


@dataclass(frozen=True, slots=True)
class Delivery:
    access: DeliveryAccess
    contents: DeliveryContents
    digests: DeliveryDigests
    releases: DeliveryReleases
    storage: Callable[[], ContentStore] = field(repr=False)

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

    def get_manifest(self, actor: Actor, plugin_id: str) -> tuple[Plugin, Manifest]:
        """Raises: NotFound."""
        plugin, object_ids = self.access.find_with_objects(actor, plugin_id)
        # Whether the caller may have it is settled while it is read: through a marketplace that takes a read, too.
        _, manifest = side_by_side(
            lambda: self.access.require(actor, plugin), lambda: self.contents.manifest(plugin, object_ids)
        )
        return self.digests.note(plugin, manifest), manifest

    def download_plugin(self, actor: Actor, plugin_id: str, wanted: ArchiveRequest, digest: str | None = None) -> str:
        """A URL, good for LINK_SECONDS, of the archive of the plugin's content: now, or when it had `digest`.

        Raises: NotFound for the plugin, or for content that is neither current nor kept any more; TooLarge.
        """
        plugin = self.get_plugin(actor, plugin_id)
        key = _archive_of(plugin, digest or plugin.current_digest or "", wanted)
        if not self.storage().has_rendering(key):
            plugin, manifest = self.get_manifest(actor, plugin_id)
            if digest not in (None, manifest.digest):
                raise NotFound("content of this plugin any more; read its manifest again")
            key = _archive_of(plugin, manifest.digest, wanted)
            self._build(actor.org_id, key, wanted.format, manifest.items, _renderer(plugin, manifest, wanted.client))
        return self._link(key, plugin.name, wanted)

    def download_release(self, actor: Actor, plugin_id: str, release_id: str, wanted: ArchiveRequest) -> str:
        """The same for a release, also when it is not the delivered one. Raises: NotFound; TooLarge."""
        plugin, release = self.releases.find(actor, plugin_id, release_id)
        # By its version, too, which stands in the archive: releases and rolling content may be equal but for that.
        key = _archive_of(plugin, f"{release.digest} {release.version}", wanted)
        if not self.storage().has_rendering(key):
            manifest = self.contents.manifest(plugin, ())
            self._build(actor.org_id, key, wanted.format, manifest.items, _renderer(plugin, manifest, wanted.client))
        return self._link(key, f"{plugin.name}-{release.version}", wanted)

    def download_object(self, actor: Actor, object_id: str, archive_format: ArchiveFormat) -> str:
        """The same for one object's files alone. Raises: NotFound unless a plugin delivers it to the caller."""
        entity, plugin = self.access.get_object(actor, object_id)
        item = self.contents.item(plugin, entity.head)
        wanted = ArchiveRequest(Client.RAW, archive_format)
        key = _key(actor.org_id, wanted, item.digest)
        if not self.storage().has_rendering(key):
            self._build(actor.org_id, key, archive_format, [item], partial(render_item, item))
        return self._link(key, item.install_name.replace(":", "-"), wanted)

    def _page(self, actor: Actor, marketplace_id: str | None, page: PageRequest) -> Page[Plugin]:
        if marketplace_id is None:
            return self.access.list_page(actor, page)
        return self.access.list_held_page(actor, self.access.get_marketplace(actor, marketplace_id), page)

    def _build(
        self, org_id: str, key: str, archive_format: ArchiveFormat, items: Sequence[Item], render: Render
    ) -> None:
        """Write the archive, once for all who ask for this content."""
        size = sum(item.size for item in items)
        if size > MAX_RENDERED:
            raise TooLarge(f"An archive holds up to {MAX_RENDERED:,} bytes of files; this would hold {size:,}.")
        files = self.contents.read(org_id, items)
        self.storage().put_rendering(key, archive_format.write(render(files)), archive_format.media_type)

    def _link(self, key: str, name: str, wanted: ArchiveRequest) -> str:
        return self.storage().presign(key, f"{name}.{wanted.format}", LINK_SECONDS)


def _renderer(plugin: Plugin, manifest: Manifest, client: Client) -> Render:
    return partial(render_plugin, manifest, client, plugin.delivered_version or "")


def _archive_of(plugin: Plugin, digest: str, wanted: ArchiveRequest) -> str:
    return _key(plugin.org_id, wanted, f"{plugin.id} {digest}")


def _key(org_id: str, wanted: ArchiveRequest, content: str) -> str:
    """Named by what goes into it, so that a program that knows the content knows where its archive would be."""
    name = sha256_hex(f"{FORMAT} {wanted.client} {content}".encode())
    return archive_key(org_id, name, f".{wanted.format}")
