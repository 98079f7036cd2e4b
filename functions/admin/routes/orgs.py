"""Orgs: founding one, and the caller's own."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from functions.admin.models.organization import OrganizationCreate, OrganizationRead
from shared.bootstrap import services
from shared.domain.paging import cut
from shared.http.actor import identity
from shared.http.answers import Listing, Mutation, created, listing
from shared.http.cursors import PageQuery
from shared.http.idempotency import idempotent
from shared.http.routes import Routes

routes = Routes()


@routes.get("/orgs")
def list_orgs(query: Annotated[PageQuery, Query()]) -> Listing[OrganizationRead]:
    """The orgs that the caller belongs to; a token belongs to one."""
    own = [seat.organization for seat in identity().seats]
    return listing(cut(own, query.page, lambda organization: organization.id), OrganizationRead.of)


@routes.post("/orgs", status_code=201, middlewares=[idempotent])
def create_org(body: OrganizationCreate) -> Response[Mutation[OrganizationRead]]:
    """Found an org and become its owner."""
    organization = services().organizations.create(identity(), body.name, body.chosen_slug)
    return created(OrganizationRead.of(organization), f"/orgs/{organization.id}", organization.revision)
