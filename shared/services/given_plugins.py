"""Plugins that were given to a caller, apart from all those that an owner's or admin's rights would reach."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.access import ORG_WIDE, Actor, strongest
from shared.domain.lifecycle import Lifecycle
from shared.domain.marketplace import MarketplaceView
from shared.domain.plugin import Plugin
from shared.repositories.marketplaces import MarketplaceRepository
from shared.repositories.plugins import PluginRepository


class Way(StrEnum):
    """How a plugin came to be given: by a grant on it, or by a marketplace that was opened to the caller."""

    GRANT = "grant"
    MARKETPLACE = "marketplace"


@dataclass(frozen=True, slots=True)
class Standing:
    """A plugin, whatever its state; `way` is None for what was not given, `allowed` tells who may have it anyway."""

    plugin: Plugin
    way: Way | None
    allowed: bool


@dataclass(frozen=True, slots=True)
class GivenPlugins:
    plugins: PluginRepository
    marketplaces: MarketplaceRepository

    def reached(self, actor: Actor) -> list[str]:
        """Ids of the plugins and marketplaces that the actor was granted: one query per principal, side by side.

        A token that names a marketplace was given that one alone, without any read.
        """
        if actor.marketplace_id is not None:
            return [actor.marketplace_id]
        return self.plugins.list_reachable(actor.org_id, actor.principals)

    def standings(self, actor: Actor, reached: Sequence[str], also: Collection[str]) -> list[Standing]:
        """Of what was `reached`, of what its marketplaces hold, and of the plugins in `also`, in id order.

        Two round trips: a batch of marketplaces where there are any, and a batch per hundred plugins.
        """
        named = [each for each in reached if each.startswith("mkt_")]
        views = list(self.marketplaces.find_views(actor.org_id, named).values()) if named else []
        opened = [view for view in views if _is_given(actor, view)]
        ids = {each for each in reached if each.startswith("plg_")}.union(also, *(view.plugin_ids for view in opened))
        if actor.marketplace_id is not None and any(view.collects_org_wide for view in opened):
            shared = self.plugins.list_reachable(actor.org_id, [ORG_WIDE])
            ids |= {each for each in shared if each.startswith("plg_")}
        found = self.plugins.find_all(actor.org_id, sorted(ids)) if ids else {}
        return [_standing(actor, found[each], opened) for each in sorted(found)]


def _is_given(actor: Actor, view: MarketplaceView) -> bool:
    """An admin could open every marketplace; given to them are those that were shared with them."""
    if actor.marketplace_id is not None:
        return view.is_open_to(actor)
    return view.status == Lifecycle.ACTIVE and not actor.principals.isdisjoint(view.grants)


def _standing(actor: Actor, plugin: Plugin, opened: Iterable[MarketplaceView]) -> Standing:
    held = any(view.holds(plugin) for view in opened)
    if actor.marketplace_id is not None:
        return Standing(plugin, Way.MARKETPLACE if held else None, allowed=held)
    granted = not actor.principals.isdisjoint(plugin.grants)
    way = Way.GRANT if granted else Way.MARKETPLACE if held else None
    return Standing(plugin, way, allowed=held or strongest(actor, plugin.grants) is not None)
