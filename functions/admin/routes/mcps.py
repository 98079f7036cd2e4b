"""MCP servers: checks before anybody relies on one."""

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.mcp import ConnectionTestRead, ConnectionTestRequest, InstallNeedsRead
from functions.admin.routes.views import view_routes
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, detail
from shared.http.path_ids import ConfigObjectId

routes = view_routes("mcp")


@routes.post("/mcps/<object_id>/install-check")
def check_install(object_id: ConfigObjectId) -> Response[Detail[InstallNeedsRead]]:
    """What a local server needs on the machine that runs it, read off its command; nothing is run or looked up."""
    return detail(InstallNeedsRead.of(services().mcp_checks.check_install(actor(), object_id)))


@routes.post("/mcps/<object_id>/test-connection")
def check_connection(
    object_id: ConfigObjectId, body: ConnectionTestRequest | None = None
) -> Response[Detail[ConnectionTestRead]]:
    """Ask a remote server who it is and which tools it has: a real `initialize` and `tools/list`, within ten seconds.

    Only https to public addresses is spoken. A server that does not answer is a result, with its `problem`.
    """
    values = body.variables if body else {}
    return detail(ConnectionTestRead.of(services().mcp_checks.test_connection(actor(), object_id, values)))
