"""Where OpenCode begins, for who signs in at the deployment itself: public and static."""

from aws_lambda_powertools.event_handler import Response

from functions.delivery.opencode_sign_in import sign_in_to
from shared.http.routes import Routes

routes = Routes(validated=False)


@routes.get("/opencode")
def get_opencode_start() -> Response[str]:
    """`opencode auth login https://<deployment>`: the configuration is that of the token's org."""
    return sign_in_to("/opencode.json")
