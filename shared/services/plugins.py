"""Plugins: create, change, and decide what belongs to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.domain.access import Action, Actor, Capability, Role, strongest
from shared.domain.config_object import ConfigObject
from shared.domain.errors import MissingRole, NameTaken, NotFound, Stale
from shared.domain.lifecycle import require_not_deleted
from shared.domain.organization import slug_of
from shared.domain.paging import Page, PageRequest
from shared.domain.plugin import (
    DeliveryMode,
    MembershipSource,
    Plugin,
    PluginMembership,
    PluginStatus,
    require_plugin_name,
)
from shared.domain.staleness import FedPlugin, ShownObject
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.grants import GrantRepository
from shared.repositories.plugins import PluginMembershipRepository, PluginRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.accessible_plugins import AccessiblePlugins
from shared.services.mint import Mint
from shared.services.organizations import Capabilities
from shared.services.ownership import manager_grant
from shared.services.visibility import Visibility


@dataclass(frozen=True, slots=True)
class PluginDraft:
    """Without a delivery mode it is the org's default."""

    name: str
    description: str | None = None
    delivery_mode: DeliveryMode | None = None


@dataclass(frozen=True, slots=True)
class PluginMember:
    """A membership with the object's current state."""

    membership: PluginMembership
    shown: ShownObject

    @property
    def config_object(self) -> ConfigObject:
        return self.shown.config_object


def require_own_grant(actor: Actor, entity: ConfigObject) -> None:
    """Raises: MissingRole."""
    if strongest(actor, entity.grants) is None:
        raise MissingRole(f"{entity.id} is only shown to you through a plugin; adding it needs a grant of your own.")


def new_membership(
    actor: Actor, plugin: Plugin, object_id: str, known: PluginMembership | None, at: datetime
) -> PluginMembership:
    """One logical row per pair: what was removed comes back as it was."""
    if known is not None:
        return replace(known, removed_at=None)
    return PluginMembership(actor.org_id, plugin.id, object_id, MembershipSource.MANUAL, at, actor.id)


@dataclass(frozen=True, slots=True)
class Plugins:
    plugins: PluginRepository
    memberships: PluginMembershipRepository
    objects: ConfigObjectRepository
    grants: GrantRepository
    capabilities: Capabilities
    visibility: Visibility
    accessible: AccessiblePlugins
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def create(self, actor: Actor, draft: PluginDraft) -> Plugin:
        """Create a plugin that its creator manages and nobody else sees yet.

        Raises: MissingCapability, Invalid for a name that clients refuse, NameTaken naming the existing id.
        """
        return self.add(self.draft(actor, draft))

    def draft(self, actor: Actor, draft: PluginDraft) -> Plugin:
        """What would be created; nothing is yet. Raises: MissingCapability, Invalid."""
        self.capabilities.require(actor, Capability.PLUGIN_CREATE)
        return self._from(actor, draft)

    def add(self, plugin: Plugin) -> Plugin:
        """Write a plugin that nothing belongs to yet. Raises: NameTaken naming the existing id."""
        try:
            with self.begin() as work:
                self.plugins.add(plugin, work)
                self.plugins.reserve_name(plugin, work)
                self.grants.add(manager_grant(self.mint, plugin, plugin.created_by), work)
        except NameTaken as error:
            holder = self.plugins.find_by_name(plugin)
            raise NameTaken(plugin.name, holder or error.existing_id) from error
        return plugin

    def get(self, actor: Actor, plugin_id: str, action: Action = Action.VIEW) -> Plugin:
        """Raises: NotFound for unknown, foreign and hidden ones alike; MissingRole for what may be seen only."""
        return self.get_all(actor, [plugin_id], action)[0]

    def get_all(self, actor: Actor, plugin_ids: Sequence[str], action: Action = Action.VIEW) -> list[Plugin]:
        """Several at once, in one read; the first that is missing or out of reach is refused as by `get`."""
        found = self.plugins.find_all(actor.org_id, plugin_ids)
        if any(plugin_id not in found for plugin_id in plugin_ids):
            raise NotFound("plugin")
        plugins = [found[plugin_id] for plugin_id in plugin_ids]
        self.visibility.require_plugins(actor, action, plugins)
        return plugins

    def list_page(self, actor: Actor, page: PageRequest) -> Page[FedPlugin]:
        """What the actor may see, oldest first; a page may be short where deleted ones were left out."""
        found = self.accessible.list_page(actor, page)
        return Page([one for one in found.items if one.plugin.status != PluginStatus.DELETED], found.next_after)

    def update(
        self, actor: Actor, plugin_id: str, changes: Mapping[str, object], if_match: int | None = None
    ) -> Plugin:
        """`changes`: description and delivery_mode; what is so already changes nothing.

        Raises: NotFound, MissingRole; Conflict for a deleted one; Stale when `if_match` names an older state.
        """
        plugin = self.get(actor, plugin_id, Action.EDIT)
        require_not_deleted(plugin, "plugin")
        if if_match is not None and if_match != plugin.revision:
            raise Stale
        changes = {name: value for name, value in changes.items() if getattr(plugin, name) != value}
        if not changes:
            return plugin
        at = self.mint.now()
        with self.begin() as work:
            self.plugins.update(plugin, {**changes, "updated_at": at}, plugin.revision, work)
        revision, content_version = plugin.revision + 1, plugin.content_version + 1
        fresh = {**changes, "updated_at": at, "revision": revision, "content_version": content_version}
        return replace(plugin, **fresh)  # type: ignore[arg-type]  # the keys are Plugin's fields

    def add_member(self, actor: Actor, plugin_id: str, object_id: str) -> PluginMembership:
        """Raises: NotFound, MissingRole; Conflict for a deleted plugin.

        Adding needs viewer on the object by the actor's own grant or creation: nobody may publish further
        what was only shown to them through another plugin.
        """
        plugin = self.get(actor, plugin_id, Action.EDIT)
        require_not_deleted(plugin, "plugin")
        entity = self._object(actor, object_id)
        known = self.memberships.find(actor.org_id, plugin.id, object_id)
        if known is not None and known.removed_at is None:
            return known
        membership = new_membership(actor, plugin, entity.id, known, self.mint.now())
        with self.begin() as work:
            self.memberships.put(membership, work)
            self.objects.join_plugin(actor.org_id, object_id, plugin.id, work)
            self.plugins.touch(actor.org_id, plugin.id, work, fed_by=entity.feeders)
        return membership

    def remove_member(self, actor: Actor, plugin_id: str, object_id: str) -> PluginMembership:
        """Idempotent: removing what is removed changes nothing."""
        plugin = self.get(actor, plugin_id, Action.EDIT)
        known = self.memberships.find(actor.org_id, plugin.id, object_id)
        if known is None:
            raise NotFound("plugin membership")
        if known.removed_at is not None:
            return known
        removed = replace(known, removed_at=self.mint.now())
        with self.begin() as work:
            self.memberships.put(removed, work)
            self.objects.leave_plugin(actor.org_id, object_id, plugin.id, work)
            self.plugins.touch(actor.org_id, plugin.id, work)
        return removed

    def list_members(self, actor: Actor, plugin_id: str, page: PageRequest) -> Page[PluginMember]:
        """Active memberships with their objects' current state, deleted objects included."""
        plugin = self.get(actor, plugin_id)
        found = self.memberships.list_page(actor.org_id, plugin.id, page)
        active = [row for row in found.items if row.removed_at is None]
        objects, stopped = self.objects.find_shown(actor.org_id, [row.config_object_id for row in active])
        members = [
            PluginMember(row, stopped.shown(objects[row.config_object_id]))
            for row in active
            if row.config_object_id in objects
        ]
        return Page(members, found.next_after)

    def _object(self, actor: Actor, object_id: str) -> ConfigObject:
        entity = self.objects.find(actor.org_id, object_id)
        if entity is None:
            raise NotFound("config object")
        self.visibility.require(actor, Action.VIEW, entity)
        require_own_grant(actor, entity)
        return entity

    def _from(self, actor: Actor, draft: PluginDraft) -> Plugin:
        at = self.mint.now()
        return Plugin(
            id=self.mint.new_id("plg"),
            org_id=actor.org_id,
            name=require_plugin_name(draft.name),
            slug=slug_of(draft.name),
            status=PluginStatus.ACTIVE,
            delivery_mode=draft.delivery_mode or self.capabilities.default_delivery_mode(actor),
            created_at=at,
            updated_at=at,
            created_by=actor.id,
            description=draft.description,
            grants={actor.id: Role.MANAGER},
        )
