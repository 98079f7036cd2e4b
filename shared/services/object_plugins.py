"""The plugins that an object is in, seen from the object."""

from dataclasses import dataclass

from shared.domain.access import Actor
from shared.domain.paging import Page, PageRequest
from shared.domain.plugin import Plugin, PluginMembership, PluginStatus
from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
from shared.services.config_objects import ConfigObjects
from shared.services.side_by_side import side_by_side
from shared.services.visibility import Visibility


@dataclass(frozen=True, slots=True)
class ObjectMembership:
    membership: PluginMembership
    plugin: Plugin


@dataclass(frozen=True, slots=True)
class ObjectPlugins:
    config_objects: ConfigObjects
    plugins: PluginRepository
    memberships: PluginMembershipRepository
    visibility: Visibility

    def list_page(self, actor: Actor, object_id: str, page: PageRequest) -> Page[ObjectMembership]:
        """The plugins that the actor may see, in id order; a page may be short where others were left out.

        The object carries its plugins' ids, so this is two reads more, and a third for what marketplaces show.
        Raises: NotFound.
        """
        entity = self.config_objects.get(actor, object_id)
        ids = [one for one in sorted(entity.plugin_ids) if page.after is None or one > page.after]
        shown = ids[: page.limit]
        plugins, rows = side_by_side(
            lambda: self.plugins.find_all(actor.org_id, shown),
            lambda: self.memberships.find_of_object(actor.org_id, entity.id, shown),
        )
        there = [plugins[one] for one in shown if one in rows and one in plugins]
        kept = [one for one in there if one.status != PluginStatus.DELETED]
        found = [ObjectMembership(rows[one.id], one) for one in self.visibility.visible_plugins(actor, kept)]
        return Page(found, shown[-1] if len(ids) > len(shown) else None)
