"""A caller's catalog as a tree of files: in one piece where that fits a git answer, else as links."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shared.domain.content import sha256_hex
from shared.domain.plugin import Plugin
from shared.domain.rendering.claude_code import plugin_tree
from shared.domain.rendering.format import FORMAT
from shared.domain.rendering.manifest import Manifest
from shared.domain.rendering.marketplace import MAX_PACK, Catalog, Elsewhere, Offer, catalog_tree, linking_tree
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_digests import MAX_RENDERED, DeliveryDigests
from shared.services.marketplace_repositories import Packed
from shared.services.shelves import Shelf, names_of

Link = Callable[[str, Plugin], Elsewhere]
"""Where a plugin's own repository is, by the name that the catalog gives it."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What a catalog offers: plugins by their names in it, and the manifests of all by id."""

    org_id: str
    catalog: Catalog
    offered: Mapping[str, Plugin]
    manifests: Mapping[str, Manifest]


@dataclass(frozen=True, slots=True)
class Catalogs:
    contents: DeliveryContents
    digests: DeliveryDigests

    def stock(self, org_id: str, shelf: Shelf, plugins: Sequence[Plugin]) -> Stock:
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
        return Stock(org_id, catalog, offered, manifests)

    def in_one_piece(self, stock: Stock) -> Packed | None:
        """None for more than fits an answer."""
        chosen = [stock.manifests[plugin.id] for plugin in stock.offered.values()]
        if sum(manifest.size for manifest in chosen) > MAX_RENDERED:
            return None
        files = self.contents.read(stock.org_id, (item for manifest in chosen for item in manifest.items))
        versions = {offer.name: offer.version for offer in stock.catalog.offers}
        folders = {
            name: plugin_tree(stock.manifests[plugin.id], name, versions[name], files)
            for name, plugin in stock.offered.items()
        }
        packed = Packed.of(catalog_tree(stock.catalog, folders), [plugin.id for plugin in stock.offered.values()])
        return packed if len(packed.pack) <= MAX_PACK else None

    def as_links(self, stock: Stock, link: Link) -> Packed:
        repositories = {name: link(name, plugin) for name, plugin in stock.offered.items()}
        return Packed.of(linking_tree(stock.catalog, repositories), [plugin.id for plugin in stock.offered.values()])


def _offer(name: str, plugin: Plugin, manifests: Mapping[str, Manifest]) -> Offer:
    return Offer(name, plugin.delivered_version or "", manifests[plugin.id].description)


def name_of(*parts: object) -> str:
    """A hash of everything that a rendering depends on: equal parts have been rendered before."""
    return sha256_hex(json.dumps([FORMAT, *parts], separators=(",", ":")).encode())
