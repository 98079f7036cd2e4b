"""Who is asking: the one authenticated question that names no org."""

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.me import IdentityRead
from shared.bootstrap import services
from shared.domain.access import ActorKind
from shared.domain.errors import MissingCapability
from shared.http.actor import credential
from shared.http.answers import Detail, detail
from shared.http.request import request
from shared.http.routes import Routes

routes = Routes()


@routes.get("/me")
def get_me() -> Response[Detail[IdentityRead]]:
    """The caller's orgs, with role and capabilities in each."""
    identity = services().authentication.identify(credential(request().headers))
    if any(seat.actor.kind == ActorKind.DELIVERY for seat in identity.seats):
        raise MissingCapability("A delivery token has no access here.")
    return detail(IdentityRead.of(identity))
