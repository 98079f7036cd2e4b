"""Imports of archives: bodies here are bytes, so this is an area of its own."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.imports import ImportQuery, ImportRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import JSON
from shared.http.idempotency import idempotent
from shared.http.request import request
from shared.http.routes import Routes

routes = Routes()


@routes.post(
    "/import",
    status_code=201,
    responses={207: {"description": "Results differ"}},
    tags=["config-objects"],
    middlewares=[idempotent],
)
def import_config_objects(query: Annotated[ImportQuery, Query()]) -> Response[ImportRead]:
    """A zip or tar.gz of a plugin's folder, of one skill, or of a repository of plugins: an object per unit found.

    A folder around everything is left out of account. Links are not followed; nothing is run. At most 100 units, and
    50 MiB unpacked. The status is that of all units where they agree, else 207; `skipped` names what became nothing.
    """
    imported = ImportRead.of(services().imports.import_archive(actor(), request().body, query.plugin_ids))
    statuses = {each.status for each in imported.items}
    status = statuses.pop() if len(statuses) == 1 else HTTPStatus.MULTI_STATUS
    return Response(status, JSON, imported, {})
