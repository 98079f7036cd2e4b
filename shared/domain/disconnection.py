"""Decides what becomes of plugins and marketplaces when the account that fed them is disconnected.

What discovery made, and nothing else depends on, is archived; what people made or built upon is kept.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.lifecycle import Lifecycle
from shared.domain.marketplace import Marketplace
from shared.domain.plugin import Plugin

_UNUSED: Final = "Discovery made it from a repository of this account, and nothing else depends on it."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one plugin or marketplace, and why."""

    id: str
    name: str
    archived: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Concerned:
    """What targets of an account have to do with.

    `made` are the ids of what discovery made of them; `plugins` are those, and all that their mappings feed or their
    marketplaces hold, by id; `marketplaces` all that hold one of the plugins, by id. `joined_by_people` are plugins
    into which somebody put an object, `mapped_by_people` those that a mapping which somebody made feeds.
    """

    target_ids: Collection[str]
    made: Collection[str]
    plugins: Mapping[str, Plugin]
    marketplaces: Mapping[str, Marketplace]
    fed: Collection[str] = ()
    joined_by_people: Collection[str] = ()
    mapped_by_people: Collection[str] = ()

    def plugin_outcomes(self) -> list[Outcome]:
        """Of every plugin that discovery made or a mapping feeds, deleted ones aside."""
        wanted = (self.plugins[each] for each in sorted({*self.made, *self.fed}) if each in self.plugins)
        return [self._of_plugin(one) for one in wanted if one.status is not Lifecycle.DELETED]

    def marketplace_outcomes(self, plugins: Iterable[Outcome]) -> list[Outcome]:
        """Of every marketplace that discovery made, given what becomes of the plugins."""
        archived = {one.id for one in plugins if one.archived}
        wanted = (self.marketplaces[each] for each in sorted(self.made) if each in self.marketplaces)
        return [self._of_marketplace(one, archived) for one in wanted if one.status is not Lifecycle.DELETED]

    def _of_plugin(self, plugin: Plugin) -> Outcome:
        why = self._need_of(plugin)
        return Outcome(plugin.id, plugin.name, why is None, why or _put_aside(plugin) or _UNUSED)

    def _need_of(self, plugin: Plugin) -> str | None:
        """Why a plugin is kept."""
        if plugin.id not in self.made:
            return "Somebody made it; mappings of this account only feed it."
        if plugin.id in self.joined_by_people:
            return "Somebody has put config objects into it."
        if plugin.id in self.mapped_by_people:
            return "A mapping that somebody made feeds it."
        if plugin.target_ids - set(self.target_ids):
            return "A target of another account feeds it, too."
        if plugin.release_count:
            return "It has releases, which clients may have pinned."
        others = [one for one in self._holding(plugin) if one.id not in self.made]
        return f"The marketplace {others[0].name} holds it, which somebody made." if others else None

    def _holding(self, plugin: Plugin) -> list[Marketplace]:
        held = (self.marketplaces[each] for each in sorted(plugin.marketplace_ids) if each in self.marketplaces)
        return [one for one in held if one.status is not Lifecycle.DELETED]

    def _of_marketplace(self, marketplace: Marketplace, archived: Collection[str]) -> Outcome:
        held = (self.plugins[each] for each in sorted(marketplace.plugin_ids) if each in self.plugins)
        stays = next((one for one in held if one.is_active and one.id not in archived), None)
        if stays is not None:
            return Outcome(marketplace.id, marketplace.name, False, f"It holds {stays.name}, which is kept.")
        if marketplace.collects_org_wide:
            why = "It collects every plugin that is shared with the whole organization."
            return Outcome(marketplace.id, marketplace.name, False, why)
        return Outcome(marketplace.id, marketplace.name, True, _put_aside(marketplace) or _UNUSED)


def _put_aside(one: Plugin | Marketplace) -> str | None:
    return "It is archived already." if one.status is Lifecycle.ARCHIVED else None
