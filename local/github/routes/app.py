"""The app, its installation, its tokens, and the deliveries of its webhook."""

from collections.abc import Mapping
from typing import Any, Final

from local.github import shapes
from local.github.repositories import Repository
from local.github.router import Access, Call, Routes
from local.github.webhooks import Delivery, status_text
from local.github.wire import Refusal, Response, json_answer, not_found
from local.github.world import SUSPENDED

routes = Routes()
_WINDOW: Final = 3 * 24 * 3_600  # seconds that deliveries are kept


@routes.on("GET", "/app", Access.APP, "apps/apps#get-the-authenticated-app")
def get_app(call: Call) -> Response:
    return json_answer(shapes.app(call.world.app, call.world.owner, call.world.url))


@routes.on("GET", "/app/installations", Access.APP, "apps/apps#list-installations-for-the-authenticated-app")
def list_installations(call: Call) -> Response:
    return json_answer([] if call.world.installation.deleted else [_installation(call)])


@routes.on(
    "GET",
    "/app/installations/{installation}",
    Access.APP,
    "apps/apps#get-an-installation-for-the-authenticated-app",
)
def get_installation(call: Call) -> Response:
    _require_installation(call)
    return json_answer(_installation(call))


@routes.on(
    "POST",
    "/app/installations/{installation}/access_tokens",
    Access.APP,
    "apps/apps#create-an-installation-access-token-for-an-app",
)
def create_access_token(call: Call) -> Response:
    _require_installation(call)
    if call.world.installation.suspended_at is not None:
        raise Refusal(403, SUSPENDED)
    wanted = call.request.json()
    selected = _selected(call, wanted)
    permissions = _permissions(call, wanted.get("permissions"))
    ids = None if selected is None else frozenset(each.id for each in selected)
    token = call.world.credentials.issue(permissions, ids)
    answer: dict[str, Any] = {
        "token": token.value,
        "expires_at": shapes.moment(token.expires_at),
        "permissions": dict(token.permissions),
        "repository_selection": "all" if selected is None else "selected",
    }
    if selected is not None:
        answer["repositories"] = [shapes.repository(each, call.world.url) for each in selected]
    return json_answer(answer, 201)


@routes.on("GET", "/app/hook/deliveries", Access.APP, "apps/webhooks#list-deliveries-for-an-app-webhook")
def list_deliveries(call: Call) -> Response:
    """Newest first; the cursor names the delivery that the next page starts with."""
    size = call.request.number("per_page", 30, 100)
    cursor = call.request.query.get("cursor", "").removeprefix("v1_")
    newest = int(cursor) if cursor.isascii() and cursor.isdigit() else None
    kept = [each for each in reversed(call.world.webhooks.deliveries) if _within_window(call, each)]
    rest = [each for each in kept if newest is None or each.id <= newest]
    page = [_delivery(each) for each in rest[:size]]
    following = f"{call.world.url}/app/hook/deliveries?per_page={size}&cursor=v1_"
    links = {"Link": f'<{following}{rest[size].id}>; rel="next"'} if len(rest) > size else {}
    return json_answer(page, headers=links)


@routes.on(
    "POST",
    "/app/hook/deliveries/{delivery}/attempts",
    Access.APP,
    "apps/webhooks#redeliver-a-delivery-for-an-app-webhook",
)
def redeliver(call: Call) -> Response:
    number = call.values["delivery"]
    known = [each for each in call.world.webhooks.deliveries if str(each.id) == number]
    if not known or not _within_window(call, known[0]):
        raise not_found()
    call.world.webhooks.redeliver(known[0].id)
    return json_answer({}, 202)


def _require_installation(call: Call) -> None:
    world = call.world
    if world.installation.deleted or call.values["installation"] != str(world.app.installation_id):
        raise not_found()


def _installation(call: Call) -> dict[str, Any]:
    return shapes.installation(call.world.app, call.world.owner, call.world.url, call.world.installation.suspended_at)


def _selected(call: Call, wanted: Mapping[str, Any]) -> list[Repository] | None:
    """The repositories that a token shall be limited to; None for all."""
    if not (wanted.get("repository_ids") or wanted.get("repositories")):
        return None
    every = call.world.repositories
    found = [every.by_id(each) for each in wanted.get("repository_ids", [])]
    found += [every.by_name(f"{call.world.owner}/{each}") for each in wanted.get("repositories", [])]
    known = {each.id: each for each in found if each is not None}
    if None in found or not all(map(call.world.installation.reaches, known)):
        raise Refusal(
            422,
            "There is at least one repository that does not exist or is not accessible to the parent installation.",
        )
    return list(known.values())


def _permissions(call: Call, wanted: Mapping[str, str] | None) -> Mapping[str, str]:
    granted = call.world.app.permissions
    if not wanted:
        return granted
    if any(level != "read" or name not in granted for name, level in wanted.items()):
        raise Refusal(422, "The permissions requested are not granted to this installation.")
    return {**wanted, "metadata": "read"}


def _within_window(call: Call, delivery: Delivery) -> bool:
    return call.world.now() - delivery.delivered_at < _WINDOW


def _delivery(of: Delivery) -> dict[str, Any]:
    return {
        "id": of.id,
        "guid": of.guid,
        "delivered_at": shapes.moment(of.delivered_at),
        "redelivery": of.redelivery,
        "duration": of.duration,
        "status": status_text(of.status),
        "status_code": of.status,
        "event": of.event,
        "action": of.action,
        "installation_id": of.installation_id,
        "repository_id": of.repository_id,
        "throttled_at": None,
    }
