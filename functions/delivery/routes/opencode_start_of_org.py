"""Where OpenCode begins, for who signs in at one org: public and static, whether or not there is such an org."""

from aws_lambda_powertools.event_handler import Response

from functions.delivery.opencode_sign_in import sign_in_to
from shared.domain.errors import NotFound
from shared.domain.ids import is_id
from shared.domain.organization import SLUG
from shared.http.request import request
from shared.http.routes import Routes

routes = Routes(validated=False)

_ORG_SEGMENT = 2


@routes.get("/opencode", responses={404: {}})
def get_opencode_start_of_org() -> Response[str]:
    """`opencode auth login https://<deployment>/o/<org>`. Raises: NotFound for what could name no org."""
    org = request().base.split("/")[_ORG_SEGMENT]
    if not (SLUG.fullmatch(org) or is_id(org)):
        raise NotFound("organization")
    return sign_in_to(f"/o/{org}/opencode.json")
