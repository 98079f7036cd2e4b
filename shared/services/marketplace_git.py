"""Plugins as git repositories: a catalog per caller, one per marketplace, one per plugin that would grow too large."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.domain.access import Actor
from shared.domain.errors import NotFound
from shared.domain.plugin import Plugin
from shared.domain.rendering.claude_code import plugin_tree
from shared.domain.rendering.marketplace import MAX_PACK, Elsewhere
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_digests import DeliveryDigests
from shared.services.marketplace_catalogs import Catalogs, Stock, name_of
from shared.services.marketplace_repositories import Packed, Repositories, Repository, View
from shared.services.marketplace_tags import ReleaseTags
from shared.services.shelves import Shelf, Shelves

UrlOf = Callable[[str], str]
"""Where the caller reaches a plugin's own repository, with what opens it, by the plugin's name in the catalog."""


@dataclass(frozen=True, slots=True)
class GitMarketplace:
    shelves: Shelves
    contents: DeliveryContents
    digests: DeliveryDigests
    repositories: Repositories
    catalogs: Catalogs
    tags: ReleaseTags

    def open(self, actor: Actor, shelf: Shelf, url_of: UrlOf) -> Repository:
        """The catalog of what the caller is given there."""
        org_id, plugins = actor.org_id, self.shelves.plugins(actor, shelf)
        states = sorted((plugin.id, plugin.content_version, plugin.release_count) for plugin in plugins)
        name = name_of("catalog", shelf.name, shelf.owner, shelf.description, states)
        view = self.repositories.view(org_id, name, lambda: self._render(shelf, plugins, org_id))
        if view.main is None:
            return self._linking(actor, shelf, plugins, View(None, view.tags), name, url_of)
        main = view.main

        def render(commit_id: str) -> Packed | None:
            stock = self.catalogs.stock(org_id, shelf, plugins)
            if commit_id == main:
                return self.catalogs.in_one_piece(stock)
            return self.tags.find(shelf.name, stock.offered, commit_id)

        return self._repository(org_id, view, plugins, render)

    def open_plugin(self, actor: Actor, shelf: Shelf, plugin_name: str) -> Repository:
        """One plugin's own repository, under the name that the caller's catalog gives it. Raises: NotFound."""
        known = self.digests.known([self.shelves.plugin_called(actor, shelf, plugin_name)])[0]
        if known.undeliverable:
            raise NotFound(f"repository of this plugin: {known.undeliverable}")
        view = self._own(known, plugin_name)
        return self._repository(actor.org_id, view, [known], lambda _: self._pack_plugin(known, plugin_name))

    def _repository(
        self, org_id: str, view: View, plugins: Sequence[Plugin], render: Callable[[str], Packed | None]
    ) -> Repository:
        return Repository(
            view,
            lambda commit_id: self.repositories.pack(org_id, commit_id, lambda: render(commit_id)),
            lambda commit_id: self.repositories.keeps(org_id, commit_id, (plugin.id for plugin in plugins)),
        )

    def _render(self, shelf: Shelf, plugins: Sequence[Plugin], org_id: str) -> View:
        stock = self.catalogs.stock(org_id, shelf, plugins)
        whole = self.catalogs.in_one_piece(stock)
        room = MAX_PACK - (len(whole.pack) if whole else 0)
        tags = self.tags.that_fit(shelf.name, stock.offered, room)
        return View(self.repositories.keep(org_id, whole) if whole else None, tags)

    def _linking(
        self, actor: Actor, shelf: Shelf, plugins: Sequence[Plugin], tagged: View, name: str, url_of: UrlOf
    ) -> Repository:
        """The catalog as this caller's links: they carry what derives from the caller's token, and are for nobody else.

        So neither is its commit: what was here before is not kept for who would have to be the same caller.
        """
        org_id = actor.org_id
        links = name_of("links", name, shelf.url, actor.token_id)

        def pack() -> Packed:
            return self._pack_links(self.catalogs.stock(org_id, shelf, plugins), url_of)

        def render(commit_id: str) -> Packed | None:
            if commit_id not in tagged.tags.values():
                return pack()
            return self.tags.find(shelf.name, self.catalogs.stock(org_id, shelf, plugins).offered, commit_id)

        main = self.repositories.view(org_id, links, lambda: View(self.repositories.keep_private(org_id, pack()))).main
        return self._repository(org_id, View(main, tagged.tags), plugins, render)

    def _pack_links(self, stock: Stock, url_of: UrlOf) -> Packed:
        def link(name: str, plugin: Plugin) -> Elsewhere:
            return Elsewhere(url_of(name), self._own(plugin, name).main or "")

        return self.catalogs.as_links(stock, link)

    def _own(self, plugin: Plugin, name: str) -> View:
        key = name_of("plugin", plugin.id, plugin.content_version, name)
        org_id = plugin.org_id
        return self.repositories.view(
            org_id, key, lambda: View(self.repositories.keep(org_id, self._pack_plugin(plugin, name)))
        )

    def _pack_plugin(self, plugin: Plugin, name: str) -> Packed:
        manifest = self.contents.manifests(plugin.org_id, [plugin])[plugin.id]
        files = self.contents.read(plugin.org_id, manifest.items)
        version = self.digests.note(plugin, manifest).delivered_version or ""
        return Packed.of(plugin_tree(manifest, name, version, files), [plugin.id])
