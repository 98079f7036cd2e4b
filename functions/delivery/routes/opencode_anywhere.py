"""What OpenCode is configured with, for who signed in at the deployment: the token says which org."""

from aws_lambda_powertools.event_handler import Response

from functions.delivery.opencode_configuration import configure
from shared.domain.errors import Conflict
from shared.http.actor import identity
from shared.http.routes import Routes

routes = Routes(validated=False)


@routes.get("/")
def get_opencode_configuration_of_token() -> Response[str]:
    """The same as below `/o/{orgId}`. Raises: Conflict for who belongs to several orgs."""
    seats = identity().seats
    if len(seats) != 1:
        raise Conflict("This sign-in is good for several orgs, or for none: use /o/{org}/opencode.json.")
    return configure(seats[0].actor, seats[0].organization.slug)
