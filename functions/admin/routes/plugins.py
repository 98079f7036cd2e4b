"""Plugins: create, change, what belongs to them, and who may use them."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.grant import GrantCreate, GrantRead
from functions.admin.models.membership import MemberRead, MembershipBulk, MembershipCreate, MembershipRead, ResolvedRead
from functions.admin.models.plugin import PluginDetail, PluginPatch
from functions.admin.models.plugin_creation import PluginCreate
from functions.admin.routes import plugin_installs, plugin_releases
from shared.bootstrap import services
from shared.domain.paging import Page
from shared.domain.plugin import Plugin
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, created, detail, listing, mutated
from shared.http.bulk import Bulk, bulk
from shared.http.cursors import PageQuery
from shared.http.etags import IfMatch, revision_of
from shared.http.idempotency import idempotent
from shared.http.path_ids import ConfigObjectId, GrantId, PluginId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/plugins")
def list_plugins(query: Annotated[PageQuery, Query()]) -> Listing[PluginDetail]:
    return listing(services().plugins.list_page(actor(), query.page), PluginDetail.of)


@routes.post("/plugins", status_code=201, middlewares=[idempotent])
def create_plugin(body: PluginCreate) -> Response[Mutation[PluginDetail]]:
    """A plugin, at once with up to 100 config objects (by id, or new ones), marketplaces and grants: all or nothing.

    Each part needs what it needs alone: an own grant on an object, editor on a marketplace, `rbac.manage_org` to share
    with the whole org. A refusal names the part, and nothing was written.
    """
    plugin = services().plugin_composition.create(actor(), body.to_draft())
    fed = services().staleness.feed(plugin)
    return created(PluginDetail.of(fed), f"/plugins/{plugin.id}", plugin.revision, fed.beside)


@routes.get("/plugins/<plugin_id>")
def get_plugin(plugin_id: PluginId) -> Response[Detail[PluginDetail]]:
    """One plugin, and whether the targets that feed it still do."""
    fed = services().staleness.get_plugin(actor(), plugin_id)
    return detail(PluginDetail.of(fed), fed.plugin.revision, fed.beside)


@routes.patch("/plugins/<plugin_id>")
def update_plugin(plugin_id: PluginId, body: PluginPatch, if_match: IfMatch = None) -> Response[Mutation[PluginDetail]]:
    plugin = services().plugins.update(actor(), plugin_id, body.to_changes(), revision_of(if_match))
    return _changed(plugin)


@routes.post("/plugins/<plugin_id>/archive")
def archive_plugin(plugin_id: PluginId) -> Response[Mutation[PluginDetail]]:
    """No longer delivered from this moment on; it keeps everything, and its name is free for another."""
    plugin = services().plugin_lifecycle.archive(actor(), plugin_id)
    return _changed(plugin)


@routes.post("/plugins/<plugin_id>/delete")
def delete_plugin(plugin_id: PluginId) -> Response[Mutation[PluginDetail]]:
    """Out of every list, and no longer delivered from this moment on; `restore` brings it back whole."""
    plugin = services().plugin_lifecycle.delete(actor(), plugin_id)
    return _changed(plugin)


@routes.post("/plugins/<plugin_id>/restore")
def restore_plugin(plugin_id: PluginId) -> Response[Mutation[PluginDetail]]:
    """Back with its members, grants and releases; a 409 names the plugin that has taken its name meanwhile."""
    plugin = services().plugin_lifecycle.restore(actor(), plugin_id)
    return _changed(plugin)


@routes.get("/plugins/<plugin_id>/config-objects")
def list_plugin_members(plugin_id: PluginId, query: Annotated[PageQuery, Query()]) -> Listing[MemberRead]:
    """Active memberships with their objects' current state, deleted objects included."""
    return listing(services().plugins.list_members(actor(), plugin_id, query.page), MemberRead.of)


@routes.post("/plugins/<plugin_id>/config-objects", status_code=201, middlewares=[idempotent])
def add_plugin_member(plugin_id: PluginId, body: MembershipCreate) -> Response[Mutation[MembershipRead]]:
    """Adding what is a member changes nothing."""
    membership = services().plugins.add_member(actor(), plugin_id, body.config_object_id)
    return created(MembershipRead.of(membership), f"/plugins/{plugin_id}/config-objects")


@routes.post("/plugins/<plugin_id>/config-objects/bulk", status_code=201, responses={207: {}}, middlewares=[idempotent])
def add_plugin_members(plugin_id: PluginId, body: MembershipBulk) -> Response[Bulk[MembershipRead]]:
    """Up to 100, one result for each; the status is theirs where all agree, else 207."""
    wanted = [one.config_object_id for one in body.items]
    outcomes = services().bulk_membership.add_members(actor(), plugin_id, wanted)
    return bulk(outcomes, MembershipRead.of, HTTPStatus.CREATED)


@routes.delete("/plugins/<plugin_id>/config-objects/<object_id>")
def remove_plugin_member(plugin_id: PluginId, object_id: ConfigObjectId) -> Response[Mutation[MembershipRead]]:
    """Removing what was removed changes nothing."""
    return mutated(MembershipRead.of(services().plugins.remove_member(actor(), plugin_id, object_id)))


@routes.get("/plugins/<plugin_id>/resolved")
def list_resolved(plugin_id: PluginId, query: Annotated[PageQuery, Query()]) -> Listing[ResolvedRead]:
    """Active members with the versions that are delivered now."""
    return listing(services().plugin_resolution.list_page(actor(), plugin_id, query.page), ResolvedRead.of)


@routes.get("/plugins/<plugin_id>/access")
def list_plugin_grants(plugin_id: PluginId) -> Listing[GrantRead]:
    """Every grant, removed ones too: a plugin has at most 250, so they come as one page."""
    return listing(Page(services().plugin_grants.list_all(actor(), plugin_id)), GrantRead.of)


@routes.post("/plugins/<plugin_id>/access", status_code=201, middlewares=[idempotent])
def give_plugin_access(plugin_id: PluginId, body: GrantCreate) -> Response[Mutation[GrantRead]]:
    """Give a role, or change the role that was given; giving again what is there changes nothing."""
    grant = services().plugin_grants.give(actor(), plugin_id, body.principal, body.as_role)
    return created(GrantRead.of(grant), f"/plugins/{plugin_id}/access")


@routes.delete("/plugins/<plugin_id>/access/<grant_id>")
def take_back_plugin_access(plugin_id: PluginId, grant_id: GrantId) -> Response[Mutation[GrantRead]]:
    """Stamp a grant as removed; the last manager stays, unless an org admin removes it."""
    return mutated(GrantRead.of(services().plugin_grants.take_back(actor(), plugin_id, grant_id)))


def _changed(plugin: Plugin) -> Response[Mutation[PluginDetail]]:
    fed = services().staleness.feed(plugin)
    return mutated(PluginDetail.of(fed), plugin.revision, fed.beside)


routes.include(plugin_releases.routes)
routes.include(plugin_installs.routes)
