"""What people see of GitHub when they install the app: a page to choose who they are, and the way back.

On GitHub the way leads through signing in and choosing repositories; here a click stands for both.
"""

from html import escape
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from local.github import shapes
from local.github.people import OWNER, STRANGER
from local.github.router import Access, Call, Routes
from local.github.wire import Refusal, Response, json_answer

routes = Routes()
_PAGE: Final = """<!doctype html><title>Install Plugin Depot</title>
<h1>Install Plugin Depot on {account}</h1>
<form method="post"><input type="hidden" name="state" value="{state}">
<button name="user" value="{owner}">Install as {owner}, who sees the installation</button>
<button name="user" value="{stranger}">As {stranger}, who does not</button></form>
"""


@routes.on("GET", "/apps/plugin-depot/installations/new", Access.ANYONE)
def show_installation_page(call: Call) -> Response:
    state = escape(call.request.query.get("state", ""))
    page = _PAGE.format(account=escape(call.world.owner), state=state, owner=OWNER, stranger=STRANGER)
    return Response(200, page.encode(), {"Content-Type": "text/html; charset=utf-8"})


@routes.on("POST", "/apps/plugin-depot/installations/new", Access.ANYONE)
def install(call: Call) -> Response:
    chosen = dict(parse_qsl(call.request.body.decode()))
    return _back(call, chosen.get("user", OWNER), chosen.get("state", ""))


@routes.on("GET", "/login/oauth/authorize", Access.ANYONE)
def authorize(call: Call) -> Response:
    return _back(call, call.request.query.get("login", OWNER), call.request.query.get("state", ""))


@routes.on("POST", "/login/oauth/access_token", Access.ANYONE)
def exchange_code(call: Call) -> Response:
    """Refusals are good answers here, with an `error` in them."""
    form = dict(parse_qsl(call.request.body.decode()))
    token = call.world.people.exchange(form.get("client_id", ""), form.get("client_secret", ""), form.get("code", ""))
    if token is None:
        return json_answer(
            {"error": "bad_verification_code", "error_description": "The code passed is incorrect or expired."}
        )
    return json_answer({"access_token": token, "expires_in": 28_800, "scope": "", "token_type": "bearer"})


@routes.on(
    "GET",
    "/user/installations",
    Access.USER,
    "apps/installations#list-app-installations-accessible-to-the-user-access-token",
)
def list_user_installations(call: Call) -> Response:
    world = call.world
    own = shapes.installation(world.app, world.owner, world.url, world.installation.suspended_at)
    seen: list[dict[str, Any]] = [
        own | {"id": number, "account": shapes.account(f"neighbour-{number}", world.url)}
        for number in range(1, world.installation.neighbours + 1)
    ]
    if call.caller.user == OWNER and not world.installation.deleted:
        seen.append(own)
    size, page = call.request.number("per_page", 30, 100), call.request.number("page", 1, 1_000_000)
    return json_answer({"total_count": len(seen), "installations": seen[(page - 1) * size : page * size]})


def _back(call: Call, user: str, state: str) -> Response:
    if not call.world.callback_url:
        raise Refusal(404, "The app has no callback URL", docs="")
    told = {
        "code": call.world.people.code_for(user),
        "installation_id": call.world.app.installation_id,
        "setup_action": "install",
        "state": state,
    }
    return Response(302, b"", {"Location": f"{call.world.callback_url}?{urlencode(told)}"})
