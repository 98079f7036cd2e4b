"""The one GraphQL query that is worth having: many blobs of one repository at once.

Source: https://docs.github.com/graphql/reference/objects#blob
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from local.github.git import GitObject
from local.github.router import Access, Call, Routes
from local.github.wire import Response, json_answer

routes = Routes()
CUT: Final = 512_000  # bytes of a text
_SNIFFED: Final = 8_000  # bytes in which git and GitHub look for a NUL
_TEXT: Final = r'("(?:[^"\\]|\\.)*")'
_REPOSITORY: Final = re.compile(rf"repository\s*\(\s*owner\s*:\s*{_TEXT}\s*,?\s*name\s*:\s*{_TEXT}\s*\)")
_OBJECT: Final = re.compile(
    rf"(?:(\w+)\s*:\s*)?object\s*\(\s*oid\s*:\s*{_TEXT}\s*\)\s*\{{[^{{}}]*\.\.\.\s*on\s+Blob\s*\{{([^{{}}]*)\}}"
)
_VARIABLE: Final = re.compile(r"\$(\w+)(?=\s*[,)\s])(?!\s*:)")


@routes.on("POST", "/graphql", Access.INSTALLATION, "../graphql", resource="graphql")
def read_blobs(call: Call) -> Response:
    wanted = call.request.json()
    query = _with_variables(str(wanted.get("query", "")), wanted.get("variables") or {})
    asked, objects = _REPOSITORY.search(query), _OBJECT.findall(query)
    if asked is None or not objects:
        return json_answer({"errors": [{"message": "The stand-in answers batched reads of blobs only."}]})
    name = f"{json.loads(asked[1])}/{json.loads(asked[2])}"
    repository, token = call.world.repositories.by_name(name), call.caller.token
    if repository is None or token is None or not token.reaches(repository.id):
        return json_answer({"data": {"repository": None}, "errors": [_unknown(name)]})
    ids = {alias or "object": json.loads(oid) for alias, oid, _ in objects}
    fields = {alias or "object": re.findall(r"\w+", chosen) for alias, _, chosen in objects}
    found = repository.git.objects(ids.values())
    blobs = {alias: _blob(found.get(each), fields[alias]) for alias, each in ids.items()}
    return json_answer({"data": {"repository": blobs}})


def _with_variables(query: str, variables: Mapping[str, Any]) -> str:
    return _VARIABLE.sub(lambda match: json.dumps(variables.get(match[1])), query)


def _unknown(name: str) -> dict[str, Any]:
    message = f"Could not resolve to a Repository with the name '{name}'."
    return {"type": "NOT_FOUND", "path": ["repository"], "message": message}


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
