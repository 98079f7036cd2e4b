"""What somebody may use, and every way in to it."""

from dataclasses import dataclass

from shared.domain.access import Actor, ActorKind, Capability, require_capability
from shared.domain.marketplace import MarketplaceView
from shared.domain.paging import Page, PageRequest
from shared.domain.way_in import Access, ways_in
from shared.repositories.marketplaces import MarketplaceRepository
from shared.repositories.resources import ResourceRepository
from shared.services.side_by_side import side_by_side
from shared.services.teams import Teams


@dataclass(frozen=True, slots=True)
class AccessListing:
    """`prefix` of ids asks for one kind alone."""

    resources: ResourceRepository
    marketplaces: MarketplaceRepository
    teams: Teams

    def list_page(self, actor: Actor, prefix: str, page: PageRequest) -> Page[Access]:
        """In id order; a page may be short where archived and deleted ones were left out.

        Three round trips, the sign-in aside: a query per principal beside the org's marketplaces, then one batch.
        """
        granted, views = side_by_side(
            lambda: self._granted(actor, prefix, page), lambda: self.marketplaces.list_views(actor.org_id)
        )
        opened = [view for view in views if view.is_open_to(actor)]
        ids = sorted({*granted.items, *_held(opened, prefix, page)})
        more = granted.next_after is not None or len(ids) > page.limit
        ids = [one for one in ids if granted.next_after is None or one <= granted.next_after][: page.limit]
        found = self.resources.find_all(actor.org_id, ids)
        shown = [found[one] for one in ids if one in found and found[one].is_in_use]
        accesses = [Access(one, ways) for one in shown if (ways := ways_in(actor, one, opened))]
        return Page(accesses, ids[-1] if more and ids else None)

    def list_of_team(self, actor: Actor, team_id: str, prefix: str, page: PageRequest) -> Page[Access]:
        """For the team's members and admins. Raises: NotFound, MissingCapability."""
        team = self.teams.get(actor, team_id)
        if team.id not in actor.team_ids:
            require_capability(actor, Capability.DIRECTORY_MANAGE)
        as_team = Actor(ActorKind.MEMBER, actor.org_id, team.id, team_ids=frozenset({team.id}))
        return self.list_page(as_team, prefix, page)

    def _granted(self, actor: Actor, prefix: str, page: PageRequest) -> Page[str]:
        if actor.administers:
            return self.resources.list_ids(actor.org_id, prefix, page)
        return self.resources.list_granted_ids(actor.org_id, actor.principals, prefix, page)


def _held(opened: list[MarketplaceView], prefix: str, page: PageRequest) -> set[str]:
    after = page.after or ""
    return {one for view in opened for one in view.plugin_ids if one > after and one.startswith(prefix)}
