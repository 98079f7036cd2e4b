"""Connector instances, and the targets made in them."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.connector_instance import InstanceCreate, InstanceRead
from functions.admin.models.connector_target import TargetCreate, TargetRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, created, detail, listing
from shared.http.cursors import PageQuery
from shared.http.idempotency import idempotent
from shared.http.path_ids import InstanceId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/connector-instances")
def list_instances(query: Annotated[PageQuery, Query()]) -> Listing[InstanceRead]:
    return listing(services().instances.list_page(actor(), query.page), InstanceRead.of)


@routes.post("/connector-instances", status_code=201, middlewares=[idempotent])
def create_instance(body: InstanceCreate) -> Response[Mutation[InstanceRead]]:
    instance = services().instances.create(actor(), body.account_id, body.name)
    return created(InstanceRead.of(instance), f"/connector-instances/{instance.id}")


@routes.get("/connector-instances/<instance_id>")
def get_instance(instance_id: InstanceId) -> Response[Detail[InstanceRead]]:
    return detail(InstanceRead.of(services().instances.get(actor(), instance_id)))


@routes.get("/connector-instances/<instance_id>/targets")
def list_targets(instance_id: InstanceId, query: Annotated[PageQuery, Query()]) -> Listing[TargetRead]:
    return listing(services().targets.list_page(actor(), instance_id, query.page), TargetRead.of)


@routes.post("/connector-instances/<instance_id>/targets", status_code=201, middlewares=[idempotent])
def create_target(instance_id: InstanceId, body: TargetCreate) -> Response[Mutation[TargetRead]]:
    """Track a branch that the installation can read."""
    target = services().targets.create(actor(), instance_id, body.to_draft())
    return created(TargetRead.of(target), f"/connector-targets/{target.id}")
