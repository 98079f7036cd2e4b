"""The org's clients: who has what installed, and where it has drifted."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.client import ClientRead, FleetQuery
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Listing, listing
from shared.http.routes import Routes

routes = Routes()


@routes.get("/clients")
def list_clients(query: Annotated[FleetQuery, Query()]) -> Listing[ClientRead]:
    """Clients that report what they have, for owners and admins; a filtered page may be short and have a cursor."""
    return listing(services().fleet.list_page(actor(), query.filter, query.page), ClientRead.of_found)
