"""Which plugins a caller is given: the active ones that they may view, whoever owns the objects in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.domain.access import Actor
from shared.domain.config_object import ConfigObject
from shared.domain.errors import NotFound
from shared.domain.marketplace import Marketplace
from shared.domain.paging import MAX_LIMIT, Page, PageRequest
from shared.domain.plugin import Plugin
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.marketplaces import MarketplaceRepository
from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
from shared.services.accessible_plugins import AccessiblePlugins
from shared.services.visibility import Visibility


@dataclass(frozen=True, slots=True)
class PluginFilter:
    """`words` are looked for in name and description; `team_id` asks for what that team was given.

    `marketplace_id` asks for what an open marketplace holds.
    """

    words: str | None = None
    team_id: str | None = None
    marketplace_id: str | None = None

    def takes(self, plugin: Plugin) -> bool:
        text = f"{plugin.name} {plugin.description or ''}".casefold()
        wanted = (self.words or "").casefold().split()
        return all(word in text for word in wanted) and (self.team_id is None or self.team_id in plugin.grants)


@dataclass(frozen=True, slots=True)
class DeliveryAccess:
    plugins: PluginRepository
    marketplaces: MarketplaceRepository
    memberships: PluginMembershipRepository
    objects: ConfigObjectRepository
    accessible: AccessiblePlugins
    visibility: Visibility

    def list_page(self, actor: Actor, page: PageRequest) -> Page[Plugin]:
        """Oldest first; a page may be short where archived and deleted ones were left out."""
        if actor.marketplace_id is None:
            found = self.accessible.list_page(actor, page)
            return Page(_offered(one.plugin for one in found.items), found.next_after)
        return _cut(self.list_all(actor), page)

    def list_all(self, actor: Actor) -> list[Plugin]:
        """Everything the caller may have, for clients that take a catalog as a whole."""
        if actor.marketplace_id is None:
            return _offered(self.accessible.list_all(actor))
        found = self.marketplaces.find(actor.org_id, actor.marketplace_id)
        return self.list_held(actor, found) if found is not None and found.view.is_open_to(actor) else []

    def list_marketplaces(self, actor: Actor) -> list[Marketplace]:
        """Those that are open to the caller, oldest first."""
        found = self.marketplaces.list_page(actor.org_id, PageRequest(MAX_LIMIT)).items
        return [one for one in found if _is_open(actor, one)]

    def get_marketplace(self, actor: Actor, marketplace_id: str) -> Marketplace:
        """Raises: NotFound for unknown, foreign, hidden, archived and deleted ones alike."""
        found = self.marketplaces.find(actor.org_id, marketplace_id)
        if found is None or not _is_open(actor, found):
            raise NotFound("marketplace")
        return found

    def get_marketplace_at(self, actor: Actor, slug: str) -> Marketplace:
        """The same, by its address in the org."""
        marketplace_id = self.marketplaces.find_by_slug(actor.org_id, slug)
        if marketplace_id is None:
            raise NotFound("marketplace")
        return self.get_marketplace(actor, marketplace_id)

    def list_held(self, actor: Actor, marketplace: Marketplace) -> list[Plugin]:
        """What a marketplace that is open to the caller delivers, whatever their grants on its plugins."""
        return _offered(self.accessible.list_held(actor, marketplace.view))

    def list_held_page(self, actor: Actor, marketplace: Marketplace, page: PageRequest) -> Page[Plugin]:
        return _cut(self.list_held(actor, marketplace), page)

    def find(self, actor: Actor, plugin_id: str) -> Plugin:
        """A plugin that delivers something, whether or not the caller may have it: `require` says. Raises: NotFound."""
        plugin = self.plugins.find(actor.org_id, plugin_id)
        return _require_offered(plugin)

    def find_with_objects(self, actor: Actor, plugin_id: str) -> tuple[Plugin, list[str]]:
        """The same with the ids of the config objects in it, in one read. Raises: NotFound."""
        plugin, object_ids = self.memberships.find_with_plugin(actor.org_id, plugin_id) or (None, [])
        return _require_offered(plugin), object_ids

    def require(self, actor: Actor, plugin: Plugin) -> None:
        """Reads marketplaces only where nothing else lets the caller have it. Raises: NotFound."""
        if not self._given(actor, [plugin]):
            raise NotFound("plugin")

    def get(self, actor: Actor, plugin_id: str) -> Plugin:
        """Raises: NotFound for unknown, foreign, hidden, archived and deleted ones alike."""
        plugin = self.find(actor, plugin_id)
        self.require(actor, plugin)
        return plugin

    def find_named(self, actor: Actor, names: Iterable[str]) -> list[Plugin]:
        """Those of these names that the caller may have, in id order, whatever case the names are in.

        A batch of names, of their plugins, and of the marketplaces that may show what nothing else does.
        """
        ids = self.plugins.find_named(actor.org_id, names)
        found = self.plugins.find_all(actor.org_id, ids) if ids else {}
        return self._given(actor, _offered(found[each] for each in sorted(found)))

    def get_object(self, actor: Actor, object_id: str) -> tuple[ConfigObject, Plugin]:
        """An object with a plugin that delivers it to the caller: grants on the object itself deliver nothing.

        Raises: NotFound.
        """
        entity = self.objects.find(actor.org_id, object_id)
        if entity is None or not entity.is_delivered or not entity.plugin_ids:
            raise NotFound("config object")
        parents = self.plugins.find_all(actor.org_id, sorted(entity.plugin_ids))
        given = self._given(actor, _offered(parents[each] for each in sorted(parents)))
        if not given:
            raise NotFound("config object")
        return entity, given[0]

    def _given(self, actor: Actor, plugins: Sequence[Plugin]) -> list[Plugin]:
        """Those of active plugins that the caller may have.

        A token that names a marketplace reads what that one holds, and nothing else of its owner's.
        """
        if actor.marketplace_id is None:
            return self.visibility.visible_plugins(actor, plugins)
        named = actor.marketplace_id
        view = self.marketplaces.find_views(actor.org_id, [named]).get(named)
        return [one for one in plugins if view is not None and view.is_open_to(actor) and view.holds(one)]


def _require_offered(plugin: Plugin | None) -> Plugin:
    if plugin is None or not plugin.is_offered:
        raise NotFound("plugin")
    return plugin


def _offered(plugins: Iterable[Plugin]) -> list[Plugin]:
    return [plugin for plugin in plugins if plugin.is_offered]


def _is_open(actor: Actor, marketplace: Marketplace) -> bool:
    return actor.marketplace_id in (None, marketplace.id) and marketplace.view.is_open_to(actor)


def _cut(plugins: Sequence[Plugin], page: PageRequest) -> Page[Plugin]:
    rest = [one for one in plugins if one.id > (page.after or "")]
    return Page(rest[: page.limit], rest[page.limit - 1].id if len(rest) > page.limit else None)
