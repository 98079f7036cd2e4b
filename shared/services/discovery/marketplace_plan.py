"""The marketplace that an application makes: what its repository calls it, or a name near to that which is free."""

from collections.abc import Iterator, Sequence

from shared.domain.access import Actor
from shared.domain.discovery.application import JoinedPlugin, PlannedAction, PlannedMarketplace, RestoredPlugin
from shared.domain.discovery.candidate import ProposedMarketplace
from shared.domain.discovery.planning import Known
from shared.domain.errors import Conflict, Invalid
from shared.domain.marketplace import MAX_PLUGINS, require_marketplace_name
from shared.domain.organization import slug_of
from shared.repositories.marketplaces import MarketplaceRepository


def plan_marketplace(
    proposed: ProposedMarketplace, own_id: str, actor: Actor, repository: str, marketplaces: MarketplaceRepository
) -> PlannedMarketplace:
    """Vendors' own names are refused by the clients of everybody else: the repository's name stands in for them."""
    name = next(_free(proposed.name, own_id, actor, repository, marketplaces))
    return PlannedMarketplace(own_id, name, slug_of(name), True, proposed.description, proposed.owner)


def _free(
    wanted: str, own_id: str, actor: Actor, repository: str, marketplaces: MarketplaceRepository
) -> Iterator[str]:
    by_repository = repository.replace("/", "-")
    for name in (wanted, by_repository, f"{by_repository[:80]}-{own_id[-6:]}"):
        try:
            require_marketplace_name(name)
            require_marketplace_name(slug_of(name))
        except Invalid:
            continue
        if marketplaces.is_free(actor.org_id, actor.id, name, slug_of(name)):
            yield name
    yield f"marketplace-{own_id[-6:]}"


def joins(
    actions: Sequence[PlannedAction], plugin_ids: dict[str, str], known: Known, marketplace: PlannedMarketplace
) -> list[PlannedAction]:
    """Plugins that the marketplace does not hold yet; one that is restored in the same write is in it already."""
    restored = {action.restored_id for action in actions if isinstance(action, RestoredPlugin)}
    held = {one.id for one in known.plugins.values() if marketplace.marketplace_id in one.marketplace_ids}
    wanted = [each for each in plugin_ids.values() if each not in held | restored]
    if len(held) + len(wanted) > MAX_PLUGINS:
        raise Conflict(f"A marketplace holds at most {MAX_PLUGINS} plugins; select fewer candidates.")
    return [JoinedPlugin(each) for each in wanted]
