"""Config objects and their versions."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.config_object import (
    ConfigObjectBulk,
    ConfigObjectCreate,
    ConfigObjectPatch,
    ConfigObjectRead,
    ObjectQuery,
)
from functions.admin.models.version import VersionCreate, VersionDetail, VersionMutation, VersionRead
from functions.admin.routes import config_object_contents, config_object_sharing, config_object_validation
from shared.bootstrap import services
from shared.domain.config_object import ConfigObject
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Mutation, accepted_as, created, detail, listing, mutated
from shared.http.bulk import Bulk, bulk
from shared.http.cursors import PageQuery
from shared.http.etags import IfMatch, revision_of
from shared.http.idempotency import idempotent
from shared.http.path_ids import ConfigObjectId, VersionId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/config-objects")
def list_config_objects(query: Annotated[ObjectQuery, Query()]) -> Listing[ConfigObjectRead]:
    """One row per object that the caller may see, without file content."""
    return listing(services().object_listing.list_page(actor(), query.filter, query.page), ConfigObjectRead.of)


@routes.post("/config-objects", status_code=201, middlewares=[idempotent])
def create_config_object(body: ConfigObjectCreate) -> Response[Mutation[ConfigObjectRead]]:
    entity = services().config_objects.create(actor(), body.to_draft())
    return created(ConfigObjectRead.of_new(entity), f"/config-objects/{entity.id}", entity.revision)


@routes.post("/config-objects/bulk", status_code=201, responses={207: {}}, middlewares=[idempotent])
def create_config_objects(body: ConfigObjectBulk) -> Response[Bulk[ConfigObjectRead]]:
    """Up to 100 creations, each whole or refused with its own reason; 207 where their results differ.

    The Idempotency-Key is that of the whole request; what was not reached in time is a 503 of its item.
    """
    outcomes = services().bulk_creation.create_all(actor(), body.to_drafts())
    return bulk(outcomes, ConfigObjectRead.of_new, HTTPStatus.CREATED)


@routes.get("/config-objects/<object_id>")
def get_config_object(object_id: ConfigObjectId) -> Response[Detail[ConfigObjectRead]]:
    shown = services().config_objects.get_shown(actor(), object_id)
    return detail(ConfigObjectRead.of(shown), shown.config_object.revision, shown.beside)


@routes.patch("/config-objects/<object_id>")
def update_config_object(
    object_id: ConfigObjectId, body: ConfigObjectPatch, if_match: IfMatch = None
) -> Response[Mutation[ConfigObjectRead]]:
    """Write metadata that the object's source does not define, such as an MCP server's description.

    It stays until the source comes to define it. What the source defines is a 400: change it there.
    A manager also chooses whether clients are given literal secrets as variables to set, or as they are.
    """
    changes, seen = body.to_changes(), revision_of(if_match)
    entity = services().object_metadata.update(actor(), object_id, changes, seen, body.secret_delivery)
    return _changed(entity)


@routes.post("/config-objects/<object_id>/archive")
def archive_config_object(object_id: ConfigObjectId) -> Response[Mutation[ConfigObjectRead]]:
    """Out of delivery at once. Its source still brings versions; memberships, grants and history stay. Idempotent."""
    return _changed(services().object_lifecycle.archive(actor(), object_id))


@routes.post("/config-objects/<object_id>/delete")
def delete_config_object(object_id: ConfigObjectId) -> Response[Mutation[ConfigObjectRead]]:
    """Out of delivery at once, as a version of its own. No sync revives it; `restore` brings all of it back.

    Memberships, grants and history stay. Idempotent.
    """
    return _changed(services().object_lifecycle.delete(actor(), object_id))


@routes.post("/config-objects/<object_id>/restore")
def restore_config_object(object_id: ConfigObjectId) -> Response[Mutation[ConfigObjectRead]]:
    """Bring an archived or deleted object back, with its memberships, grants and history. Idempotent.

    After a deletion its last good content becomes a new version, and it follows its source again; without
    `connectorInstanceId` in the answer its path is gone, or another object's by now.
    """
    return _changed(services().object_lifecycle.restore(actor(), object_id))


def _changed(entity: ConfigObject) -> Response[Mutation[ConfigObjectRead]]:
    shown = services().staleness.show(entity)
    return mutated(ConfigObjectRead.of(shown), entity.revision, shown.beside)


routes.include(config_object_sharing.routes)
routes.include(config_object_contents.routes)
routes.include(config_object_validation.routes)


@routes.get("/config-objects/<object_id>/versions")
def list_versions(object_id: ConfigObjectId, query: Annotated[PageQuery, Query()]) -> Listing[VersionRead]:
    """Newest first, without content."""
    return listing(services().config_objects.list_versions(actor(), object_id, query.page), VersionRead.of)


@routes.post(
    "/config-objects/<object_id>/versions",
    status_code=201,
    responses={200: {"description": "Unchanged"}},
    middlewares=[idempotent],
)
def create_version(
    object_id: ConfigObjectId, body: VersionCreate, if_match: IfMatch = None
) -> Response[VersionMutation]:
    """The next version; `If-Match` takes the object's ETag. Equal content creates nothing: 200, `unchanged: true`."""
    content, seen = body.input.to_draft(), revision_of(if_match)
    written = services().config_objects.create_version(actor(), object_id, content, body.reason, seen)
    item = VersionRead.of(written.version)
    path = f"/config-objects/{object_id}/versions/{written.version.id}"
    answer = VersionMutation(item=item, unchanged=written.unchanged)
    return accepted_as(answer, path, written.config_object.revision, is_new=not written.unchanged)


@routes.get("/config-objects/<object_id>/versions/latest")
def get_latest_version(object_id: ConfigObjectId) -> Response[Detail[VersionDetail]]:
    return detail(VersionDetail.of(services().config_objects.get_version(actor(), object_id, None)))


@routes.get("/config-objects/<object_id>/versions/<version_id>")
def get_version(object_id: ConfigObjectId, version_id: VersionId) -> Response[Detail[VersionDetail]]:
    """One version with its content; literal secrets are masked for who may not edit the object."""
    return detail(VersionDetail.of(services().config_objects.get_version(actor(), object_id, version_id)))
