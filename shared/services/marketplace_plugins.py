"""Which plugins a marketplace holds: add, remove, and what it resolves to now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from shared.domain.access import NEEDED_ROLE, Action, Actor, strongest
from shared.domain.errors import Conflict, DepotError, MissingRole, NotFound
from shared.domain.lifecycle import Lifecycle, require_not_deleted
from shared.domain.marketplace import MAX_PLUGINS, Marketplace, MarketplaceMembership
from shared.domain.paging import Page, PageRequest
from shared.domain.plugin import MembershipSource, Plugin
from shared.repositories.marketplaces import MarketplaceMembershipRepository
from shared.repositories.plugins import PluginRepository
from shared.repositories.unit_of_work import UnitOfWork
from shared.services.accessible_plugins import AccessiblePlugins
from shared.services.marketplaces import Marketplaces
from shared.services.mint import Mint
from shared.services.visibility import Visibility


@dataclass(frozen=True, slots=True)
class HeldPlugin:
    """A membership with the plugin's current state."""

    membership: MarketplaceMembership
    plugin: Plugin


@dataclass(frozen=True, slots=True)
class MarketplacePlugins:
    marketplaces: Marketplaces
    memberships: MarketplaceMembershipRepository
    plugins: PluginRepository
    visibility: Visibility
    accessible: AccessiblePlugins
    mint: Mint
    begin: Callable[[], UnitOfWork] = field(repr=False)

    def add_plugins(
        self, actor: Actor, marketplace_id: str, plugin_ids: Sequence[str]
    ) -> list[MarketplaceMembership | DepotError]:
        """One outcome per id, in order; adding what it holds changes nothing.

        Needs editor on both, on the plugin by the actor's own grant: nobody publishes further what was only shown
        to them. Raises: NotFound, MissingRole, Conflict for the marketplace itself.
        """
        marketplace = self.marketplaces.get(actor, marketplace_id, Action.EDIT)
        require_not_deleted(marketplace, "marketplace")
        wanted = list(dict.fromkeys(plugin_ids))
        found = self.plugins.find_all(actor.org_id, wanted)
        known = self.memberships.find_all(actor.org_id, marketplace.id, wanted)
        seen = {one.id for one in self.visibility.visible_plugins(actor, list(found.values()))}
        outcomes: dict[str, MarketplaceMembership | DepotError] = {}
        for each in wanted:
            plugin = found[each] if each in seen else None
            outcomes[each] = self._outcome(actor, marketplace, plugin, known.get(each), len(outcomes))
        return [outcomes[each] for each in plugin_ids]

    def add_plugin(self, actor: Actor, marketplace_id: str, plugin_id: str) -> MarketplaceMembership:
        """Raises: NotFound, MissingRole, Conflict, for the marketplace and for the plugin."""
        (outcome,) = self.add_plugins(actor, marketplace_id, [plugin_id])
        if isinstance(outcome, DepotError):
            raise outcome
        return outcome

    def remove_plugin(self, actor: Actor, marketplace_id: str, plugin_id: str) -> MarketplaceMembership:
        """Idempotent: removing what is removed changes nothing."""
        marketplace = self.marketplaces.get(actor, marketplace_id, Action.EDIT)
        known = self.memberships.find_all(actor.org_id, marketplace.id, [plugin_id]).get(plugin_id)
        if known is None:
            raise NotFound("marketplace membership")
        if known.removed_at is not None:
            return known
        removed = replace(known, removed_at=self.mint.now())
        with self.begin() as work:
            self.memberships.put(removed, work)
            self.marketplaces.marketplaces.drop_plugin(marketplace, plugin_id, work)
            self.plugins.leave_marketplace(actor.org_id, plugin_id, marketplace.id, work)
        return removed

    def list_plugins(self, actor: Actor, marketplace_id: str, page: PageRequest) -> Page[HeldPlugin]:
        """Active memberships with their plugins, put aside ones included, as far as the actor may see them."""
        marketplace = self.marketplaces.get(actor, marketplace_id)
        ids, last = _cut(marketplace.plugin_ids, page)
        plugins = self.plugins.find_all(actor.org_id, ids) if ids else {}
        rows = self.memberships.find_all(actor.org_id, marketplace.id, ids) if ids else {}
        seen = self.visibility.visible_plugins(actor, [plugins[each] for each in ids if each in plugins])
        return Page([HeldPlugin(rows[one.id], one) for one in seen if one.id in rows], last)

    def list_resolved(self, actor: Actor, marketplace_id: str, page: PageRequest) -> Page[Plugin]:
        """What it offers now: active plugins, the collected ones too; nothing while it is put aside itself."""
        marketplace = self.marketplaces.get(actor, marketplace_id)
        if marketplace.status != Lifecycle.ACTIVE:
            return Page([])
        held = {one.id: one for one in self.accessible.list_held(actor, marketplace.view) if one.is_offered}
        ids, last = _cut(held, page)
        return Page([held[each] for each in ids], last)

    def _outcome(
        self,
        actor: Actor,
        marketplace: Marketplace,
        plugin: Plugin | None,
        known: MarketplaceMembership | None,
        added: int,
    ) -> MarketplaceMembership | DepotError:
        try:
            if plugin is None:
                raise NotFound("plugin")
            _require_own_editor(actor, plugin)
            if known is not None and known.removed_at is None:
                return known
            if len(marketplace.plugin_ids) + added >= MAX_PLUGINS:
                raise Conflict(f"A marketplace holds at most {MAX_PLUGINS} plugins; make another one.")
            return self._add(actor, marketplace, plugin, known)
        except DepotError as refusal:
            return refusal

    def _add(
        self, actor: Actor, marketplace: Marketplace, plugin: Plugin, known: MarketplaceMembership | None
    ) -> MarketplaceMembership:
        at, source = self.mint.now(), MembershipSource.MANUAL
        fresh = MarketplaceMembership(actor.org_id, marketplace.id, plugin.id, source, at, actor.id)
        membership = replace(known, removed_at=None) if known is not None else fresh
        with self.begin() as work:
            self.memberships.put(membership, work)
            self.marketplaces.marketplaces.hold_plugin(marketplace, plugin.id, work)
            self.plugins.join_marketplace(actor.org_id, plugin.id, marketplace.id, work)
        return membership


def _require_own_editor(actor: Actor, plugin: Plugin) -> None:
    """Raises: MissingRole for a plugin that may be seen."""
    if (strongest(actor, plugin.grants) or 0) < NEEDED_ROLE[Action.EDIT]:
        raise MissingRole("Adding it to a marketplace needs the role editor on the plugin by a grant of your own.")


def _cut(ids: Sequence[str] | frozenset[str] | dict[str, Plugin], page: PageRequest) -> tuple[list[str], str | None]:
    """One page of ids in order, and where the next one starts."""
    rest = sorted(each for each in ids if each > (page.after or ""))
    return rest[: page.limit], rest[page.limit - 1] if len(rest) > page.limit else None
