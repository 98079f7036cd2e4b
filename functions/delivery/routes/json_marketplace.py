"""Marketplaces as a JSON document with archives: for Claude Code where there is no git."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.event_handler import Response

from functions.delivery.origin import shelf_at
from functions.delivery.renderings import answer_rendered
from shared.bootstrap import services
from shared.domain.rendering.json_marketplace import SUFFIX, ArchiveOffer, Link
from shared.http.actor import actor, linked_place
from shared.http.request import request
from shared.http.routes import Routes
from shared.services.shelves import Shelf

routes = Routes(validated=False)

_KEPT: Final = timedelta(days=30)
"""How long an archive stays downloadable: no link to it has to open longer."""


@routes.get("/<marketplace>/marketplace.json")
def get_json_marketplace(marketplace: str) -> Response[str]:
    """Every plugin that the caller may have there, each as a zip with its digest.

    An entry's `headers` open its archive and nothing else; they derive from the caller's token and end with it.
    """
    shelf = shelf_at(marketplace)
    catalog = services().json_marketplace.catalog(actor(), shelf)
    document = catalog.document(shelf.name, shelf.owner, shelf.description, lambda offer: _link(shelf, offer))
    return Response(HTTPStatus.OK, "application/json", document.decode())


@routes.get("/<marketplace>/<plugin>/<artifact>")
def get_plugin_archive(marketplace: str, plugin: str, artifact: str) -> Response[bytes]:
    """A plugin as the catalog links to it, now or as it was up to 30 days ago."""
    return answer_rendered(services().json_marketplace.archive(actor(), shelf_at(marketplace), plugin, artifact))


def _link(shelf: Shelf, offer: ArchiveOffer) -> Link:
    below = f"{offer.name}/{offer.sha256}{SUFFIX}"
    place = linked_place(f"{request().base}/{shelf.name}/{below}")
    ticket = services().authentication.issue_ticket(actor(), place, _until())
    return Link(f"{shelf.url}/{below}", {"Authorization": f"Bearer {ticket}"} if ticket else {})


def _until() -> datetime:
    """Of a whole day, so that the document does not differ from one request to the next."""
    today = services().mint.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + _KEPT + timedelta(days=1)
