"""Plugins as archives behind one JSON document, per caller, under the names that the git rendering gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from shared.domain.access import Actor
from shared.domain.config_types.values import JSON
from shared.domain.content import sha256_hex
from shared.domain.plugin import Plugin
from shared.domain.rendering.archive import write_zip
from shared.domain.rendering.claude_code import plugin_tree, unwritable_paths
from shared.domain.rendering.json_marketplace import SUFFIX, ArchiveOffer, JsonCatalog
from shared.domain.rendering.layouts import ArchiveFormat
from shared.domain.rendering.manifest import Manifest
from shared.services.caller_views import CallerViews
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_digests import MAX_RENDERED, DeliveryDigests
from shared.services.delivery_memory import Memory
from shared.services.renderings import Rendered, Renderings
from shared.services.shelves import Shelf, Shelves, names_of
from shared.storage.content_store import archive_key

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
        views = CallerViews("json-marketplace", self.renderings, self.views, _write, _read)
        return views.open(actor.org_id, plugins, lambda: self._render(actor, plugins))

    def archive(self, actor: Actor, shelf: Shelf, plugin_name: str, artifact: str) -> Rendered:
        """A plugin's archive, now or as it was; `<sha256>.zip`. Raises: NotFound."""
        plugin = self.shelves.plugin_called(actor, shelf, plugin_name)
        key = _key(actor, plugin.id, artifact.removesuffix(SUFFIX))
        return self.renderings.open(key, f"{plugin_name}{SUFFIX}", ArchiveFormat.ZIP.media_type)

    def _render(self, actor: Actor, plugins: Sequence[Plugin]) -> JsonCatalog:
        manifests = self.contents.manifests(actor.org_id, plugins)
        known = [self.digests.note(plugin, manifests[plugin.id]) for plugin in plugins]
        names = names_of(known)
        reasons = {plugin.id: _why_left_out(manifests[plugin.id]) for plugin in known}
        offered = sorted((names[plugin.id], plugin) for plugin in known if reasons[plugin.id] is None)
        left_out = {names[each]: reason for each, reason in reasons.items() if reason}
        offers = [self._offer(actor, called, plugin, manifests[plugin.id]) for called, plugin in offered]
        return JsonCatalog(tuple(offers), left_out)

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


def _write(catalog: JsonCatalog) -> JSON:
    written: dict[str, JSON] = asdict(catalog)
    return written


def _read(stored: Any) -> JsonCatalog:
    return JsonCatalog(tuple(ArchiveOffer(**one) for one in stored["offers"]), stored["left_out"])
