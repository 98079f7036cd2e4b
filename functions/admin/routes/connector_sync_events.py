"""Sync events: what was reconciled, how it ended, and doing it again."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.sync_event import SyncEventQuery, SyncEventRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Listing, Queued, detail, listing, queued
from shared.http.idempotency import idempotent
from shared.http.path_ids import SyncEventId
from shared.http.routes import Routes

routes = Routes()


@routes.get("/connector-sync-events")
def list_sync_events(query: Annotated[SyncEventQuery, Query()]) -> Listing[SyncEventRead]:
    """Newest first: of a target, of an instance, or of every instance that the caller may see."""
    return listing(services().sync_event_listing.list_page(actor(), query.filter, query.page), SyncEventRead.of)


@routes.get("/connector-sync-events/<event_id>")
def get_sync_event(event_id: SyncEventId) -> Response[Detail[SyncEventRead]]:
    return detail(SyncEventRead.of(services().sync_events.get(actor(), event_id)))


@routes.post("/connector-sync-events/<event_id>/retry", status_code=202, middlewares=[idempotent])
def retry_sync_event(event_id: SyncEventId) -> Response[Queued]:
    """Run a finished event again, whatever its end was."""
    event = services().sync_events.retry(actor(), event_id)
    return queued(event.id, f"/connector-sync-events/{event.id}")
