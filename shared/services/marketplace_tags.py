"""Releases as tags of a catalog's repository, for clients that resolve ranges of versions by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from shared.domain.git.refs import is_ref_name
from shared.domain.paging import PageRequest
from shared.domain.plugin import DeliveryMode, Plugin
from shared.domain.release import Release
from shared.domain.rendering.claude_code import plugin_tree, unwritable_paths
from shared.domain.rendering.marketplace import MAX_PACK, Catalog, Offer, catalog_tree
from shared.repositories.releases import ReleaseRepository
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_digests import MAX_RENDERED
from shared.services.delivery_memory import Memory
from shared.services.marketplace_catalogs import name_of
from shared.services.marketplace_repositories import Packed, Repositories

_EACH: Final = 20
"""Tags of one plugin: its newest releases."""
_TAGS_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Tag:
    """`size` is that of the pack alone."""

    ref: str
    commit_id: str
    size: int
    number: int


Tags = tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class ReleaseTags:
    """`known` by plugin, its count of releases, and its name in the catalog: releases never change."""

    contents: DeliveryContents
    releases: ReleaseRepository
    repositories: Repositories
    known: Memory[Tags] = field(default_factory=lambda: Memory(_TAGS_KEPT, lambda tags: 1 + len(tags)), repr=False)

    def that_fit(self, shelf_name: str, offered: Mapping[str, Plugin], room: int) -> dict[str, str]:
        """Commits by ref, the newest release of each plugin first, as far as a clone of all still fits one answer."""
        tags = [tag for name, plugin in offered.items() for tag in self._of(shelf_name, name, plugin)]
        newest = sorted(tags, key=lambda tag: (-tag.number, tag.ref))
        taken: dict[str, str] = {}
        for tag in newest:
            room -= tag.size
            if room < 0:
                break
            taken[tag.ref] = tag.commit_id
        return taken

    def find(self, shelf_name: str, offered: Mapping[str, Plugin], commit_id: str) -> Packed | None:
        """The release that a commit is of, rendered anew."""
        for name, plugin in offered.items():
            for release in self._newest(plugin):
                packed = self._pack(shelf_name, name, plugin, release)
                if packed is not None and packed.commit_id == commit_id:
                    return packed
        return None

    def _of(self, shelf_name: str, name: str, plugin: Plugin) -> Tags:
        if not plugin.release_count:
            return ()
        key = name_of("tags", shelf_name, name, plugin.id, plugin.release_count)
        known = self.known.get(key)
        return known if known is not None else self.known.put(key, self._render(shelf_name, name, plugin))

    def _render(self, shelf_name: str, name: str, plugin: Plugin) -> Tags:
        tags = []
        for release in self._newest(plugin):
            ref = f"refs/tags/{name}--v{release.version}"
            packed = self._pack(shelf_name, name, plugin, release) if is_ref_name(ref) else None
            if packed is not None and len(packed.pack) <= MAX_PACK:
                commit_id = self.repositories.keep(plugin.org_id, packed)
                tags.append(Tag(ref, commit_id, len(packed.pack), release.number))
        return tuple(tags)

    def _newest(self, plugin: Plugin) -> Sequence[Release]:
        if not plugin.release_count:
            return ()
        return self.releases.list_page(plugin.org_id, plugin.id, PageRequest(_EACH)).items

    def _pack(self, shelf_name: str, name: str, plugin: Plugin, release: Release) -> Packed | None:
        """The catalog with this release alone: clients look for the plugin where the catalog says."""
        stated = replace(plugin, delivery_mode=DeliveryMode.RELEASED, promoted=release.promoted)
        manifest = self.contents.manifests(plugin.org_id, [stated])[plugin.id]
        if manifest.size > MAX_RENDERED or unwritable_paths(manifest):
            return None
        files = self.contents.read(plugin.org_id, manifest.items)
        catalog = Catalog(shelf_name, [Offer(name, release.version, manifest.description)], {})
        tree = catalog_tree(catalog, {name: plugin_tree(manifest, name, release.version, files)})
        return Packed.of(tree, [plugin.id])
