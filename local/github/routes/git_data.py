"""The git database: refs, commits, trees and blobs."""

import base64
from typing import Any, Final

from local.github import shapes
from local.github.commits import read_commits
from local.github.git import Git, TreeEntry, is_object_id
from local.github.router import Access, Call, Routes
from local.github.routes.repositories import EMPTY
from local.github.wire import Refusal, Response, json_answer, not_found

routes = Routes()
_LINE: Final = 60  # base64 characters between two line ends


@routes.on("GET", "{repository}/git/ref/{ref+}", Access.CONTENTS, "git/refs#get-a-reference")
def get_ref(call: Call) -> Response:
    git, name = call.repository.git, f"refs/{call.values['ref']}"
    found = git.ref(name)
    if found is None:
        raise _absent(git)
    url = f"{call.repository_url}/git/{found.kind}s/{found.id}"
    answer = {
        "ref": name,
        "node_id": shapes.node_id("Ref", f"{call.repository.id}:{name}"),
        "url": f"{call.repository_url}/git/{name}",
        "object": {"sha": found.id, "type": found.kind, "url": url},
    }
    return json_answer(answer)


@routes.on("GET", "{repository}/git/commits/{sha}", Access.CONTENTS, "git/commits#get-a-commit-object")
def get_git_commit(call: Call) -> Response:
    git, sha = call.repository.git, call.values["sha"]
    if not is_object_id(sha) or git.kind(sha) != "commit":
        raise _absent(git)
    return json_answer(shapes.git_commit(read_commits(git, [sha])[0], call.repository_url))


@routes.on("GET", "{repository}/git/trees/{sha+}", Access.CONTENTS, "git/trees#get-a-tree")
def get_tree(call: Call) -> Response:
    """A tree by its id, or that of a commit or ref; any value of `recursive`, even 0, means recursive.

    An empty tree is not found, as on GitHub: https://github.com/orgs/community/discussions/131150.
    """
    git, name = call.repository.git, call.values["sha"]
    recursive = "recursive" in call.request.query
    tree = _tree_id(git, name)
    entries = git.entries(tree, recursive=recursive)
    if not entries:
        raise not_found()
    most = call.world.conditions.sizes.tree_entries if recursive else len(entries)
    answer = {
        "sha": tree,
        "url": f"{call.repository_url}/git/trees/{tree}",
        "tree": [_entry(call, each) for each in entries[:most]],
        "truncated": len(entries) > most,
    }
    return json_answer(answer)


@routes.on("GET", "{repository}/git/blobs/{sha}", Access.CONTENTS, "git/blobs#get-a-blob")
def get_blob(call: Call) -> Response:
    git, sha = call.repository.git, call.values["sha"]
    blob = git.objects([sha]).get(sha)
    if blob is None or blob.kind != "blob":
        raise _absent(git)
    if len(blob.data) > call.world.conditions.sizes.blob_bytes:
        raise Refusal(403, "This API returns blobs up to 100 MB in size. The requested blob is too large.")
    if call.request.accepts("raw"):
        headers = {
            "Content-Type": "application/vnd.github.raw+json; charset=utf-8",
            "X-GitHub-Media-Type": "github.v3; param=raw; format=json",
        }
        return Response(200, blob.data, headers)
    answer = {
        "sha": sha,
        "node_id": shapes.node_id("Blob", f"{call.repository.id}:{sha}"),
        "size": len(blob.data),
        "url": f"{call.repository_url}/git/blobs/{sha}",
        "content": _base64(blob.data),
        "encoding": "base64",
    }
    return json_answer(answer)


def _absent(git: Git) -> Refusal:
    return Refusal(409, EMPTY) if git.is_empty() else not_found()


def _tree_id(git: Git, name: str) -> str:
    """What a tree's answer calls `sha`: for a ref its commit, else what was asked for."""
    commit = git.commit_id(name)
    if commit is not None:
        return commit
    if not is_object_id(name) or git.kind(name) != "tree":
        raise _absent(git)
    return name


def _entry(call: Call, of: TreeEntry) -> dict[str, Any]:
    """A submodule has no URL, and only blobs have a size."""
    entry: dict[str, Any] = {"path": of.path, "mode": of.mode, "type": of.kind, "sha": of.id}
    if of.kind == "commit":
        return entry
    if of.size is not None:
        entry["size"] = of.size
    return entry | {"url": f"{call.repository_url}/git/{of.kind}s/{of.id}"}


def _base64(data: bytes) -> str:
    text = base64.b64encode(data).decode()
    return "".join(f"{text[start : start + _LINE]}\n" for start in range(0, len(text), _LINE))
