"""Releases to pin to: each can be had as it was signed, whatever the plugin delivers by now."""

from dataclasses import dataclass, replace

from shared.domain.access import Actor
from shared.domain.errors import NotFound
from shared.domain.paging import Page, PageRequest
from shared.domain.plugin import DeliveryMode, Plugin
from shared.domain.release import Release
from shared.domain.rendering.manifest import Manifest
from shared.repositories.releases import ReleaseRepository
from shared.services.delivery_access import DeliveryAccess
from shared.services.delivery_contents import DeliveryContents
from shared.services.side_by_side import side_by_side


@dataclass(frozen=True, slots=True)
class DeliveryReleases:
    access: DeliveryAccess
    releases: ReleaseRepository
    contents: DeliveryContents

    def list_page(self, actor: Actor, plugin_id: str, page: PageRequest) -> Page[Release]:
        """Newest first. Raises: NotFound."""
        return self.releases.list_page(actor.org_id, self.access.get(actor, plugin_id).id, page)

    def get_manifest(self, actor: Actor, plugin_id: str, release_id: str) -> tuple[Plugin, Manifest]:
        """The plugin as if this release were promoted, and what it delivers then. Raises: NotFound."""
        plugin, release = self._read(actor, plugin_id, release_id)
        pinned = _pinned(plugin, release)
        _, manifest = side_by_side(
            lambda: self.access.require(actor, plugin), lambda: self.contents.manifest(pinned, ())
        )
        return pinned, manifest

    def find(self, actor: Actor, plugin_id: str, release_id: str) -> tuple[Plugin, Release]:
        """The plugin as if this release were promoted, and the release. Raises: NotFound."""
        plugin, release = self._read(actor, plugin_id, release_id)
        self.access.require(actor, plugin)
        return _pinned(plugin, release), release

    def _read(self, actor: Actor, plugin_id: str, release_id: str) -> tuple[Plugin, Release]:
        """Whether or not the caller may have them: `access.require` says. Raises: NotFound."""
        plugin, found = side_by_side(
            lambda: self.access.find(actor, plugin_id),
            lambda: self.releases.find_all(actor.org_id, plugin_id, release_id),
        )
        if release_id not in found:
            # Who may not have the plugin is not told that it is only the release that is missing.
            self.access.require(actor, plugin)
            raise NotFound("release of this plugin")
        return plugin, found[release_id]


def _pinned(plugin: Plugin, release: Release) -> Plugin:
    return replace(plugin, delivery_mode=DeliveryMode.RELEASED, promoted=release.promoted)
