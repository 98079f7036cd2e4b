"""How far a plugin's contents have come: clients by what they have of it."""

from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.client import AdoptionRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Listing, listing
from shared.http.cursors import PageQuery
from shared.http.path_ids import PluginId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/plugins/<plugin_id>/installs")
def list_plugin_installs(plugin_id: PluginId, query: Annotated[PageQuery, Query()]) -> Listing[AdoptionRead]:
    """Counts of clients by the content that they report to have, for owners and admins; in no order of time.

    Which clients these are, `GET /clients?pluginId=…&digest=…` tells.
    """
    plugin, found = services().fleet.list_adoption(actor(), plugin_id, query.page)
    return listing(found, partial(AdoptionRead.of_plugin, plugin))
