"""Repositories, their branches and commits, and the caller's rate limit."""

from typing import Any, Final

from local.github import shapes
from local.github.commits import Commit, read_commits
from local.github.router import Access, Call, Routes
from local.github.wire import Refusal, Response, json_answer

routes = Routes()
EMPTY: Final = "Git Repository is empty."


@routes.on(
    "GET",
    "/installation/repositories",
    Access.INSTALLATION,
    "apps/installations#list-repositories-accessible-to-the-app-installation",
)
def list_installation_repositories(call: Call) -> Response:
    token = call.caller.token
    if token is None:
        raise Refusal(
            403,
            "You must authenticate with an installation access token in order to list repositories for an "
            "installation.",
        )
    size, page = call.request.number("per_page", 30, 100), call.request.number("page", 1, 1_000_000)
    reached = [each for each in call.world.repositories.all() if token.reaches(each.id)]
    reached = [each for each in reached if call.world.installation.reaches(each.id)]
    shown = reached[(page - 1) * size : page * size]
    answer = {
        "total_count": len(reached),
        "repository_selection": "all" if token.repository_ids is None else "selected",
        "repositories": [shapes.repository(each, call.world.url) for each in shown],
    }
    last = max(-(-len(reached) // size), 1)
    return json_answer(answer, headers=_links(call, page, last, size))


@routes.on("GET", "{repository}", Access.METADATA, "repos/repos#get-a-repository")
def get_repository(call: Call) -> Response:
    return json_answer(shapes.repository(call.repository, call.world.url))


@routes.on("GET", "{repository}/commits/{ref+}", Access.CONTENTS, "commits/commits#get-a-commit")
def get_commit(call: Call) -> Response:
    """A commit without its files, or only its id: then the id is the ETag, whatever the token."""
    commit = commit_of(call, call.values["ref"])
    if call.request.accepts("sha"):
        headers = {
            "Content-Type": "application/vnd.github.sha; charset=utf-8",
            "X-GitHub-Media-Type": "github.v3; param=sha",
            "ETag": f'"{commit}"',
        }
        return Response(200, commit.encode(), headers)
    return json_answer(shapes.commit(_read(call, commit), call.repository_url))


@routes.on("GET", "{repository}/branches/{branch+}", Access.CONTENTS, "branches/branches#get-a-branch")
def get_branch(call: Call) -> Response:
    branch, base = call.values["branch"], call.repository_url
    commit = _head(call, f"refs/heads/{branch}")
    if commit is None:
        raise Refusal(404, "Branch not found")
    answer: dict[str, Any] = {
        "name": branch,
        "commit": shapes.commit(_read(call, commit), base),
        "_links": {
            "self": f"{base}/branches/{branch}",
            "html": f"{shapes.WEB}/{call.repository.full_name}/tree/{branch}",
        },
        "protected": False,
        "protection": {"enabled": False, "required_status_checks": {"enforcement_level": "off"}},
        "protection_url": f"{base}/branches/{branch}/protection",
    }
    return json_answer(answer)


@routes.on("GET", "/rate_limit", Access.ANYONE, "rate-limit/rate-limit")
def get_rate_limit(call: Call) -> Response:
    limits, caller = call.world.rate_limits, call.caller.allowance
    resources = {name: limits.usage(caller, name).as_json() for name in ("core", "graphql")}
    return json_answer({"resources": resources, "rate": resources["core"]})


def commit_of(call: Call, ref: str) -> str:
    git = call.repository.git
    commit = _head(call, ref)
    if commit is None and git.is_empty():
        raise Refusal(409, EMPTY)
    if commit is None:
        raise Refusal(422, f"No commit found for SHA: {ref}")
    return commit


def _head(call: Call, ref: str) -> str | None:
    """Where a ref is, or, for a moment after a push, where it was."""
    repository = call.repository
    return call.world.conditions.stale_reads.take(repository.id, ref) or repository.git.commit_id(ref)


def _read(call: Call, commit: str) -> Commit:
    return read_commits(call.repository.git, [commit])[0]


def _links(call: Call, page: int, last: int, size: int) -> dict[str, str]:
    wanted = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    shown = {"prev", "first"} if page >= last else {"next", "last"} if page == 1 else set(wanted)
    base = f"{call.world.url}{call.request.path}?per_page={size}&page="
    links = [f'<{base}{number}>; rel="{name}"' for name, number in wanted.items() if name in shown]
    return {"Link": ", ".join(links)} if last > 1 else {}
