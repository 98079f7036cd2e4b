"""Plugins as archives behind one JSON document, per caller, under the names that the git rendering gives them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from shared.domain.access import Actor
from shared.domain.content import sha256_hex
from shared.domain.plugin import Plugin
from shared.domain.rendering.archive import write_zip
from shared.domain.rendering.claude_code import plugin_tree, unwritable_paths
from shared.domain.rendering.format import FORMAT
from shared.domain.rendering.json_marketplace import SUFFIX, ArchiveOffer, JsonCatalog
from shared.domain.rendering.layouts import ArchiveFormat
from shared.domain.rendering.manifest import Manifest
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_digests import MAX_RENDERED, DeliveryDigests
from shared.services.delivery_memory import Memory
from shared.services.renderings import Rendered, Renderings
from shared.services.shelves import Shelf, Shelves, names_of
from shared.storage.content_store import archive_key, catalog_key

_OFFERS_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class JsonMarketplace:
    shelves: Shelves
    contents: DeliveryContents
    digests: DeliveryDigests
    renderings: Renderings
    views: Memory[JsonCatalog] = field(
        default_factory=lambda: Memory(_OFFERS_KEPT, lambda one: 1 + len(one.offers)), repr=False
    )

    def catalog(self, actor: Actor, shelf: Shelf) -> JsonCatalog:
        """What the caller is offered there; archives are made only for content that nobody asked for before."""
        plugins = self.shelves.plugins(actor, shelf)
        states = sorted((plugin.id, plugin.content_version) for plugin in plugins)
        name = sha256_hex(json.dumps([FORMAT, "json-marketplace", states], separators=(",", ":")).encode())
        known = self.views.get(name)
        if known is None:
            stored = self.renderings.find(catalog_key(actor.org_id, name))
            known = self.views.put(name, _read(stored) if stored else self._render(actor, name, plugins))
        return known

    def archive(self, actor: Actor, shelf: Shelf, plugin_name: str, artifact: str) -> Rendered:
        """A plugin's archive, now or as it was; `<sha256>.zip`. Raises: NotFound."""
        plugin = self.shelves.plugin_called(actor, shelf, plugin_name)
        key = _key(actor, plugin.id, artifact.removesuffix(SUFFIX))
        return self.renderings.open(key, f"{plugin_name}{SUFFIX}", ArchiveFormat.ZIP.media_type)

    def _render(self, actor: Actor, name: str, plugins: Sequence[Plugin]) -> JsonCatalog:
        manifests = self.contents.manifests(actor.org_id, plugins)
        known = [self.digests.note(plugin, manifests[plugin.id]) for plugin in plugins]
        names = names_of(known)
        reasons = {plugin.id: _why_left_out(manifests[plugin.id]) for plugin in known}
        offered = sorted((names[plugin.id], plugin) for plugin in known if reasons[plugin.id] is None)
        left_out = {names[each]: reason for each, reason in reasons.items() if reason}
        offers = [self._offer(actor, called, plugin, manifests[plugin.id]) for called, plugin in offered]
        catalog = JsonCatalog(tuple(offers), left_out)
        # The catalog last: whoever reads it must find what it leads to.
        view = json.dumps({"offers": [asdict(one) for one in offers], "left_out": left_out}).encode()
        self.renderings.keep(catalog_key(actor.org_id, name), view, "application/json")
        return catalog

    def _offer(self, actor: Actor, name: str, plugin: Plugin, manifest: Manifest) -> ArchiveOffer:
        version = plugin.delivered_version or ""
        files: Mapping[str, bytes] = self.contents.read(actor.org_id, manifest.items)
        archive = write_zip(plugin_tree(manifest, name, version, files))
        digest = sha256_hex(archive)
        self.renderings.keep(_key(actor, plugin.id, digest), archive, ArchiveFormat.ZIP.media_type)
        return ArchiveOffer(name, plugin.id, version, digest, manifest.description)


def _why_left_out(manifest: Manifest) -> str | None:
    if manifest.size > MAX_RENDERED:
        return f"its files have {manifest.size:,} bytes; an archive holds {MAX_RENDERED:,}."
    return unwritable_paths(manifest)


def _key(actor: Actor, plugin_id: str, digest: str) -> str:
    """Named by the plugin too: who may have it now may have what it was, and nothing else."""
    return archive_key(actor.org_id, sha256_hex(f"json-marketplace {plugin_id} {digest}".encode()), SUFFIX)


def _read(stored: bytes) -> JsonCatalog:
    view = json.loads(stored)
    return JsonCatalog(tuple(ArchiveOffer(**one) for one in view["offers"]), view["left_out"])
