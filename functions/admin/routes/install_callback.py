"""Where people come back from installing the GitHub App. Public: the signed state, then the ticket, are the credential.

Nothing of the request is redirected to, and nothing of it is logged: codes and tickets travel in it.
"""

from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs

from aws_lambda_powertools.event_handler import Response

from functions.admin import install_pages
from shared.bootstrap import services
from shared.domain.errors import Invalid
from shared.http.request import request
from shared.http.routes import Routes

routes = Routes(validated=False)

_MOST: Final = 2_048
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": install_pages.POLICY,
    "Referrer-Policy": "no-referrer",
}


@routes.get("/callback", tags=["Connectors"])
def ask_to_connect() -> Response[str]:
    """GitHub proves who came back and what they see; a page asks them whether the org may read it."""
    query = request().query
    if query.get("setup_action") == "request":
        return _page(install_pages.waiting_page())
    if query.get("error"):
        raise Invalid.field("error", "GitHub was told no; start the installation again to connect it")
    installation_id = _required("installation_id")
    if not (installation_id.isascii() and installation_id.isdigit() and len(installation_id) <= 18):
        raise Invalid.field("installation_id", "is not an installation's id")
    question = services().app_installs.prove(_required("state"), _required("code"), int(installation_id))
    return _page(install_pages.question_page(question))


@routes.post("/callback", tags=["Connectors"])
def connect() -> Response[str]:
    """The answer to that page: binds the installation to the org that the page named."""
    form = parse_qs(request().body.decode(errors="replace"), max_num_fields=10)
    ticket = form.get("ticket", [""])[0]
    if not ticket or len(ticket) > _MOST:
        raise Invalid.field("ticket", "is missing; start the installation again")
    account, organization = services().app_installs.confirm(ticket)
    return _page(install_pages.connected_page(account, organization))


def _required(name: str) -> str:
    value = request().query.get(name, "")
    if not value or len(value) > _MOST:
        message = "is missing; let the app request user authorization during installation, and start here"
        raise Invalid.field(name, message)
    return value


def _page(html: str) -> Response[str]:
    return Response(HTTPStatus.OK, "text/html; charset=utf-8", html, _HEADERS)
