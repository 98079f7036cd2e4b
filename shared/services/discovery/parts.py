"""Writes one part of an application: its rows, and beside them that they are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import singledispatchmethod
from typing import Final

from shared.domain.access import Role
from shared.domain.connector import Mapping as PathMapping
from shared.domain.connector import MappingOrigin
from shared.domain.discovery.application import (
    MARKETPLACE_KEY,
    Application,
    ApplicationPlan,
    DroppedMapping,
    Import,
    JoinedPlugin,
    NewMapping,
    NewPlugin,
    PlannedAction,
    PlannedMarketplace,
    RestoredPlugin,
    RetiredPlugin,
)
from shared.domain.lifecycle import Lifecycle
from shared.domain.marketplace import Marketplace, MarketplaceMembership
from shared.domain.organization import slug_of
from shared.domain.plugin import DeliveryMode, MembershipSource, Plugin, PluginStatus
from shared.repositories.applications import ApplicationRepository, ImportRepository
from shared.repositories.grants import GrantRepository
from shared.repositories.mappings import MappingRepository
from shared.repositories.marketplaces import MarketplaceMembershipRepository, MarketplaceRepository
from shared.repositories.plugins import PluginRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.mint import Mint
from shared.services.ownership import manager_grant

LEASE: Final = timedelta(minutes=2)
"""An application takes seconds; past it, a sweep has it finished."""


@dataclass(frozen=True, slots=True)
class ImportRows:
    """The repositories that an application writes to."""

    applications: ApplicationRepository
    imports: ImportRepository
    plugins: PluginRepository
    mappings: MappingRepository
    marketplaces: MarketplaceRepository
    held: MarketplaceMembershipRepository
    grants: GrantRepository
    mint: Mint


class PartWriter:
    """Adds the steps of one part to a unit of work; `known` are the plugins that it changes, as they are now.

    `renamed` are new plugins whose planned name somebody took meanwhile.
    """

    def __init__(
        self,
        rows: ImportRows,
        application: Application,
        plan: ApplicationPlan,
        mode: DeliveryMode,
        known: Mapping[str, Plugin],
        renamed: Mapping[str, str],
        work: UnitOfWork,
    ) -> None:
        self._rows, self._application, self._plan, self._work = rows, application, plan, work
        self._mode, self._known, self._renamed = mode, known, renamed
        self._org_id, self._at = application.org_id, rows.mint.now()
        self._joined = frozenset(one.joined_id for one in plan.actions if isinstance(one, JoinedPlugin))

    @singledispatchmethod
    def write(self, action: PlannedAction) -> None:
        raise TypeError(f"no way to write a {type(action).__name__}")

    @write.register
    def _(self, action: NewPlugin) -> None:
        """The marketplace shows it only once that is there itself, with the last part."""
        name = self._renamed.get(action.plugin_id, action.name)
        marketplace = self._plan.marketplace
        joins = marketplace is not None and action.plugin_id in self._joined
        plugin = Plugin(
            id=action.plugin_id,
            org_id=self._org_id,
            name=name,
            slug=slug_of(name),
            status=PluginStatus.ACTIVE,
            delivery_mode=self._mode,
            created_at=self._at,
            updated_at=self._at,
            created_by=self._application.requested_by,
            description=action.description,
            target_ids=frozenset({self._application.target_id}),
            marketplace_ids=frozenset({marketplace.marketplace_id}) if marketplace and joins else frozenset(),
            grants={self._application.requested_by: Role.MANAGER},
        )
        self._rows.plugins.add(plugin, self._work)
        self._rows.plugins.reserve_name(plugin, self._work)
        self._rows.grants.add(manager_grant(self._rows.mint, plugin, plugin.created_by), self._work)
        self._remember(action.key, plugin.id)

    @write.register
    def _(self, action: NewMapping) -> None:
        mapping = PathMapping(
            id=action.mapping_id,
            org_id=self._org_id,
            target_id=self._application.target_id,
            selector=action.selector,
            object_type=action.object_type,
            created_at=self._at,
            updated_at=self._at,
            created_by=self._application.requested_by,
            plugin_id=action.plugin_id,
            origin=MappingOrigin.DISCOVERY,
        )
        self._rows.mappings.add(mapping, self._work)

    @write.register
    def _(self, action: DroppedMapping) -> None:
        self._rows.mappings.remove(self._org_id, self._application.target_id, action.dropped_id, self._work)

    @write.register
    def _(self, action: JoinedPlugin) -> None:
        marketplace = self._plan.marketplace
        if marketplace is None:
            return
        who, source = self._application.requested_by, MembershipSource.CONNECTOR
        row = MarketplaceMembership(self._org_id, marketplace.marketplace_id, action.joined_id, source, self._at, who)
        self._rows.held.put(row, self._work)
        if action.joined_id not in {one.plugin_id for one in self._plan.actions if isinstance(one, NewPlugin)}:
            self._rows.plugins.join_marketplace(self._org_id, action.joined_id, marketplace.marketplace_id, self._work)

    @write.register
    def _(self, action: RetiredPlugin) -> None:
        self._mark(action.retired_key, self._at)
        plugin = self._known.get(action.retired_id)
        if plugin is not None and action.archive and plugin.status is PluginStatus.ACTIVE:
            changes = {"status": PluginStatus.ARCHIVED, "updated_at": self._at}
            self._rows.plugins.update(plugin, changes, plugin.revision, self._work)
            self._rows.plugins.release_name(plugin, self._work)

    @write.register
    def _(self, action: RestoredPlugin) -> None:
        """Where its name was given away meanwhile, it stays archived until a person renames one of the two."""
        self._mark(action.restored_key, None)
        plugin = self._known.get(action.restored_id)
        if plugin is not None and plugin.status is PluginStatus.ARCHIVED and action.restored_id not in self._renamed:
            changes = {"status": PluginStatus.ACTIVE, "updated_at": self._at}
            self._rows.plugins.update(plugin, changes, plugin.revision, self._work)
            self._rows.plugins.reserve_name(plugin, self._work)

    def marketplace(self, planned: PlannedMarketplace, *, renamed: bool) -> None:
        """Whole, with all its plugins, or grown by them."""
        if not planned.is_new:
            if self._joined:
                self._rows.marketplaces.hold_plugins(self._org_id, planned.marketplace_id, self._joined, self._work)
            return
        tail = f"-{planned.marketplace_id[-6:]}" if renamed else ""
        who = self._application.requested_by
        made = Marketplace(
            id=planned.marketplace_id,
            org_id=self._org_id,
            name=planned.name + tail,
            slug=planned.slug + tail,
            status=Lifecycle.ACTIVE,
            created_at=self._at,
            updated_at=self._at,
            created_by=who,
            description=planned.description,
            owner=planned.owner,
            plugin_ids=self._joined,
            grants={who: Role.MANAGER},
        )
        self._rows.marketplaces.add(made, self._work)
        self._rows.marketplaces.reserve_name(made, self._work)
        self._rows.grants.add(manager_grant(self._rows.mint, made, who), self._work)
        self._remember(MARKETPLACE_KEY, made.id)

    def _remember(self, key: str, resource_id: str) -> None:
        self._rows.imports.put(
            self._org_id, Import(key, self._application.target_id, resource_id, self._at), self._work
        )

    def _mark(self, key: str, gone_at: datetime | None) -> None:
        self._rows.imports.mark(self._org_id, self._application.target_id, key, gone_at, self._work)
