"""A delivered MCP server, and the same as each client takes it.

Delivered is Claude's dialect. That one has no word for some of what OpenCode's says, and means other things by it: no
`enabled` and no `oauth: false`, and by `timeout` the wait for an answer instead of that for a list of tools. This is
kept beside the server, in a field of its own, until it is known which client the server is for.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from shared.domain.config_types.json_document import load_document
from shared.domain.config_types.json_guard import render
from shared.domain.config_types.mcp_claude import loadable
from shared.domain.config_types.mcp_clients import to_codex, to_opencode
from shared.domain.config_types.mcp_dialects import dialect_of, normalize, to_claude
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile

FILE: Final = ".mcp.json"
WRAPPER: Final = "mcpServers"
_FIELD: Final = "x-plugin-depot"
_KEPT: Final = ("enabled", "cwd", "timeout", "oauth")


def deliverable(server: JSON) -> JSON:
    """A server of either dialect in Claude's, with what that lost of it beside it."""
    if not isinstance(server, dict):
        return server
    spelled = loadable(server) if dialect_of(server) == "claude" else to_claude(normalize(server))
    written, left = normalize(server), normalize(spelled)
    lost = {name: written[name] for name in _KEPT if written.get(name) not in (None, left.get(name))}
    if not _is_a_wait(lost.get("timeout")):
        lost.pop("timeout", None)
    return {**_without_kept(spelled), **({_FIELD: lost} if lost else {})}


def one_file(servers: Mapping[str, JSON]) -> tuple[SourceFile, ...]:
    """The file that a server is delivered as, with one or more of them."""
    return (SourceFile(FILE, render({WRAPPER: {**servers}})),)


def for_claude(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    return one_file({key: _without_kept(server) for key, server in _servers(files).items()})


def for_codex(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    return one_file({key: to_codex(_as_written(server)) for key, server in _servers(files).items()})


def for_opencode(files: Sequence[SourceFile]) -> dict[str, dict[str, JSON]]:
    return {key: to_opencode(_as_written(server)) for key, server in _servers(files).items()}


def _servers(files: Sequence[SourceFile]) -> dict[str, dict[str, JSON]]:
    """The servers of delivered files, by their keys."""
    documents = (load_document(file, file.path).section(WRAPPER) for file in files)
    servers = ((key, server) for found in documents if isinstance(found, dict) for key, server in found.items())
    return {key: server for key, server in servers if isinstance(server, dict)}


def _as_written(delivered: Mapping[str, JSON]) -> dict[str, JSON]:
    """The normalized shape of the server that was authored."""
    kept = delivered.get(_FIELD)
    return {**normalize(delivered), **(kept if isinstance(kept, dict) else {})}


def _is_a_wait(value: JSON) -> bool:
    return isinstance(value, int | float) and value > 0


def _without_kept(delivered: Mapping[str, JSON]) -> dict[str, JSON]:
    return {name: value for name, value in delivered.items() if name != _FIELD}
