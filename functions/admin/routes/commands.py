"""Commands, and the prompt that calling one becomes."""

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.authoring import RenderCommandInput, RenderedCommandRead
from functions.admin.routes.views import view_routes
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, detail

routes = view_routes("command")


@routes.post("/commands/render-preview")
def render_command_preview(body: RenderCommandInput) -> Response[Detail[RenderedCommandRead]]:
    """The prompt that a call with these arguments becomes; shell blocks and files are listed, never run or read."""
    rendered = services().authoring.render_command(actor(), body.input.to_draft(), body.line)
    return detail(RenderedCommandRead.of(rendered))
