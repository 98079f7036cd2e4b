"""Tools, and what can be told of a module without running it."""

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.authoring import ToolAnalysisRead, ValidateInput
from functions.admin.routes.views import view_routes
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, detail

routes = view_routes("tool")


@routes.post("/tools/analyze")
def analyze_tool(body: ValidateInput) -> Response[Detail[ToolAnalysisRead]]:
    """The tools that a module exports, with their arguments as JSON Schema where they are written out.

    Static: the module is parsed, never run. `fileName` names the tools, as it does in OpenCode.
    """
    validated = services().authoring.validate(actor(), "tool", body.input.to_draft())
    return detail(ToolAnalysisRead.of(validated.parsed))
