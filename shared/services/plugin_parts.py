"""What a plugin is created with: each part decided by the rules that it has alone, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from shared.domain.access import Action, Actor, require
from shared.domain.config_object import CreatedVia, SourceMode
from shared.domain.errors import Conflict, NotFound, naming
from shared.domain.lifecycle import require_not_deleted
from shared.domain.marketplace import MAX_PLUGINS, Marketplace, MarketplaceMembership
from shared.domain.plugin import MembershipSource, Plugin, PluginMembership
from shared.domain.prepared_unit import Origin, PreparedUnit
from shared.repositories.grants import GrantRepository
from shared.repositories.marketplaces import MarketplaceMembershipRepository, MarketplaceRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.bulk_creation import require_fit
from shared.services.config_objects import ConfigObjects, ObjectDraft
from shared.services.mint import Mint
from shared.services.ownership import first_grant
from shared.services.plugin_preparations import Part, plain_part
from shared.services.plugins import require_own_grant


@dataclass(frozen=True, slots=True)
class PluginParts:
    config_objects: ConfigObjects
    marketplaces: MarketplaceRepository
    held: MarketplaceMembershipRepository
    grants: GrantRepository
    mint: Mint

    def of_grants(self, plugin: Plugin) -> list[Part]:
        """Of everything on the plugin's row, its creator's own with them."""
        grants = [first_grant(self.mint, plugin, *one) for one in plugin.grants.items()]
        return [plain_part(1, partial(self.grants.add, one)) for one in grants]

    def of_marketplaces(self, actor: Actor, plugin: Plugin) -> list[Part]:
        """Needs editor on each. Raises: NotFound, MissingRole; Conflict for a deleted or a full one."""
        found = self.marketplaces.find_all(actor.org_id, plugin.marketplace_ids)
        for each in sorted(plugin.marketplace_ids):
            kind = f"marketplace {each}"
            if each not in found:
                raise NotFound(kind)
            require(actor, Action.EDIT, kind, found[each].grants)
            require_not_deleted(found[each], kind)
            if len(found[each].plugin_ids) >= MAX_PLUGINS:
                raise Conflict(f"The {kind} holds {MAX_PLUGINS} plugins, and no more fit in.")
        return [plain_part(2, partial(self._hold, plugin, one)) for one in found.values()]

    def of_members(self, actor: Actor, plugin: Plugin, object_ids: Sequence[str]) -> list[Part]:
        """Needs a grant on each, or its creation. Raises: NotFound, MissingRole."""
        found = self.config_objects.objects.find_all(actor.org_id, object_ids)
        visible = {one.id: one for one in self.config_objects.visibility.visible(actor, list(found.values()))}
        for each in object_ids:
            if each not in visible:
                raise NotFound(f"config object {each}")
            require_own_grant(actor, visible[each])
        return [plain_part(2, partial(self._join, plugin, each)) for each in object_ids]

    def of_drafts(self, actor: Actor, plugin: Plugin, drafts: Sequence[tuple[str, ObjectDraft]]) -> list[Part]:
        """New objects, each with the path of its draft in the request; their content is stored.

        Raises: MissingCapability; Invalid, naming the draft's fields; TooLarge.
        """
        if not drafts:
            return []
        self.config_objects.require_creator(actor)
        require_fit([draft for _, draft in drafts])
        units = [(self._prepared(actor, place, draft), draft.source_mode) for place, draft in drafts]
        self.config_objects.ingestion.store(actor.org_id, [unit for unit, _ in units])
        return [Part(4, partial(self._create, actor, plugin, *one)) for one in units]

    def _prepared(self, actor: Actor, place: str, draft: ObjectDraft) -> PreparedUnit:
        with naming(place):
            return self.config_objects.prepare(actor, draft)

    def _hold(self, plugin: Plugin, marketplace: Marketplace, work: UnitOfWork) -> None:
        source, creator = MembershipSource.API, plugin.created_by
        row = MarketplaceMembership(plugin.org_id, marketplace.id, plugin.id, source, plugin.created_at, creator)
        self.held.put(row, work)
        self.marketplaces.hold_plugin(marketplace, plugin.id, work)

    def _join(self, plugin: Plugin, object_id: str, work: UnitOfWork) -> None:
        self.config_objects.membership_rows.put(_membership(plugin, object_id), work)
        self.config_objects.objects.join_plugin(plugin.org_id, object_id, plugin.id, work)

    def _create(
        self, actor: Actor, plugin: Plugin, unit: PreparedUnit, mode: SourceMode, work: UnitOfWork, listed: bool
    ) -> str:
        origin = Origin(CreatedVia(mode), actor.id, owner=actor.id, plugin_ids=frozenset({plugin.id}), listed=listed)
        created = self.config_objects.ingestion.create(actor.org_id, unit, origin, work)
        self.config_objects.membership_rows.put(_membership(plugin, created.id), work)
        return created.id


def _membership(plugin: Plugin, object_id: str) -> PluginMembership:
    source = MembershipSource.API
    return PluginMembership(plugin.org_id, plugin.id, object_id, source, plugin.created_at, plugin.created_by)
