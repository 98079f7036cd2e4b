"""An npm registry of the code of a caller's plugins, below the org's scope."""

from aws_lambda_powertools.event_handler import Response

from functions.delivery.origin import origin
from functions.delivery.renderings import answer_rendered
from shared.bootstrap import services
from shared.domain.config_types.json_guard import render
from shared.http.actor import actor
from shared.http.request import request
from shared.http.routes import Routes
from shared.services.opencode import SUFFIX

routes = Routes(validated=False)


@routes.get("/<package>")
def get_code_package(package: str) -> Response[str]:
    """A package by its whole name, the slash percent-encoded: `@acme%2Freviews`."""
    return _packument(package)


@routes.get("/<scope>/<package>")
def get_scoped_code_package(scope: str, package: str) -> Response[str]:
    """The same, where the gateway or a client has decoded the slash."""
    return _packument(f"{scope}/{package}")


@routes.get("/<scope>/<package>/-/<artifact>")
def get_code_package_tarball(scope: str, package: str, artifact: str) -> Response[bytes]:
    """A package as it is, or was up to 30 days ago: lock files name its bytes."""
    return answer_rendered(services().opencode.tarball(actor(), f"{scope}/{package}", artifact))


def _packument(name: str) -> Response[str]:
    package = services().opencode.package(actor(), name)
    tarball = f"{origin()}{request().base}/{package.full_name}/-/{package.sha256}{SUFFIX}"
    return Response(200, "application/json", render(package.packument(tarball)).decode())
