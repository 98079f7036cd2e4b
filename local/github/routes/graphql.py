"""The one GraphQL query that is worth having: many blobs of one repository at once.

Source: https://docs.github.com/graphql/reference/objects#blob
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from local.github import shapes
from local.github.git import GitObject
from local.github.repositories import Repository
from local.github.router import Access, Call, Routes
from local.github.wire import Response, json_answer

routes = Routes()
CUT: Final = 512_000  # bytes of a text
_SNIFFED: Final = 8_000  # bytes in which git and GitHub look for a NUL
_TEXT: Final = r'("(?:[^"\\]|\\.)*")'
_BY_NAME: Final = re.compile(rf"repository\s*\(\s*owner\s*:\s*{_TEXT}\s*,?\s*name\s*:\s*{_TEXT}\s*\)")
_BY_NODE: Final = re.compile(rf"node\s*\(\s*id\s*:\s*{_TEXT}\s*\)\s*\{{\s*\.\.\.\s*on\s+Repository\b")
_OBJECT: Final = re.compile(
    rf"(?:(\w+)\s*:\s*)?object\s*\(\s*oid\s*:\s*{_TEXT}\s*\)\s*\{{[^{{}}]*\.\.\.\s*on\s+Blob\s*\{{([^{{}}]*)\}}"
)
_VARIABLE: Final = re.compile(r"\$(\w+)(?=\s*[,)\s])(?!\s*:)")


@routes.on("POST", "/graphql", Access.INSTALLATION, "../graphql", resource="graphql")
def read_blobs(call: Call) -> Response:
    wanted = call.request.json()
    query = _with_variables(str(wanted.get("query", "")), wanted.get("variables") or {})
    objects = _OBJECT.findall(query)
    by_name, by_node = _BY_NAME.search(query), _BY_NODE.search(query)
    if (by_name is None and by_node is None) or not objects:
        return json_answer({"errors": [{"message": "The stand-in answers batched reads of blobs only."}]})
    if by_node is not None:
        root, named, repository = "node", json.loads(by_node[1]), _by_node(call, json.loads(by_node[1]))
    else:
        assert by_name is not None
        root, named = "repository", f"{json.loads(by_name[1])}/{json.loads(by_name[2])}"
        repository = call.world.repositories.by_name(named)
    token = call.caller.token
    if repository is None or token is None or not call.reaches(repository):
        return json_answer({"data": {root: None}, "errors": [_unknown(root, named)]})
    if "contents" not in token.permissions:
        return json_answer({"data": {root: None}, "errors": [_forbidden(root)]})
    return json_answer({"data": {root: _blobs(repository, objects)}})


def _by_node(call: Call, node: str) -> Repository | None:
    return next((one for one in call.world.repositories.all() if shapes.node_id("Repository", one.id) == node), None)


def _blobs(repository: Repository, objects: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    ids = {alias or "object": json.loads(oid) for alias, oid, _ in objects}
    fields = {alias or "object": re.findall(r"\w+", chosen) for alias, _, chosen in objects}
    found = repository.git.objects(ids.values())
    return {alias: _blob(found.get(each), fields[alias]) for alias, each in ids.items()}


def _with_variables(query: str, variables: Mapping[str, Any]) -> str:
    return _VARIABLE.sub(lambda match: json.dumps(variables.get(match[1])), query)


def _unknown(root: str, named: str) -> dict[str, Any]:
    if root == "node":
        message = f"Could not resolve to a node with the global id of '{named}'"
    else:
        message = f"Could not resolve to a Repository with the name '{named}'."
    return {"type": "NOT_FOUND", "path": [root], "message": message}


def _forbidden(root: str) -> dict[str, Any]:
    return {"type": "FORBIDDEN", "path": [root, "object"], "message": "Resource not accessible by integration"}


def _blob(found: GitObject | None, fields: list[str]) -> dict[str, Any] | None:
    if found is None:
        return None
    if found.kind != "blob":
        return {}
    binary = b"\0" in found.data[:_SNIFFED]
    known = {
        "oid": found.id,
        "text": None if binary else found.data[:CUT].decode(errors="replace"),
        "isBinary": binary,
        "isTruncated": not binary and len(found.data) > CUT,
        "byteSize": len(found.data),
    }
    return {name: known[name] for name in fields if name in known}
