"""The marketplace that an application makes: what its repository calls it, or a name near to that which is free."""

from collections.abc import Iterator

from shared.domain.access import Actor
from shared.domain.discovery.application import PlannedMarketplace
from shared.domain.discovery.candidate import ProposedMarketplace
from shared.domain.errors import Invalid
from shared.domain.marketplace import require_marketplace_name
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
