"""Skills, and what each client would be given of one."""

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.authoring import PreviewRead, ValidateInput
from functions.admin.routes.views import view_routes
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, detail

routes = view_routes("skill")


@routes.post("/skills/preview")
def preview_skill(body: ValidateInput) -> Response[Detail[PreviewRead]]:
    """The files that each client would be given, with their paths; stores nothing."""
    return detail(PreviewRead.of(services().authoring.preview(actor(), "skill", body.input.to_draft())))
