"""Native delivery: accessible plugins, their manifests, their archives."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.delivery.models.manifest import ManifestRead
from functions.delivery.models.marketplace import DeliveredMarketplace, StockedMarketplace
from functions.delivery.models.plugin import (
    ArchiveQuery,
    ArchiveRead,
    ClientArchiveQuery,
    DeliveredPlugin,
    ItemArchiveQuery,
    ManifestQuery,
    PluginQuery,
)
from functions.delivery.models.release import PinnableRelease
from functions.delivery.models.resolution import Resolution, ResolutionQuery
from shared.bootstrap import services
from shared.domain.paging import Page
from shared.http.actor import actor
from shared.http.answers import JSON, Detail, Listing, detail, listing
from shared.http.cursors import PageQuery
from shared.http.path_ids import ConfigObjectId, MarketplaceId, PluginId, ReleaseId
from shared.http.routes import Routes
from shared.services.delivery_archives import ArchiveLink

routes = Routes()


@routes.get("/plugins")
def list_plugins(query: Annotated[PluginQuery, Query()]) -> Listing[DeliveredPlugin]:
    return listing(services().delivery.list_plugins(actor(), query.filter, query.page), DeliveredPlugin.of)


@routes.get("/plugins/<plugin_id>")
def get_plugin(plugin_id: PluginId) -> Response[Detail[DeliveredPlugin]]:
    return detail(DeliveredPlugin.of(services().delivery.get_plugin(actor(), plugin_id)))


@routes.get("/plugins/<plugin_id>/manifest")
def get_manifest(plugin_id: PluginId, query: Annotated[ManifestQuery, Query()]) -> Response[Detail[ManifestRead]]:
    """What the plugin delivers now, or what it delivered under a `digest`."""
    return detail(ManifestRead.of_plugin(*services().delivery.get_manifest(actor(), plugin_id, query.digest)))


@routes.get("/plugins/<plugin_id>/download", status_code=302)
def download_plugin(plugin_id: PluginId, query: Annotated[ArchiveQuery, Query()]) -> Response[Detail[ArchiveRead]]:
    """A redirect to the archive, whose SHA-256 is in the answer and in its header `x-archive-sha256`.

    Equal content has equal archives. By `digest` it is the content of a manifest that was read before.
    """
    return _see(services().delivery.download_plugin(actor(), plugin_id, query.archive, query.digest))


@routes.get("/plugins/<plugin_id>/releases")
def list_pinnable_releases(plugin_id: PluginId, query: Annotated[PageQuery, Query()]) -> Listing[PinnableRelease]:
    """Newest first, of rolling plugins, too."""
    return listing(services().delivery_releases.list_page(actor(), plugin_id, query.page), PinnableRelease.of)


@routes.get("/plugins/<plugin_id>/releases/<release_id>/manifest")
def get_release_manifest(plugin_id: PluginId, release_id: ReleaseId) -> Response[Detail[ManifestRead]]:
    """What was released, whatever the plugin delivers by now and whatever became of its config objects."""
    return detail(ManifestRead.of_plugin(*services().delivery_releases.get_manifest(actor(), plugin_id, release_id)))


@routes.get("/plugins/<plugin_id>/releases/<release_id>/download", status_code=302)
def download_release(
    plugin_id: PluginId, release_id: ReleaseId, query: Annotated[ClientArchiveQuery, Query()]
) -> Response[Detail[ArchiveRead]]:
    """The same for a release, as it was signed."""
    return _see(services().delivery.download_release(actor(), plugin_id, release_id, query.archive))


@routes.get("/resolve")
def resolve_names(query: Annotated[ResolutionQuery, Query()]) -> Response[Detail[Resolution]]:
    """What names of plugins stand for to the caller, for lock files."""
    return detail(Resolution.of_names(services().delivery_resolution.resolve(actor(), query.wanted)))


@routes.get("/marketplaces")
def list_marketplaces() -> Listing[DeliveredMarketplace]:
    """Every one that is open to the caller: an org has few, so they come as one page."""
    return listing(Page(services().delivery.list_marketplaces(actor())), DeliveredMarketplace.of)


@routes.get("/marketplaces/<marketplace_id>")
def get_marketplace(marketplace_id: MarketplaceId) -> Response[Detail[StockedMarketplace]]:
    return detail(StockedMarketplace.of_stock(*services().delivery.get_marketplace(actor(), marketplace_id)))


@routes.get("/config-objects/<object_id>/download", status_code=302)
def download_object(
    object_id: ConfigObjectId, query: Annotated[ItemArchiveQuery, Query()]
) -> Response[Detail[ArchiveRead]]:
    """The same for the files of one config object alone."""
    return _see(services().delivery.download_object(actor(), object_id, query.format))


def _see(archive: ArchiveLink) -> Response[Detail[ArchiveRead]]:
    """The link carries its own credentials for a while: whoever follows it should send none."""
    headers = {"Location": archive.url, "x-archive-sha256": archive.sha256}
    return Response(HTTPStatus.FOUND, JSON, Detail(item=ArchiveRead.of(archive)), headers)
