"""Connector targets: one repository and branch each, their mappings, and asking for a sync."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.connector_target import TargetPatch, TargetRead
from functions.admin.models.mapping import MappingBulk, MappingCreate, MappingRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, Queued, created, detail, listing, mutated, queued
from shared.http.bulk import Bulk, bulk
from shared.http.cursors import PageQuery
from shared.http.etags import IfMatch, revision_of
from shared.http.idempotency import idempotent
from shared.http.path_ids import TargetId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/connector-targets/<target_id>")
def get_target(target_id: TargetId) -> Response[Detail[TargetRead]]:
    target = services().targets.get(actor(), target_id)
    return detail(TargetRead.of(target), target.revision)


@routes.patch("/connector-targets/<target_id>")
def update_target(target_id: TargetId, body: TargetPatch, if_match: IfMatch = None) -> Response[Mutation[TargetRead]]:
    """Track another branch, and sync it at once: a path that both have keeps its object."""
    target = services().targets.switch_branch(actor(), target_id, body.branch, revision_of(if_match))
    return mutated(TargetRead.of(target), target.revision)


@routes.post("/connector-targets/<target_id>/resync", status_code=202, middlewares=[idempotent])
def resync_target(target_id: TargetId) -> Response[Queued]:
    """Reconcile the branch head; the job's id is that of its sync event."""
    event = services().sync_events.resync(actor(), target_id)
    return queued(event.id, f"/connector-sync-events/{event.id}")


@routes.get("/connector-targets/<target_id>/mappings")
def list_mappings(target_id: TargetId, query: Annotated[PageQuery, Query()]) -> Listing[MappingRead]:
    return listing(services().mappings.list_page(actor(), target_id, query.page), MappingRead.of)


@routes.post("/connector-targets/<target_id>/mappings", status_code=201, middlewares=[idempotent])
def create_mapping(target_id: TargetId, body: MappingCreate) -> Response[Mutation[MappingRead]]:
    """Takes effect with the target's next sync; naming a plugin needs editor on it."""
    mapping = services().mappings.create(actor(), target_id, body.to_draft())
    return created(MappingRead.of(mapping), f"/connector-mappings/{mapping.id}", mapping.revision)


@routes.post(
    "/connector-targets/<target_id>/mappings/bulk", status_code=201, responses={207: {}}, middlewares=[idempotent]
)
def create_mappings(target_id: TargetId, body: MappingBulk) -> Response[Bulk[MappingRead]]:
    """Up to 100, one result for each; the status is theirs where all agree, else 207."""
    drafts = [one.to_draft() for one in body.items]
    return bulk(services().mappings.create_all(actor(), target_id, drafts), MappingRead.of, HTTPStatus.CREATED)
