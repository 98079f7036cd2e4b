"""Every plugin that a caller may see: by grants on it, or through a marketplace that is open to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.access import ORG_WIDE, Actor, strongest
from shared.domain.marketplace import MarketplaceView
from shared.domain.paging import MAX_LIMIT, Page, PageRequest
from shared.domain.plugin import Plugin
from shared.domain.staleness import FedPlugin
from shared.repositories.marketplaces import MarketplaceRepository
from shared.repositories.plugins import PluginRepository
from shared.services.side_by_side import side_by_side


@dataclass(frozen=True, slots=True)
class AccessiblePlugins:
    plugins: PluginRepository
    marketplaces: MarketplaceRepository

    def list_page(self, actor: Actor, page: PageRequest) -> Page[FedPlugin]:
        """Oldest first, whatever their state. Three round trips, however many there are."""
        if actor.administers:
            return self.plugins.list_page(actor.org_id, page)
        granted, views = side_by_side(
            lambda: self.plugins.list_granted(actor.org_id, actor.principals, page),
            lambda: self.marketplaces.list_views(actor.org_id),
        )
        opened = [view for view in views if view.is_open_to(actor)]
        held = {each for view in opened for each in view.plugin_ids if each > (page.after or "")}
        ids = sorted(held.union(granted.items))
        more = granted.next_after is not None or len(ids) > page.limit
        ids = ids[: page.limit]
        found = self.plugins.find_fed(actor.org_id, ids) if ids else {}
        seen = {one.id for one in _seen(actor, [found[each].plugin for each in ids if each in found], opened)}
        return Page([found[each] for each in ids if each in seen], ids[-1] if more and ids else None)

    def list_all(self, actor: Actor) -> list[Plugin]:
        """The same as a whole, for clients that take a catalog in one piece; a page at a time for who administers."""
        if actor.administers:
            return self._every(actor)
        reached = self.plugins.list_reachable(actor.org_id, actor.principals)
        named = [each for each in reached if each.startswith("mkt_")]
        views = self.marketplaces.find_views(actor.org_id, named).values() if named else ()
        opened = [view for view in views if view.is_open_to(actor)]
        held = {each for view in opened for each in view.plugin_ids}
        ids = sorted(held.union(reached).difference(named))
        found = self.plugins.find_all(actor.org_id, ids) if ids else {}
        return _seen(actor, [found[each] for each in ids if each in found], opened)

    def list_held(self, actor: Actor, view: MarketplaceView) -> list[Plugin]:
        """What a marketplace that is open to the actor holds, in id order, whatever the actor's grants on it."""
        ids = set(view.plugin_ids)
        if view.collects_org_wide:
            ids |= {each for each in self.plugins.list_reachable(actor.org_id, [ORG_WIDE]) if each.startswith("plg_")}
        found = self.plugins.find_all(actor.org_id, sorted(ids)) if ids else {}
        return [found[each] for each in sorted(found) if view.holds(found[each])]

    def _every(self, actor: Actor) -> list[Plugin]:
        found: list[Plugin] = []
        page: PageRequest | None = PageRequest(MAX_LIMIT)
        while page:
            part = self.plugins.list_page(actor.org_id, page)
            found += [one.plugin for one in part.items]
            page = PageRequest(MAX_LIMIT, part.next_after) if part.next_after else None
        return found


def _seen(actor: Actor, shown: Sequence[Plugin], opened: Sequence[MarketplaceView]) -> list[Plugin]:
    """Rows are read consistently; the indexes that named them may lag behind a grant that was taken back."""
    held = {each for view in opened for each in view.plugin_ids}
    return [one for one in shown if strongest(actor, one.grants) is not None or (one.id in held and one.is_active)]
