"""Controls for what happens beside pushes: suspend, uninstall, withdraw, rename, transfer, archive, delete."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from local.github.lifecycle import Lifecycle
from local.github.repositories import Repository
from local.github.router import Access, Call, Routes
from local.github.wire import Refusal, Response, json_answer, not_found

routes = Routes()

_INSTALLATION: Final[Mapping[str, Callable[..., Any]]] = {
    "suspend": Lifecycle.suspend,
    "unsuspend": Lifecycle.unsuspend,
    "uninstall": Lifecycle.uninstall,
    "accept-permissions": Lifecycle.accept_permissions,
}
_REPOSITORY: Final[Mapping[str, Callable[..., Any]]] = {
    "withdraw": Lifecycle.withdraw,
    "admit": Lifecycle.admit,
    "delete": Lifecycle.delete,
    "archive": Lifecycle.archive,
    "unarchive": lambda to, repository, **how: to.archive(repository, archived=False, **how),
    "privatize": lambda to, repository, **how: to.change_visibility(repository, "privatized", **how),
    "publicize": lambda to, repository, **how: to.change_visibility(repository, "publicized", **how),
}
_NAMED: Final[Mapping[str, Callable[..., Any]]] = {
    "rename": Lifecycle.rename,
    "transfer": Lifecycle.transfer,
    "default-branch": Lifecycle.change_default_branch,
}


@routes.on("POST", "/_standin/installation/{verb}", Access.CONTROL)
def change_installation(call: Call) -> Response:
    """`{announce?: false}`; `rename-account` takes the new login as `to`."""
    wanted, verb, to = call.request.json(), call.values["verb"], Lifecycle(call.world)
    if verb == "rename-account":
        to.rename_account(_text(wanted, "to"), announce=_announced(wanted))
    elif verb in _INSTALLATION:
        _INSTALLATION[verb](to, announce=_announced(wanted))
    else:
        raise not_found()
    return json_answer({}, 202)


@routes.on("POST", "/_standin/repositories/{owner}/{name}/{verb}", Access.CONTROL)
def change_repository(call: Call) -> Response:
    """`{announce?: false}`; rename, transfer and default-branch take the new name, owner or branch as `to`."""
    wanted, verb, to = call.request.json(), call.values["verb"], Lifecycle(call.world)
    repository = _repository(call)
    if verb in _NAMED:
        _NAMED[verb](to, repository, _text(wanted, "to"), announce=_announced(wanted))
    elif verb in _REPOSITORY:
        _REPOSITORY[verb](to, repository, announce=_announced(wanted))
    else:
        raise not_found()
    return json_answer({}, 202)


def _repository(call: Call) -> Repository:
    found = call.world.repositories.by_name(f"{call.values['owner']}/{call.values['name']}")
    if found is None:
        raise not_found()
    return found


def _text(wanted: Mapping[str, Any], name: str) -> str:
    value = wanted.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(422, f"{name} is missing")
    return value


def _announced(wanted: Mapping[str, Any]) -> bool:
    return wanted.get("announce", True) is not False
