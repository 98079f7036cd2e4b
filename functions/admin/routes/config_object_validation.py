"""Validation of content of any type, also of those that have no view of their own."""

from aws_lambda_powertools.event_handler import Response

from functions.admin.models.authoring import TypedValidateInput, ValidationRead
from shared.bootstrap import services
from shared.http.actor import actor
from shared.http.answers import Detail, detail
from shared.http.routes import Routes

routes = Routes()


@routes.post("/config-objects/validate")
def validate_config_object(body: TypedValidateInput) -> Response[Detail[ValidationRead]]:
    """What a creation with this content would store, and which clients would load it; stores nothing.

    Content that clients refuse is no refusal here: its diagnostics and verdicts say why.
    """
    return detail(ValidationRead.of(services().authoring.validate(actor(), body.type, body.input.to_draft())))
