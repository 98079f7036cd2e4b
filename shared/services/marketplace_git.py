"""Plugins as git repositories: a catalog per caller, one per marketplace, one per plugin that would grow too large."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.domain.access import Actor
from shared.domain.content import sha256_hex
from shared.domain.errors import NotFound
from shared.domain.plugin import Plugin
from shared.domain.rendering.claude_code import plugin_tree
from shared.domain.rendering.manifest import FORMAT, Manifest
from shared.domain.rendering.marketplace import MAX_PACK, Catalog, Elsewhere, Offer, catalog_tree, linking_tree
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_digests import MAX_RENDERED, DeliveryDigests
from shared.services.marketplace_repositories import Packed, Repositories, Repository
from shared.services.shelves import Shelf, Shelves, names_of


@dataclass(frozen=True, slots=True)
class GitMarketplace:
    shelves: Shelves
    contents: DeliveryContents
    digests: DeliveryDigests
    repositories: Repositories

    def open(self, actor: Actor, shelf: Shelf) -> Repository:
        """The catalog of what the caller is given there."""
        plugins = self.shelves.plugins(actor, shelf)
        states = sorted((plugin.id, plugin.content_version) for plugin in plugins)
        name = _name("catalog", shelf.name, shelf.url, shelf.owner, shelf.description, states)
        return self.repositories.open(actor.org_id, name, lambda: self._pack_catalog(actor.org_id, shelf, plugins))

    def open_plugin(self, actor: Actor, shelf: Shelf, plugin_name: str) -> Repository:
        """One plugin's own repository, under the name that the caller's catalog gives it. Raises: NotFound."""
        known = self.digests.known([self.shelves.plugin_called(actor, shelf, plugin_name)])[0]
        if known.undeliverable:
            raise NotFound(f"repository of this plugin: {known.undeliverable}")
        return self._own_repository(known, plugin_name)

    def _pack_catalog(self, org_id: str, shelf: Shelf, plugins: Sequence[Plugin]) -> Packed:
        """In one piece where that fits a git answer, else as links to the plugins' own repositories."""
        manifests = self.contents.manifests(org_id, plugins)
        known = [self.digests.note(plugin, manifests[plugin.id]) for plugin in plugins]
        names = names_of(known)
        offered = {names[plugin.id]: plugin for plugin in known if plugin.undeliverable is None}
        catalog = Catalog(
            shelf.name,
            [_offer(name, offered[name], manifests) for name in sorted(offered)],
            {names[plugin.id]: plugin.undeliverable for plugin in known if plugin.undeliverable},
            shelf.owner,
            shelf.description,
        )
        whole = self._in_one_piece(org_id, catalog, offered, manifests)
        return whole or self._as_links(shelf, catalog, offered)

    def _in_one_piece(
        self, org_id: str, catalog: Catalog, offered: Mapping[str, Plugin], manifests: Mapping[str, Manifest]
    ) -> Packed | None:
        chosen = [manifests[plugin.id] for plugin in offered.values()]
        if sum(manifest.size for manifest in chosen) > MAX_RENDERED:
            return None
        files = self.contents.read(org_id, (item for manifest in chosen for item in manifest.items))
        versions = {offer.name: offer.version for offer in catalog.offers}
        folders = {
            name: plugin_tree(manifests[plugin.id], name, versions[name], files) for name, plugin in offered.items()
        }
        packed = Packed.of(catalog_tree(catalog, folders))
        return packed if len(packed.pack) <= MAX_PACK else None

    def _as_links(self, shelf: Shelf, catalog: Catalog, offered: Mapping[str, Plugin]) -> Packed:
        repositories = {
            name: Elsewhere(f"{shelf.url}/{name}.git", self._own_repository(plugin, name).commit_id)
            for name, plugin in offered.items()
        }
        return Packed.of(linking_tree(catalog, repositories))

    def _own_repository(self, plugin: Plugin, name: str) -> Repository:
        key = _name("plugin", plugin.id, plugin.content_version, name)
        return self.repositories.open(plugin.org_id, key, lambda: self._pack_plugin(plugin, name))

    def _pack_plugin(self, plugin: Plugin, name: str) -> Packed:
        manifest = self.contents.manifests(plugin.org_id, [plugin])[plugin.id]
        files = self.contents.read(plugin.org_id, manifest.items)
        version = self.digests.note(plugin, manifest).delivered_version or ""
        return Packed.of(plugin_tree(manifest, name, version, files))


def _offer(name: str, plugin: Plugin, manifests: Mapping[str, Manifest]) -> Offer:
    return Offer(name, plugin.delivered_version or "", manifests[plugin.id].description)


def _name(*parts: object) -> str:
    """A hash of everything that a rendering depends on: equal parts have been rendered before."""
    return sha256_hex(json.dumps([FORMAT, *parts], separators=(",", ":")).encode())
