"""The plugins that a config object is in, and who may use it."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.grant import GrantCreate, GrantRead
from functions.admin.models.membership import MembershipRead, ObjectPluginRead, PluginJoin
from shared.bootstrap import services
from shared.domain.paging import Page
from shared.http.actor import actor
from shared.http.answers import Listing, Mutation, created, listing, mutated
from shared.http.cursors import PageQuery
from shared.http.idempotency import idempotent
from shared.http.path_ids import ConfigObjectId, GrantId, PluginId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/config-objects/<object_id>/plugins")
def list_object_plugins(object_id: ConfigObjectId, query: Annotated[PageQuery, Query()]) -> Listing[ObjectPluginRead]:
    """The plugins that the caller may see among those that the object is in."""
    return listing(services().object_plugins.list_page(actor(), object_id, query.page), ObjectPluginRead.of)


@routes.post("/config-objects/<object_id>/plugins", status_code=201, middlewares=[idempotent])
def join_plugin(object_id: ConfigObjectId, body: PluginJoin) -> Response[Mutation[MembershipRead]]:
    """Needs editor on the plugin and a grant of one's own on the object. Joining again changes nothing."""
    membership = services().plugins.add_member(actor(), body.plugin_id, object_id)
    return created(MembershipRead.of(membership), f"/config-objects/{object_id}/plugins")


@routes.delete("/config-objects/<object_id>/plugins/<plugin_id>")
def leave_plugin(object_id: ConfigObjectId, plugin_id: PluginId) -> Response[Mutation[MembershipRead]]:
    """Needs editor on the plugin. Leaving again changes nothing."""
    return mutated(MembershipRead.of(services().plugins.remove_member(actor(), plugin_id, object_id)))


@routes.get("/config-objects/<object_id>/access")
def list_object_grants(object_id: ConfigObjectId) -> Listing[GrantRead]:
    """Every grant, removed ones too: an object has at most 250 active ones, so they come as one page."""
    return listing(Page(services().object_grants.list_all(actor(), object_id)), GrantRead.of)


@routes.post("/config-objects/<object_id>/access", status_code=201, middlewares=[idempotent])
def give_object_access(object_id: ConfigObjectId, body: GrantCreate) -> Response[Mutation[GrantRead]]:
    """Give a role, or change the role that was given; giving again what is there changes nothing."""
    grant = services().object_grants.give(actor(), object_id, body.principal, body.as_role)
    return created(GrantRead.of(grant), f"/config-objects/{object_id}/access")


@routes.delete("/config-objects/<object_id>/access/<grant_id>")
def take_back_object_access(object_id: ConfigObjectId, grant_id: GrantId) -> Response[Mutation[GrantRead]]:
    """Stamp a grant as removed; the last manager stays, unless an org admin removes it."""
    return mutated(GrantRead.of(services().object_grants.take_back(actor(), object_id, grant_id)))
