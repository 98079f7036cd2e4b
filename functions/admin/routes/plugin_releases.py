"""A plugin's releases: make one, look at them, compare two, and choose which is delivered."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.release import (
    ComparisonQuery,
    ReleaseComparison,
    ReleaseCreate,
    ReleaseDetail,
    ReleaseRead,
)
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, created, detail, listing, mutated
from shared.http.cursors import PageQuery
from shared.http.idempotency import idempotent
from shared.http.path_ids import PluginId, ReleaseId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/plugins/<plugin_id>/releases")
def list_releases(plugin_id: PluginId, query: Annotated[PageQuery, Query()]) -> Listing[ReleaseRead]:
    """Newest first, without their items."""
    return listing(services().releases.list_page(actor(), plugin_id, query.page), ReleaseRead.of)


@routes.post("/plugins/<plugin_id>/releases", status_code=201, middlewares=[idempotent])
def create_release(plugin_id: PluginId, body: ReleaseCreate) -> Response[Mutation[ReleaseRead]]:
    """A signed snapshot of what the members are now. It never changes, and is delivered once it is promoted."""
    release = services().releases.create(actor(), plugin_id, body.to_draft())
    return created(ReleaseRead.of(release), f"/plugins/{plugin_id}/releases/{release.id}")


@routes.get("/plugins/<plugin_id>/releases/compare")
def compare_releases(
    plugin_id: PluginId, query: Annotated[ComparisonQuery, Query()]
) -> Response[Detail[ReleaseComparison]]:
    found = services().releases.compare(actor(), plugin_id, query.from_, query.to)
    return detail(ReleaseComparison.of_both(found))


@routes.get("/plugins/<plugin_id>/releases/<release_id>")
def get_release(plugin_id: PluginId, release_id: ReleaseId) -> Response[Detail[ReleaseDetail]]:
    return detail(ReleaseDetail.of_release(*services().releases.get(actor(), plugin_id, release_id)))


@routes.post("/plugins/<plugin_id>/releases/<release_id>/promote")
def promote_release(plugin_id: PluginId, release_id: ReleaseId) -> Response[Mutation[ReleaseRead]]:
    """Make it what the plugin delivers while its mode is `released`; an older one, to roll back."""
    return mutated(ReleaseRead.of(services().releases.promote(actor(), plugin_id, release_id)))
