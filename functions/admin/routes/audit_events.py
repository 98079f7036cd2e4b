"""Audit events: who did what, and what was refused to whom."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.audit_event import AuditEventQuery, AuditEventRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Listing, listing
from shared.http.routes import Routes

routes = Routes()


@routes.get("/audit-events")
def list_audit_events(query: Annotated[AuditEventQuery, Query()]) -> Listing[AuditEventRead]:
    """Newest first, for owners and admins; as far back as this deployment keeps them."""
    return listing(services().audit.list_page(actor(), query.filter, query.page), AuditEventRead.of)
