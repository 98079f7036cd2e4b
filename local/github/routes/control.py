"""The stand-in's own controls: which repositories it serves, what was pushed, what shall fail."""

from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from local.github import shapes
from local.github.conditions import NAMES
from local.github.faults import Fault
from local.github.pushes import RefUpdate
from local.github.repositories import Repository, RepositoryError
from local.github.router import Access, Call, Routes
from local.github.webhooks import HOOK_ID
from local.github.wire import Refusal, Response, json_answer, not_found

routes = Routes()
_FAULT_FIELDS: Final = frozenset(each.name for each in fields(Fault))


@routes.on("GET", "/_standin/repositories", Access.CONTROL)
def list_repositories(call: Call) -> Response:
    return json_answer({"repositories": [_described(each) for each in call.world.repositories.all()]})


@routes.on("POST", "/_standin/repositories", Access.CONTROL)
def add_repository(call: Call) -> Response:
    wanted = call.request.json()
    source = Path(wanted["path"]) if wanted.get("path") else None
    try:
        added = call.world.repositories.add(str(wanted.get("fullName", "")), call.world.now(), source)
    except RepositoryError as error:
        raise Refusal(422, str(error)) from error
    return json_answer(_described(added), 201)


@routes.on("POST", "/_standin/pushed", Access.CONTROL)
def announce_push(call: Call) -> Response:
    pushed = call.request.json()
    repository = call.world.repositories.by_path(Path(str(pushed.get("path", ""))))
    if repository is None:
        raise not_found()
    updates = [RefUpdate(each["ref"], each["before"], each["after"]) for each in pushed.get("updates", [])]
    return json_answer({"sent": call.world.announce(repository, updates)}, 202)


@routes.on("POST", "/_standin/ping", Access.CONTROL)
def ping(call: Call) -> Response:
    app, at = call.world.app, shapes.moment(call.world.now())
    hook = {
        "type": "App",
        "id": HOOK_ID,
        "name": "web",
        "active": True,
        "events": list(shapes.EVENTS),
        "config": {"content_type": "json", "insecure_ssl": "0", "secret": "********"},
        "updated_at": at,
        "created_at": at,
        "app_id": app.id,
        "deliveries_url": f"{call.world.url}/app/hook/deliveries",
    }
    payload = {"zen": "Keep it logically awesome.", "hook_id": HOOK_ID, "hook": hook}
    sent = call.world.webhooks.send("ping", payload)
    return json_answer({"status": sent.status if sent else None}, 202)


@routes.on("POST", "/_standin/faults", Access.CONTROL)
def add_fault(call: Call) -> Response:
    """Members as of `Fault`; `{}` is one 502 for whatever comes next."""
    wanted = call.request.json()
    if unknown := set(wanted) - _FAULT_FIELDS:
        raise Refusal(422, f"A fault has no {', '.join(sorted(unknown))}")
    call.world.faults.add(Fault(**wanted))
    return json_answer({}, 201)


@routes.on("DELETE", "/_standin/faults", Access.CONTROL)
def clear_faults(call: Call) -> Response:
    call.world.faults.clear()
    return Response(204)


@routes.on("POST", "/_standin/conditions", Access.CONTROL)
def switch_conditions(call: Call) -> Response:
    """Any of `conditions.NAMES`, each a number."""
    wanted = call.request.json()
    if unknown := set(wanted) - NAMES:
        raise Refusal(422, f"There is no condition {', '.join(sorted(unknown))}")
    call.world.conditions.switch(**{_snake(name): int(value) for name, value in wanted.items()})
    return json_answer({}, 201)


@routes.on("DELETE", "/_standin/conditions", Access.CONTROL)
def end_conditions(call: Call) -> Response:
    call.world.conditions.back_to_normal()
    return Response(204)


@routes.on("GET", "/_standin/deliveries", Access.CONTROL)
def list_attempts(call: Call) -> Response:
    """Every attempt, oldest first."""
    attempts = call.world.webhooks.deliveries
    shown = [{"guid": one.guid, "event": one.event, "status": one.status, "again": one.redelivery} for one in attempts]
    return json_answer({"deliveries": shown})


@routes.on("GET", "/_standin/requests", Access.CONTROL)
def list_requests(call: Call) -> Response:
    return json_answer({"requests": list(call.world.requests)})


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _described(repository: Repository) -> dict[str, Any]:
    return {
        "id": repository.id,
        "path": str(repository.path),
        "fullName": repository.full_name,
        "defaultBranch": repository.default_branch,
    }
