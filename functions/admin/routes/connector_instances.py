"""Connector instances, who may use them, and the targets made in them."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.connector_instance import InstanceCreate, InstancePatch, InstanceRead, JobRead, SyncsQueued
from functions.admin.models.connector_target import TargetCreate, TargetRead
from functions.admin.models.grant import GrantCreate, GrantRead
from functions.admin.routes import discovery
from shared.bootstrap import services
from shared.domain.connector import ConnectorInstance
from shared.domain.paging import Page
from shared.http.actor import actor
from shared.http.answers import JSON, Detail, Listing, Mutation, created, detail, listing, mutated
from shared.http.cursors import PageQuery
from shared.http.etags import IfMatch, revision_of
from shared.http.idempotency import idempotent
from shared.http.path_ids import GrantId, InstanceId
from shared.http.request import request
from shared.http.routes import Routes

routes = Routes()


@routes.get("/connector-instances")
def list_instances(query: Annotated[PageQuery, Query()]) -> Listing[InstanceRead]:
    return listing(services().instances.list_page(actor(), query.page), InstanceRead.of)


@routes.post("/connector-instances", status_code=201, middlewares=[idempotent])
def create_instance(body: InstanceCreate) -> Response[Mutation[InstanceRead]]:
    instance = services().instances.create(actor(), body.account_id, body.name)
    return created(InstanceRead.of(instance), f"/connector-instances/{instance.id}", instance.revision)


@routes.get("/connector-instances/<instance_id>")
def get_instance(instance_id: InstanceId) -> Response[Detail[InstanceRead]]:
    instance = services().instances.get(actor(), instance_id)
    return detail(InstanceRead.of(instance), instance.revision)


@routes.patch("/connector-instances/<instance_id>")
def update_instance(
    instance_id: InstanceId, body: InstancePatch, if_match: IfMatch = None
) -> Response[Mutation[InstanceRead]]:
    return _moved(services().instances.update(actor(), instance_id, body.to_changes(), revision_of(if_match)))


@routes.post("/connector-instances/<instance_id>/disable")
def disable_instance(instance_id: InstanceId) -> Response[Mutation[InstanceRead]]:
    """Nothing is synced until it is enabled; what was synced stays as it is."""
    return _moved(services().instance_lifecycle.disable(actor(), instance_id))


@routes.post("/connector-instances/<instance_id>/archive")
def archive_instance(instance_id: InstanceId) -> Response[Mutation[InstanceRead]]:
    """Put it aside: like disabling, and it takes a manager to enable it again."""
    return _moved(services().instance_lifecycle.archive(actor(), instance_id))


@routes.post("/connector-instances/<instance_id>/enable")
def enable_instance(instance_id: InstanceId) -> Response[Mutation[InstanceRead]]:
    """Sync again; pushes that came meanwhile are caught up at once."""
    return _moved(services().instance_lifecycle.enable(actor(), instance_id))


@routes.post("/connector-instances/<instance_id>/sync-now", status_code=202, middlewares=[idempotent])
def sync_instance_now(instance_id: InstanceId) -> Response[SyncsQueued]:
    """Reconcile the branch heads of all its targets."""
    jobs = [JobRead(id=event.id) for event in services().instance_lifecycle.sync_now(actor(), instance_id)]
    location = f"{request().base}/connector-sync-events?instanceId={instance_id}"
    return Response(HTTPStatus.ACCEPTED, JSON, SyncsQueued(job=jobs[0], jobs=jobs), {"Location": location})


@routes.get("/connector-instances/<instance_id>/access")
def list_instance_grants(instance_id: InstanceId) -> Listing[GrantRead]:
    """Every grant, removed ones too: an instance has at most 250, so they come as one page."""
    return listing(Page(services().instance_grants.list_all(actor(), instance_id)), GrantRead.of)


@routes.post("/connector-instances/<instance_id>/access", status_code=201, middlewares=[idempotent])
def give_instance_access(instance_id: InstanceId, body: GrantCreate) -> Response[Mutation[GrantRead]]:
    """Its targets, mappings and sync events follow it; giving again what is there changes nothing."""
    grant = services().instance_grants.give(actor(), instance_id, body.principal, body.as_role)
    return created(GrantRead.of(grant), f"/connector-instances/{instance_id}/access")


@routes.delete("/connector-instances/<instance_id>/access/<grant_id>")
def take_back_instance_access(instance_id: InstanceId, grant_id: GrantId) -> Response[Mutation[GrantRead]]:
    """Stamp a grant as removed; the last manager stays, unless an org admin removes it."""
    return mutated(GrantRead.of(services().instance_grants.take_back(actor(), instance_id, grant_id)))


@routes.get("/connector-instances/<instance_id>/targets")
def list_targets(instance_id: InstanceId, query: Annotated[PageQuery, Query()]) -> Listing[TargetRead]:
    return listing(services().targets.list_page(actor(), instance_id, query.page), TargetRead.of)


@routes.post("/connector-instances/<instance_id>/targets", status_code=201, middlewares=[idempotent])
def create_target(instance_id: InstanceId, body: TargetCreate) -> Response[Mutation[TargetRead]]:
    """Track a branch that the installation can read; a 409 names the target that tracks it already."""
    target = services().targets.create(actor(), instance_id, body.to_draft())
    return created(TargetRead.of(target), f"/connector-targets/{target.id}", target.revision)


routes.include(discovery.routes)


def _moved(instance: ConnectorInstance) -> Response[Mutation[InstanceRead]]:
    return mutated(InstanceRead.of(instance), instance.revision)
