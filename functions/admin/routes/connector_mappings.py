"""Mappings by id."""

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.mapping import MappingRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, detail
from shared.http.path_ids import MappingId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/connector-mappings/<mapping_id>")
def get_mapping(mapping_id: MappingId) -> Response[Detail[MappingRead]]:
    return detail(MappingRead.of(services().mappings.get(actor(), mapping_id)))
