"""Plugins: create, change, list."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.plugin import PluginCreate, PluginPatch, PluginRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, created, detail, listing, mutated
from shared.http.cursors import PageQuery
from shared.http.etags import IfMatch, revision_of
from shared.http.idempotency import idempotent
from shared.http.path_ids import PluginId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/plugins")
def list_plugins(query: Annotated[PageQuery, Query()]) -> Listing[PluginRead]:
    return listing(services().plugins.list_page(actor(), query.page), PluginRead.of)


@routes.post("/plugins", status_code=201, middlewares=[idempotent])
def create_plugin(body: PluginCreate) -> Response[Mutation[PluginRead]]:
    plugin = services().plugins.create(actor(), body.to_draft())
    return created(PluginRead.of(plugin), f"/plugins/{plugin.id}", plugin.revision)


@routes.get("/plugins/<plugin_id>")
def get_plugin(plugin_id: PluginId) -> Response[Detail[PluginRead]]:
    plugin = services().plugins.get(actor(), plugin_id)
    return detail(PluginRead.of(plugin), plugin.revision)


@routes.patch("/plugins/<plugin_id>")
def update_plugin(plugin_id: PluginId, body: PluginPatch, if_match: IfMatch = None) -> Response[Mutation[PluginRead]]:
    plugin = services().plugins.update(actor(), plugin_id, body.to_changes(), revision_of(if_match))
    return mutated(PluginRead.of(plugin), plugin.revision)
