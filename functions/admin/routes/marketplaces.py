"""Marketplaces: create, change, and which plugins they hold."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.grant import GrantCreate, GrantRead
from functions.admin.models.marketplace import (
    HeldPluginBulk,
    HeldPluginCreate,
    HeldPluginDetail,
    HeldPluginRead,
    MarketplaceCreate,
    MarketplacePatch,
    MarketplaceRead,
    OfferedPlugin,
)
from shared.bootstrap import services
from shared.domain.paging import Page
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, created, detail, listing, mutated
from shared.http.bulk import Bulk, bulk
from shared.http.cursors import PageQuery
from shared.http.etags import IfMatch, revision_of
from shared.http.idempotency import idempotent
from shared.http.path_ids import GrantId, MarketplaceId, PluginId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/marketplaces")
def list_marketplaces(query: Annotated[PageQuery, Query()]) -> Listing[MarketplaceRead]:
    return listing(services().marketplaces.list_page(actor(), query.page), MarketplaceRead.of)


@routes.post("/marketplaces", status_code=201, middlewares=[idempotent])
def create_marketplace(body: MarketplaceCreate) -> Response[Mutation[MarketplaceRead]]:
    marketplace = services().marketplaces.create(actor(), body.to_draft())
    return created(MarketplaceRead.of(marketplace), f"/marketplaces/{marketplace.id}", marketplace.revision)


@routes.get("/marketplaces/<marketplace_id>")
def get_marketplace(marketplace_id: MarketplaceId) -> Response[Detail[MarketplaceRead]]:
    marketplace = services().marketplaces.get(actor(), marketplace_id)
    return detail(MarketplaceRead.of(marketplace), marketplace.revision)


@routes.patch("/marketplaces/<marketplace_id>")
def update_marketplace(
    marketplace_id: MarketplaceId, body: MarketplacePatch, if_match: IfMatch = None
) -> Response[Mutation[MarketplaceRead]]:
    seen = revision_of(if_match)
    marketplace = services().marketplaces.update(actor(), marketplace_id, body.to_changes(), seen)
    return mutated(MarketplaceRead.of(marketplace), marketplace.revision)


@routes.post("/marketplaces/<marketplace_id>/archive")
def archive_marketplace(marketplace_id: MarketplaceId) -> Response[Mutation[MarketplaceRead]]:
    """It shows and delivers nothing from this moment on, and keeps everything."""
    marketplace = services().marketplace_lifecycle.archive(actor(), marketplace_id)
    return mutated(MarketplaceRead.of(marketplace), marketplace.revision)


@routes.post("/marketplaces/<marketplace_id>/delete")
def delete_marketplace(marketplace_id: MarketplaceId) -> Response[Mutation[MarketplaceRead]]:
    """The same, and out of every list; its plugins stay what they are."""
    marketplace = services().marketplace_lifecycle.delete(actor(), marketplace_id)
    return mutated(MarketplaceRead.of(marketplace), marketplace.revision)


@routes.post("/marketplaces/<marketplace_id>/restore")
def restore_marketplace(marketplace_id: MarketplaceId) -> Response[Mutation[MarketplaceRead]]:
    """Back with its plugins and grants; a 409 names the marketplace that has taken its name meanwhile."""
    marketplace = services().marketplace_lifecycle.restore(actor(), marketplace_id)
    return mutated(MarketplaceRead.of(marketplace), marketplace.revision)


@routes.get("/marketplaces/<marketplace_id>/plugins")
def list_held_plugins(marketplace_id: MarketplaceId, query: Annotated[PageQuery, Query()]) -> Listing[HeldPluginDetail]:
    """What was put into it, with each plugin's current state."""
    return listing(
        services().marketplace_plugins.list_plugins(actor(), marketplace_id, query.page), HeldPluginDetail.of
    )


@routes.post("/marketplaces/<marketplace_id>/plugins", status_code=201, middlewares=[idempotent])
def add_plugin_to_marketplace(
    marketplace_id: MarketplaceId, body: HeldPluginCreate
) -> Response[Mutation[HeldPluginRead]]:
    """Adding what it holds changes nothing. Needs editor on both."""
    membership = services().marketplace_plugins.add_plugin(actor(), marketplace_id, body.plugin_id)
    return created(HeldPluginRead.of(membership), f"/marketplaces/{marketplace_id}/plugins")


@routes.post(
    "/marketplaces/<marketplace_id>/plugins/bulk", status_code=201, responses={207: {}}, middlewares=[idempotent]
)
def add_plugins_to_marketplace(marketplace_id: MarketplaceId, body: HeldPluginBulk) -> Response[Bulk[HeldPluginRead]]:
    """Up to 100, one result for each; the status is theirs where all agree, else 207."""
    wanted = [one.plugin_id for one in body.items]
    outcomes = services().marketplace_plugins.add_plugins(actor(), marketplace_id, wanted)
    return bulk(outcomes, HeldPluginRead.of, HTTPStatus.CREATED)


@routes.delete("/marketplaces/<marketplace_id>/plugins/<plugin_id>")
def remove_plugin_from_marketplace(
    marketplace_id: MarketplaceId, plugin_id: PluginId
) -> Response[Mutation[HeldPluginRead]]:
    """Removing what was removed changes nothing."""
    return mutated(HeldPluginRead.of(services().marketplace_plugins.remove_plugin(actor(), marketplace_id, plugin_id)))


@routes.get("/marketplaces/<marketplace_id>/resolved")
def list_offered_plugins(marketplace_id: MarketplaceId, query: Annotated[PageQuery, Query()]) -> Listing[OfferedPlugin]:
    """The plugins that it delivers now, those that it collects included; none while it is archived."""
    return listing(services().marketplace_plugins.list_resolved(actor(), marketplace_id, query.page), OfferedPlugin.of)


@routes.get("/marketplaces/<marketplace_id>/access")
def list_marketplace_grants(marketplace_id: MarketplaceId) -> Listing[GrantRead]:
    """Every grant, removed ones too: a marketplace has at most 250, so they come as one page."""
    return listing(Page(services().marketplace_grants.list_all(actor(), marketplace_id)), GrantRead.of)


@routes.post("/marketplaces/<marketplace_id>/access", status_code=201, middlewares=[idempotent])
def give_marketplace_access(marketplace_id: MarketplaceId, body: GrantCreate) -> Response[Mutation[GrantRead]]:
    """Give a role, or change the role that was given; giving again what is there changes nothing."""
    grant = services().marketplace_grants.give(actor(), marketplace_id, body.principal, body.as_role)
    return created(GrantRead.of(grant), f"/marketplaces/{marketplace_id}/access")


@routes.delete("/marketplaces/<marketplace_id>/access/<grant_id>")
def take_back_marketplace_access(marketplace_id: MarketplaceId, grant_id: GrantId) -> Response[Mutation[GrantRead]]:
    """Stamp a grant as removed; the last manager stays, unless an org admin removes it."""
    return mutated(GrantRead.of(services().marketplace_grants.take_back(actor(), marketplace_id, grant_id)))
