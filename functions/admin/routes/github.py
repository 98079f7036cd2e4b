"""Setting up GitHub: installing the app, what an installation reaches, and connecting a repository."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.github import InstallStarted
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import JSON, Mutation
from shared.http.routes import Routes

routes = Routes()


@routes.post("/connectors/github/install/start")
def start_install() -> Response[Mutation[InstallStarted]]:
    """Where to install the app, or give it more repositories: the way back binds the installation to this org."""
    started = services().app_installs.start(actor())
    return Response(HTTPStatus.OK, JSON, Mutation(item=InstallStarted.of(started)))
