"""Packages of plugins' code below a path that carries its credential: OpenCode's configuration links to them."""

from aws_lambda_powertools.event_handler import Response

from functions.delivery.renderings import answer_rendered
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.routes import Routes

routes = Routes(validated=False)


@routes.get("/<scope>/<package>/<artifact>")
def get_linked_code_package(scope: str, package: str, artifact: str) -> Response[bytes]:
    """A package as it is, or was up to 30 days ago."""
    return answer_rendered(services().opencode.tarball(actor(), f"{scope}/{package}", artifact))
