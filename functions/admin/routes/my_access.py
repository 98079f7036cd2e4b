"""What the caller may use in an org."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.access import AccessQuery, AccessRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Listing, listing
from shared.http.routes import Routes

routes = Routes()


@routes.get("/me/access")
def list_my_access(query: Annotated[AccessQuery, Query()]) -> Listing[AccessRead]:
    """Everything the caller may use, with each way in and the highest role; archived and deleted things aside."""
    return listing(services().access_listing.list_page(actor(), query.prefix, query.page), AccessRead.of)
