"""What happens to an installation and its repositories beside pushes, each with the webhook that GitHub sends.

Source: https://docs.github.com/webhooks/webhook-events-and-payloads
"""

from collections.abc import Mapping, Sequence
from typing import Any

from local.github import shapes
from local.github.repositories import Repository
from local.github.world import World


class Lifecycle:
    """`announce=False` loses the webhook of whatever is done."""

    def __init__(self, world: World) -> None:
        self._world = world

    def suspend(self, *, announce: bool = True) -> None:
        self._world.installation.suspended_at = self._world.now()
        self._send_installation("suspend", announce)

    def unsuspend(self, *, announce: bool = True) -> None:
        self._world.installation.suspended_at = None
        self._send_installation("unsuspend", announce)

    def uninstall(self, *, announce: bool = True) -> None:
        self._world.installation.deleted = True
        self._send_installation("deleted", announce)

    def accept_permissions(self, *, announce: bool = True) -> None:
        self._send_installation("new_permissions_accepted", announce)

    def rename_account(self, login: str, *, announce: bool = True) -> None:
        """The repositories of the account move with it, each under its id."""
        world, before = self._world, self._world.owner
        world.installation.login = login
        for each in world.repositories.all():
            if each.owner == before:
                world.repositories.rename(each, f"{login}/{each.name}")
        payload = {
            "account": shapes.account(login, world.url),
            "changes": {"login": {"from": before}},
            "target_type": "Organization",
        }
        self._send("installation_target", "renamed", payload, announce)

    def withdraw(self, *repositories: Repository, announce: bool = True) -> None:
        """Take repositories out of the installation's reach."""
        self._world.installation.withdrawn |= {each.id for each in repositories}
        self._send_selection("removed", repositories, announce)

    def admit(self, *repositories: Repository, announce: bool = True) -> None:
        """Put repositories back within the installation's reach."""
        self._world.installation.withdrawn -= {each.id for each in repositories}
        self._send_selection("added", repositories, announce)

    def rename(self, repository: Repository, name: str, *, announce: bool = True) -> Repository:
        renamed = self._world.repositories.rename(repository, f"{repository.owner}/{name}")
        self._send_repository(renamed, "renamed", announce, {"repository": {"name": {"from": repository.name}}})
        return renamed

    def transfer(self, repository: Repository, owner: str, *, announce: bool = True) -> Repository:
        moved = self._world.repositories.rename(repository, f"{owner}/{repository.name}")
        before = {"organization": shapes.account(repository.owner, self._world.url)}
        self._send_repository(moved, "transferred", announce, {"owner": {"from": before}})
        return moved

    def archive(self, repository: Repository, *, archived: bool = True, announce: bool = True) -> Repository:
        changed = self._world.repositories.archive(repository, archived=archived)
        self._send_repository(changed, "archived" if archived else "unarchived", announce)
        return changed

    def delete(self, repository: Repository, *, announce: bool = True) -> None:
        shape = shapes.repository(repository, self._world.url)
        self._world.repositories.remove(repository)
        self._send("repository", "deleted", {"repository": shape}, announce)

    def change_default_branch(self, repository: Repository, branch: str, *, announce: bool = True) -> None:
        before = repository.default_branch
        repository.git.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")
        self._send_repository(repository, "edited", announce, {"default_branch": {"from": before}})

    def change_visibility(self, repository: Repository, action: str, *, announce: bool = True) -> None:
        """`action`: privatized or publicized. What the stand-in serves stays private."""
        self._send_repository(repository, action, announce)

    def _send_repository(
        self, repository: Repository, action: str, announce: bool, changes: Mapping[str, Any] | None = None
    ) -> None:
        payload = {"repository": shapes.repository(repository, self._world.url)}
        self._send("repository", action, payload | ({"changes": changes} if changes else {}), announce)

    def _send_installation(self, action: str, announce: bool) -> None:
        listed = [_short(each) for each in self._world.repositories.all()]
        self._send("installation", action, {"repositories": listed, "requester": None}, announce)

    def _send_selection(self, action: str, repositories: Sequence[Repository], announce: bool) -> None:
        listed = {"added": [], "removed": [], action: [_short(each) for each in repositories]}
        lists = {f"repositories_{name}": several for name, several in listed.items()}
        payload = {**lists, "repository_selection": "selected", "requester": None}
        self._send("installation_repositories", action, payload, announce)

    def _send(self, event: str, action: str, payload: Mapping[str, Any], announce: bool) -> None:
        if not announce:
            return
        world = self._world
        whole = shapes.installation(world.app, world.owner, world.url, world.installation.suspended_at)
        installation = whole if event.startswith("installation") and event != "installation_target" else _named(whole)
        sender = {**shapes.account(world.owner, world.url), "type": "User"}
        world.webhooks.send(event, {"action": action, **payload, "installation": installation, "sender": sender})


def _named(installation: Mapping[str, Any]) -> dict[str, Any]:
    number = installation["id"]
    return {"id": number, "node_id": shapes.node_id("IntegrationInstallation", number)}


def _short(of: Repository) -> dict[str, Any]:
    return {
        "id": of.id,
        "node_id": shapes.node_id("Repository", of.id),
        "name": of.name,
        "full_name": of.full_name,
        "private": True,
    }
