"""What a plugin is made of now: its active members, each with the version that is delivered."""

from dataclasses import dataclass

from shared.domain.access import Actor
from shared.domain.config_object import ConfigObject, Version
from shared.domain.paging import Page, PageRequest
from shared.domain.plugin import PluginMembership
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.plugins import PluginMembershipRepository
from shared.repositories.versions import VersionRepository
from shared.services.plugins import Plugins
from shared.services.side_by_side import side_by_side


@dataclass(frozen=True, slots=True)
class ResolvedMember:
    membership: PluginMembership
    config_object: ConfigObject
    version: Version


@dataclass(frozen=True, slots=True)
class PluginResolution:
    plugins: Plugins
    memberships: PluginMembershipRepository
    objects: ConfigObjectRepository
    versions: VersionRepository

    def list_page(self, actor: Actor, plugin_id: str, page: PageRequest) -> Page[ResolvedMember]:
        """Members that are delivered, in id order; a page may be short where others were left out.

        Three round trips: memberships, objects, head versions; meanwhile whether the actor may see the plugin.
        Raises: NotFound.
        """
        _, members = side_by_side(
            lambda: self.plugins.get(actor, plugin_id),
            lambda: self._members(actor.org_id, plugin_id, page),
        )
        return members

    def _members(self, org_id: str, plugin_id: str, page: PageRequest) -> Page[ResolvedMember]:
        found = self.memberships.list_page(org_id, plugin_id, page)
        active = [row for row in found.items if row.removed_at is None]
        objects = self.objects.find_all(org_id, [row.config_object_id for row in active])
        heads = [(one.id, one.head_version_id) for one in objects.values() if one.is_delivered and one.head_version_id]
        versions = {one.config_object_id: one for one in self.versions.find_all(org_id, heads).values()}
        members = [
            ResolvedMember(row, objects[row.config_object_id], versions[row.config_object_id])
            for row in active
            if row.config_object_id in versions
        ]
        return Page(members, found.next_after)
