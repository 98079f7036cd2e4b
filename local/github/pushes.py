"""Turns moved refs into GitHub's push events.

Source: https://docs.github.com/webhooks/webhook-events-and-payloads#push
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from local.github import shapes
from local.github.commits import Changes, Commit, Person, read_changes, read_commits
from local.github.credentials import App
from local.github.git import Git, GitError
from local.github.repositories import Repository

NOTHING: Final = "0" * 40
MOST_COMMITS: Final = 2_048
_MOST_BRANCHES: Final = 5_000
_MOST_TAGS: Final = 3
_BRANCH: Final = "refs/heads/"
_TAG: Final = "refs/tags/"


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """A full ref that moved; 40 zeros stand for not being there."""

    ref: str
    before: str
    after: str


def announced(updates: Sequence[RefUpdate]) -> Sequence[RefUpdate]:
    """The updates that GitHub sends an event for: none for too many at once, none for other refs."""
    branches = [each for each in updates if each.ref.startswith(_BRANCH)]
    tags = [each for each in updates if each.ref.startswith(_TAG)]
    return [
        *(branches if len(branches) <= _MOST_BRANCHES else []),
        *(tags if len(tags) <= _MOST_TAGS else []),
    ]


def push_payload(repository: Repository, update: RefUpdate, app: App, api: str) -> Mapping[str, Any]:
    commits = _described(repository, _new_commits(repository.git, update))
    head = [] if update.after == NOTHING else _described(repository, _tip(repository.git, update.after))
    pusher = head[0]["committer"] if head else {"name": repository.owner, "email": None}
    return {
        "ref": update.ref,
        "before": update.before,
        "after": update.after,
        "repository": _repository(repository, api),
        "pusher": {"name": pusher["name"], "email": pusher["email"]},
        "organization": shapes.account(repository.owner, api),
        "sender": {**shapes.account(repository.owner, api), "type": "User"},
        "installation": {
            "id": app.installation_id,
            "node_id": shapes.node_id("IntegrationInstallation", app.installation_id),
        },
        "created": update.before == NOTHING,
        "deleted": update.after == NOTHING,
        "forced": _forced(repository.git, update),
        "base_ref": None,
        "compare": _compare(repository, update),
        "commits": commits,
        "head_commit": head[0] if head else None,
    }


def _new_commits(git: Git, update: RefUpdate) -> Sequence[str]:
    """Oldest first; of a new branch only what no other branch already holds."""
    if update.after == NOTHING or not update.ref.startswith(_BRANCH):
        return []
    known = [f"^{update.before}"]
    if update.before == NOTHING:
        known = ["--not", f"--exclude={update.ref.removeprefix(_BRANCH)}", "--branches"]
    listed = git.run("rev-list", f"--max-count={MOST_COMMITS}", update.after, *known)
    return listed.decode().split()[::-1]


def _tip(git: Git, after: str) -> Sequence[str]:
    commit = git.commit_id(after)
    return [commit] if commit else []


def _described(repository: Repository, ids: Sequence[str]) -> list[dict[str, Any]]:
    changes = read_changes(repository.git, ids)
    return [_commit(repository, each, changes[each.id]) for each in read_commits(repository.git, ids)]


def _commit(repository: Repository, commit: Commit, changes: Changes) -> dict[str, Any]:
    return {
        "id": commit.id,
        "tree_id": commit.tree,
        "distinct": True,
        "message": commit.message,
        "timestamp": commit.committer.at.isoformat(),
        "url": f"{shapes.WEB}/{repository.full_name}/commit/{commit.id}",
        "author": _person(commit.author),
        "committer": _person(commit.committer),
        "added": changes.added,
        "removed": changes.removed,
        "modified": changes.modified,
    }


def _person(person: Person) -> dict[str, Any]:
    return {"name": person.name, "email": person.email, "date": person.at.isoformat()}


def _repository(repository: Repository, api: str) -> dict[str, Any]:
    """A push event's repository differs from the API's: seconds for two times, and the owner's name."""
    shape = shapes.repository(repository, api)
    shape.pop("permissions")
    owner = {"name": repository.owner, "email": None, **shape["owner"]}
    return shape | {
        "owner": owner,
        "url": f"{shapes.WEB}/{repository.full_name}",
        "created_at": int(repository.created_at),
        "pushed_at": int(repository.created_at),
        "master_branch": repository.default_branch,
        "organization": repository.owner,
        "stargazers": 0,
    }


def _forced(git: Git, update: RefUpdate) -> bool:
    if NOTHING in (update.before, update.after):
        return False
    try:
        git.run("merge-base", "--is-ancestor", update.before, update.after)
    except GitError:
        return True
    return False


def _compare(repository: Repository, update: RefUpdate) -> str:
    page = f"{shapes.WEB}/{repository.full_name}/compare"
    if update.before == NOTHING:
        return f"{page}/{update.ref.split('/', 2)[2]}"
    return f"{page}/{update.before[:12]}...{update.after[:12]}"
