"""Who is asking: an authenticated question that names no org."""

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.me import IdentityRead
from shared.http.actor import identity
from shared.http.answers import Detail, detail
from shared.http.routes import Routes

routes = Routes()


@routes.get("/me")
def get_me() -> Response[Detail[IdentityRead]]:
    """The caller's orgs, with role and capabilities in each; a person's first hundred."""
    return detail(IdentityRead.of(identity()))
