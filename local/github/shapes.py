"""GitHub's JSON for accounts, repositories, installations, the app and commits.

Field names and forms are those of https://github.com/github/rest-api-description; `api` is the base URL of
the API, without a slash at its end.
"""

import base64
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from local.github.commits import Commit, Person
from local.github.credentials import App, client_id
from local.github.repositories import Repository

WEB: Final = "https://github.com"
EVENTS: Final = ("push", "repository")
Json = dict[str, Any]

_REPOSITORY_LINKS: Final[Mapping[str, str]] = {
    "archive_url": "/{archive_format}{/ref}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "events_url": "/events",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "tags_url": "/tags",
    "trees_url": "/git/trees{/sha}",
}
_REPOSITORY_FACTS: Final[Mapping[str, object]] = {
    "description": None,
    "fork": False,
    "private": True,
    "visibility": "private",
    "archived": False,
    "disabled": False,
    "is_template": False,
    "homepage": None,
    "language": None,
    "license": None,
    "mirror_url": None,
    "size": 0,
    "allow_forking": False,
    "has_discussions": False,
    "has_downloads": True,
    "has_issues": True,
    "has_pages": False,
    "has_projects": True,
    "has_wiki": True,
    "forks": 0,
    "forks_count": 0,
    "stargazers_count": 0,
    "watchers": 0,
    "watchers_count": 0,
    "open_issues": 0,
    "open_issues_count": 0,
    "topics": [],
}


def node_id(kind: str, number: int | str) -> str:
    return base64.b64encode(f"{len(kind):03}:{kind}{number}".encode()).decode()


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def account(login: str, api: str) -> Json:
    """An organization; its id is derived from its name, and so the same on every machine."""
    number = zlib.crc32(login.lower().encode())
    return {
        "login": login,
        "id": number,
        "node_id": node_id("Organization", number),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{number}?v=4",
        "url": f"{api}/users/{login}",
        "html_url": f"{WEB}/{login}",
        "repos_url": f"{api}/users/{login}/repos",
        "type": "Organization",
        "user_view_type": "public",
        "site_admin": False,
    }


def repository(of: Repository, api: str) -> Json:
    base, page = f"{api}/repos/{of.full_name}", f"{WEB}/{of.full_name}"
    return {
        "id": of.id,
        "node_id": node_id("Repository", of.id),
        "name": of.name,
        "full_name": of.full_name,
        "owner": account(of.owner, api),
        "html_url": page,
        "url": base,
        **_REPOSITORY_FACTS,
        "archived": of.archived,
        **{name: base + suffix for name, suffix in _REPOSITORY_LINKS.items()},
        "git_url": f"git://github.com/{of.full_name}.git",
        "ssh_url": f"git@github.com:{of.full_name}.git",
        "clone_url": f"{page}.git",
        "created_at": moment(of.created_at),
        "updated_at": moment(of.created_at),
        "pushed_at": moment(of.created_at),
        "default_branch": of.default_branch,
        "permissions": {"admin": False, "maintain": False, "push": False, "triage": False, "pull": True},
    }


def app(of: App, owner: str, api: str) -> Json:
    return {
        "id": of.id,
        "client_id": client_id(of.id),
        "slug": "plugin-depot",
        "node_id": node_id("Integration", of.id),
        "owner": account(owner, api),
        "name": "Plugin Depot",
        "description": None,
        "external_url": "https://example.com",
        "html_url": f"{api}/apps/plugin-depot",
        "created_at": moment(0),
        "updated_at": moment(0),
        "permissions": dict(of.permissions),
        "events": list(EVENTS),
        "installations_count": 1,
    }


def installation(of: App, owner: str, api: str, suspended_at: float | None = None) -> Json:
    return {
        "id": of.installation_id,
        "client_id": client_id(of.id),
        "account": account(owner, api),
        "repository_selection": "all",
        "access_tokens_url": f"{api}/app/installations/{of.installation_id}/access_tokens",
        "repositories_url": f"{api}/installation/repositories",
        "html_url": f"{WEB}/organizations/{owner}/settings/installations/{of.installation_id}",
        "app_id": of.id,
        "app_slug": "plugin-depot",
        "target_id": account(owner, api)["id"],
        "target_type": "Organization",
        "permissions": dict(of.permissions),
        "events": list(EVENTS),
        "created_at": moment(0),
        "updated_at": moment(0),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": None if suspended_at is None else account(owner, api),
        "suspended_at": None if suspended_at is None else moment(suspended_at),
    }


def git_commit(of: Commit, base: str) -> Json:
    """A commit of the git database; `base` is the URL of its repository in the API."""
    return {
        "sha": of.id,
        "node_id": node_id("Commit", of.id),
        "url": f"{base}/git/commits/{of.id}",
        "author": _person(of.author),
        "committer": _person(of.committer),
        "message": of.message,
        "tree": {"sha": of.tree, "url": f"{base}/git/trees/{of.tree}"},
        "parents": [{"sha": each, "url": f"{base}/git/commits/{each}"} for each in of.parents],
        "verification": {
            "verified": False,
            "reason": "unsigned",
            "signature": None,
            "payload": None,
            "verified_at": None,
        },
    }


def commit(of: Commit, base: str) -> Json:
    """A commit as the commits API shows it, without its files."""
    inner = git_commit(of, base)
    shown = ("url", "author", "committer", "message", "tree", "verification")
    return {
        "sha": of.id,
        "node_id": inner["node_id"],
        "commit": {name: inner[name] for name in shown} | {"comment_count": 0},
        "url": f"{base}/commits/{of.id}",
        "comments_url": f"{base}/commits/{of.id}/comments",
        "author": None,
        "committer": None,
        "parents": [{"sha": each, "url": f"{base}/commits/{each}"} for each in of.parents],
    }


def _person(of: Person) -> Json:
    return {"name": of.name, "email": of.email, "date": moment(of.at.timestamp())}
