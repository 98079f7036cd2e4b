"""What OpenCode is configured with, each time it starts."""

from aws_lambda_powertools.event_handler import Response

from functions.delivery.opencode_configuration import configure
from shared.http.actor import actor
from shared.http.request import request
from shared.http.routes import Routes

routes = Routes(validated=False)


@routes.get("/opencode.json")
def get_opencode_configuration() -> Response[str]:
    """Agents, commands, MCP servers, skills and code of the plugins that the caller may have.

    `unsupported` says what OpenCode is not given, or not as it is, and why.
    """
    return configure(actor(), request().base.rpartition("/")[2])
