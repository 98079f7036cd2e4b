"""Mappings by id: change, preview, remove."""

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.mapping import MappingPatch, MappingPreviewInput, MappingPreviewRead, MappingRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Mutation, detail, mutated
from shared.http.etags import IfMatch, revision_of
from shared.http.path_ids import MappingId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/connector-mappings/<mapping_id>")
def get_mapping(mapping_id: MappingId) -> Response[Detail[MappingRead]]:
    mapping = services().mappings.get(actor(), mapping_id)
    return detail(MappingRead.of(mapping), mapping.revision)


@routes.patch("/connector-mappings/<mapping_id>")
def update_mapping(
    mapping_id: MappingId, body: MappingPatch, if_match: IfMatch = None
) -> Response[Mutation[MappingRead]]:
    """Change it, and queue a run; what it selects keeps its identity as long as path and type stay."""
    mapping = services().mappings.update(actor(), mapping_id, body.to_changes(), revision_of(if_match))
    return mutated(MappingRead.of(mapping), mapping.revision)


@routes.delete("/connector-mappings/<mapping_id>")
def delete_mapping(mapping_id: MappingId) -> Response[Mutation[MappingRead]]:
    """Remove it, and queue a run: what no other mapping selects is deleted, with tombstones. Needs manager."""
    return mutated(MappingRead.of(services().mappings.delete(actor(), mapping_id)))


@routes.post("/connector-mappings/<mapping_id>/preview")
def preview_mapping(mapping_id: MappingId, body: MappingPreviewInput | None = None) -> Detail[MappingPreviewRead]:
    """What it selects at the current head, and what each of it would become; stores nothing."""
    changes = body.to_changes() if body else {}
    return Detail(item=MappingPreviewRead.of(services().mapping_previews.preview(actor(), mapping_id, changes)))
