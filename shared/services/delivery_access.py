"""Which plugins a caller is given: the active ones that they may view, whoever owns the objects in them."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.access import Actor, strongest
from shared.domain.config_object import ConfigObject
from shared.domain.errors import NotFound
from shared.domain.paging import MAX_LIMIT, Page, PageRequest
from shared.domain.plugin import Plugin, PluginStatus
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.plugins import PluginMembershipRepository, PluginRepository


@dataclass(frozen=True, slots=True)
class PluginFilter:
    """`words` are looked for in name and description; `team_id` asks for what that team was given."""

    words: str | None = None
    team_id: str | None = None

    def takes(self, plugin: Plugin) -> bool:
        text = f"{plugin.name} {plugin.description or ''}".casefold()
        wanted = (self.words or "").casefold().split()
        return all(word in text for word in wanted) and (self.team_id is None or self.team_id in plugin.grants)


@dataclass(frozen=True, slots=True)
class DeliveryAccess:
    plugins: PluginRepository
    memberships: PluginMembershipRepository
    objects: ConfigObjectRepository

    def list_page(self, actor: Actor, page: PageRequest) -> Page[Plugin]:
        """Oldest first; a page may be short where archived and deleted ones were left out."""
        if actor.administers:
            found = self.plugins.list_page(actor.org_id, page)
        else:
            found = self.plugins.list_granted(actor.org_id, actor.principals, page)
        return Page(_given(actor, found.items), found.next_after)

    def list_all(self, actor: Actor) -> list[Plugin]:
        """Everything the caller may have, for clients that take a catalog as a whole."""
        plugins: list[Plugin] = []
        page: PageRequest | None = PageRequest(MAX_LIMIT)
        while page:
            found = self.list_page(actor, page)
            plugins += found.items
            page = PageRequest(MAX_LIMIT, found.next_after) if found.next_after else None
        return plugins

    def get(self, actor: Actor, plugin_id: str) -> Plugin:
        """Raises: NotFound for unknown, foreign, hidden, archived and deleted ones alike."""
        plugin = self.plugins.find(actor.org_id, plugin_id)
        return _require(actor, plugin)

    def get_with_objects(self, actor: Actor, plugin_id: str) -> tuple[Plugin, list[str]]:
        """The plugin and the ids of the config objects in it, in one read. Raises: NotFound."""
        plugin, object_ids = self.memberships.find_with_plugin(actor.org_id, plugin_id) or (None, [])
        return _require(actor, plugin), object_ids

    def get_object(self, actor: Actor, object_id: str) -> tuple[ConfigObject, Plugin]:
        """An object with a plugin that delivers it to the caller: grants on the object itself deliver nothing.

        Raises: NotFound.
        """
        entity = self.objects.find(actor.org_id, object_id)
        if entity is None or not entity.is_delivered or not entity.plugin_ids:
            raise NotFound("config object")
        parents = self.plugins.find_all(actor.org_id, sorted(entity.plugin_ids))
        given = _given(actor, (parents[each] for each in sorted(parents)))
        if not given:
            raise NotFound("config object")
        return entity, given[0]


def _require(actor: Actor, plugin: Plugin | None) -> Plugin:
    if plugin is None or not _is_given(actor, plugin):
        raise NotFound("plugin")
    return plugin


def _given(actor: Actor, plugins: Iterable[Plugin]) -> list[Plugin]:
    return [plugin for plugin in plugins if _is_given(actor, plugin)]


def _is_given(actor: Actor, plugin: Plugin) -> bool:
    """A token that names a marketplace reads what that one holds, and nothing else of its owner's."""
    in_reach = actor.marketplace_id is None or actor.marketplace_id in plugin.marketplace_ids
    return plugin.status == PluginStatus.ACTIVE and in_reach and strongest(actor, plugin.grants) is not None
