"""One org: its name and settings."""

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.organization import OrganizationPatch, OrganizationRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, Mutation, detail, mutated
from shared.http.etags import IfMatch, revision_of
from shared.http.routes import Routes

routes = Routes()


@routes.get("/")
def get_org() -> Response[Detail[OrganizationRead]]:
    organization = services().organizations.get(actor())
    return detail(OrganizationRead.of(organization), organization.revision)


@routes.patch("/")
def update_org(body: OrganizationPatch, if_match: IfMatch = None) -> Response[Mutation[OrganizationRead]]:
    """Change the name, who may create what, or the delivery mode of new plugins; for admins."""
    organization = services().organizations.update(actor(), body.to_change(), revision_of(if_match))
    return mutated(OrganizationRead.of(organization), organization.revision)
