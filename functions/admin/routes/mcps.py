"""MCP servers: checks before anybody relies on one."""

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.mcp import InstallNeedsRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, detail
from shared.http.path_ids import ConfigObjectId
from shared.http.routes import Routes

routes = Routes()


@routes.post("/mcps/<object_id>/install-check")
def check_install(object_id: ConfigObjectId) -> Response[Detail[InstallNeedsRead]]:
    """What a local server needs on the machine that runs it, read off its command; nothing is run or looked up."""
    return detail(InstallNeedsRead.of(services().mcp_checks.check_install(actor(), object_id)))
