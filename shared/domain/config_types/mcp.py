"""MCP server: one server out of a file that declares several.

A file is found as one container and split by key. A server's own content is a document of its own, `.mcp.json`
holding `{"mcpServers": {key: server}}`: the server exactly as parsed, its keys in their order, in its own dialect,
spelled with two spaces and a final line feed. So a change beside a server, or in the file's layout, changes
nothing of it. Where it holds literal secrets it is sealed, and all but editors are shown it with placeholders. What is
delivered is that in Claude's dialect.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from shared.domain.config_types import json_guard, limits
from shared.domain.config_types.base import ConfigType, targets
from shared.domain.config_types.codes import Code
from shared.domain.config_types.layout import find_files
from shared.domain.config_types.lfs import is_pointer
from shared.domain.config_types.mcp_dialects import dialect_of, normalize, reaches_something, to_claude
from shared.domain.config_types.mcp_sealing import WRAPPERS, without_secrets
from shared.domain.config_types.secrets import Masking
from shared.domain.config_types.text import decode
from shared.domain.config_types.unit import Found, PathEntry, Reading, Source, Split, Unit, is_loadable
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic

_FILE = ".mcp.json"
_WRAPPER = "mcpServers"
_MAX_KEY = 128
_MAX_SERVERS = 200
_MAX_SERVER_BYTES = 64 * 1024
_FROM_THE_PLUGIN = ("${CLAUDE_PLUGIN_ROOT}", "./", "../")


def _find(type_name: str, selected: Sequence[str], tree: Sequence[PathEntry]) -> Found:
    return find_files(type_name, selected, tree, extensions=(".json", ".jsonc"))


def _split(unit: Unit, files: Sequence[SourceFile]) -> Split:
    """One unit per server; a file that cannot be read is incomplete, so nothing of it is taken for deleted."""
    path = unit.origin
    entry = next((file for file in files if file.path == unit.entry_path), None)
    value, notes = _load(entry, path)
    if not is_loadable(notes):
        return Split((), (*unit.diagnostics, *notes), complete=False)
    servers, more = _servers(value, path)
    if len(servers) > _MAX_SERVERS:
        return Split((), (*unit.diagnostics, Code.MCP_TOO_MANY_SERVERS.at(path)), complete=False)
    units = tuple(_server_unit(unit, key, server) for key, server in servers.items())
    return Split(units, (*unit.diagnostics, *notes, *more))


def _load(entry: SourceFile | None, path: str) -> tuple[JSON, tuple[Diagnostic, ...]]:
    if entry is None:
        return None, (Code.ENTRY_MISSING.at(path),)
    if is_pointer(entry):
        return None, (Code.LFS_ENTRY.at(path),)
    if refused := limits.check(entry.path, [(entry.path, len(entry.data))], path):
        return None, refused
    text = decode(entry.data, path)
    if not text.text.strip():
        return None, (Code.EMPTY_FILE.at(path),)
    try:
        loaded = json_guard.load(text.text)
    except json_guard.NotJson as error:
        return None, (*text.diagnostics, Code.JSON_INVALID.at(path, error.problem, error.line))
    notes = [Code.DUPLICATE_KEY.at(path, key) for key in loaded.repeated]
    notes += [Code.JSON_WITH_COMMENTS.at(path)] if loaded.has_comments else []
    return {} if loaded.value is None else loaded.value, (*text.diagnostics, *notes)


def _servers(value: JSON, path: str) -> tuple[dict[str, JSON], list[Diagnostic]]:
    """The servers of a wrapped or flat document, and what else stood among them."""
    if value is None:
        return {}, []
    document = value if isinstance(value, dict) else {}
    wrapped = next((document[name] for name in WRAPPERS if name in document), None)
    # A flat document may well call its one server mcp.
    wrapped = None if _looks_like_a_server(wrapped) else wrapped
    if isinstance(wrapped, str | list):
        return {}, [Code.MCP_REFERENCE.at(path)]
    found = wrapped if isinstance(wrapped, dict) else _flat(document)
    if not found:
        return {}, [Code.MCP_NO_SERVERS.at(path)]
    refused = [key for key in found if not 0 < len(key) <= _MAX_KEY]
    others = [] if isinstance(wrapped, dict) else [key for key in document if key not in found]
    notes = [Code.MCP_KEY_REFUSED.at(path, key[:40]) for key in refused]
    notes += [Code.MCP_NOT_A_SERVER.at(path, key[:40]) for key in others if key != "$schema"]
    return {key: server for key, server in found.items() if key not in refused}, notes


def _flat(document: Mapping[str, JSON]) -> dict[str, JSON]:
    """Servers without a wrapper: any manifest has an entry with a `url`, but only maps hold nothing else."""
    entries = {key: value for key, value in document.items() if key != "$schema"}
    if not all(isinstance(entry, dict) for entry in entries.values()):
        return {}
    return {key: entry for key, entry in entries.items() if _looks_like_a_server(entry)}


def _looks_like_a_server(entry: JSON) -> bool:
    return isinstance(entry, dict) and bool(entry.get("command") or entry.get("url"))


def _server_unit(container: Unit, key: str, server: JSON) -> tuple[Unit, tuple[SourceFile, ...]]:
    unit = Unit(
        type=container.type,
        locator=f"{container.locator}#{key}",
        root=container.root,
        entry_path=_FILE,
        file_paths=container.file_paths,
        key=key,
    )
    return unit, (_document(key, server),)


def _document(key: str, server: JSON) -> SourceFile:
    return SourceFile(_FILE, json_guard.render({_WRAPPER: {key: server}}))


def _read(source: Source) -> Reading:
    value, notes = _load(source.entry, source.origin)
    servers, more = _servers(value, source.origin)
    key = source.key or next(iter(servers), "")
    server = servers.get(key)
    masking = Masking(key)
    masked = masking.mask(server)
    shape = normalize(masked) if isinstance(masked, dict) else {}
    found = [*notes, *more, *_notes_on(shape, masking, source.origin)]
    return Reading(
        name=key or "server",
        title=key,
        projection=_projection(shape),
        payload={"name": key, **shape, "variables": [variable.to_json() for variable in masking.variables]},
        search_extras=(_reached(shape),),
        diagnostics=tuple(found),
    )


def _projection(shape: Mapping[str, JSON]) -> dict[str, JSON]:
    return {
        "connection": shape.get("connection"),
        "enabled": shape.get("enabled"),
        "oauthMode": _oauth_mode(shape),
        "requiresInstall": _requires_install(shape),
    }


def _oauth_mode(shape: Mapping[str, JSON]) -> str:
    """none for local servers; disabled, configured (a client is given) or automatic for remote ones."""
    if shape.get("connection") != "remote":
        return "none"
    oauth = shape.get("oauth")
    return "disabled" if oauth is False else "configured" if oauth else "automatic"


def _requires_install(shape: Mapping[str, JSON]) -> bool:
    """A local server whose program does not come with the plugin has to be on the machine."""
    return shape.get("connection") == "local" and not str(shape.get("command")).startswith(_FROM_THE_PLUGIN)


def _reached(shape: Mapping[str, JSON]) -> str | None:
    """The program or host to search by: neither arguments nor paths, which may hold secrets."""
    if command := shape.get("command"):
        return str(command).split(" ")[0].rpartition("/")[2]
    try:
        return urlsplit(str(shape.get("url") or "")).hostname
    except ValueError:
        return None


def _notes_on(shape: Mapping[str, JSON], masking: Masking, path: str) -> list[Diagnostic]:
    if not reaches_something(shape):
        return [Code.MCP_UNREACHABLE.at(path, masking.owner[:40])]
    notes = [
        Code.MCP_LITERAL_SECRET.at(path, f"{masking.owner}.{variable.field[:80]} as ${{{variable.name}}}")
        for variable in masking.variables
        if variable.secret
    ]
    run = " ".join([str(shape.get("command", "")), *map(str, _as_list(shape.get("args")))])
    if "${CLAUDE_PLUGIN_ROOT}" in run or run.startswith(_FROM_THE_PLUGIN):
        notes.append(Code.MCP_NEEDS_PLUGIN_FILES.at(path, masking.owner[:40]))
    return notes


def _as_list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def _mask(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    """One document of all servers in the files; what cannot be read as such is never shipped."""
    servers: dict[str, JSON] = {}
    for file in files:
        value, _ = _load(file if len(file.data) <= _MAX_SERVER_BYTES else None, file.path)
        found, _ = _servers(value, file.path)
        servers |= {key: _delivered(key, server) for key, server in found.items()}
    return (SourceFile(_FILE, json_guard.render({_WRAPPER: servers})),) if servers else ()


def _delivered(key: str, server: JSON) -> JSON:
    masked = Masking(key).mask(server)
    if not isinstance(masked, dict) or dialect_of(masked) == "claude":
        return masked
    return to_claude(normalize(masked))


MCP = ConfigType(
    name="mcp",
    default_locations=(".mcp.json", ".claude-plugin/plugin.json", "opencode.json", "opencode.jsonc"),
    filters=("connection", "enabled", "oauthMode", "requiresInstall"),
    flags=("enabled", "requiresInstall"),
    targets=targets(claude_code=".mcp.json", opencode="opencode.json"),
    finder=_find,
    reader=_read,
    splitter=_split,
    masker=_mask,
    sealer=without_secrets,
    container=True,
    max_entry_bytes=_MAX_SERVER_BYTES,
    source_defines=frozenset({"title"}),
)
