"""MCP server: one server out of a file that declares several.

A file is found as one container and split by key. A server's own content is a document of its own, `.mcp.json`
holding `{"mcpServers": {key: server}}`: the server exactly as parsed, its keys in their order, in its own dialect,
spelled with two spaces and a final line feed. So a change beside a server, or in the file's layout, changes
nothing of it. Where it holds literal secrets it is sealed, and all but editors are shown it with placeholders. What is
delivered is that in Claude's dialect, with what this one has no word for kept beside it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from shared.domain.config_types.base import ConfigType, targets
from shared.domain.config_types.codes import Code
from shared.domain.config_types.forms import OpenCodeSection
from shared.domain.config_types.inline import MAX_KEY, MAX_UNITS, content, entry_of, inline_unit, name_of
from shared.domain.config_types.json_document import load_document
from shared.domain.config_types.layout import find_files
from shared.domain.config_types.mcp_claude import is_absolute, respelled
from shared.domain.config_types.mcp_clients import unfit_for_codex, unfit_for_opencode
from shared.domain.config_types.mcp_dialects import normalize, reaches_something
from shared.domain.config_types.mcp_forms import (
    FILE,
    WRAPPER,
    deliverable,
    for_claude,
    for_codex,
    for_opencode,
    one_file,
)
from shared.domain.config_types.mcp_sealing import WRAPPERS, without_secrets
from shared.domain.config_types.references import paths_in
from shared.domain.config_types.secrets import Masking
from shared.domain.config_types.unit import Found, PathEntry, Reading, Source, Split, Unit
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic

_OPENCODE = "mcp"
_MAX_SERVER_BYTES = 64 * 1024
_FROM_THE_PLUGIN = ("${CLAUDE_PLUGIN_ROOT}", "./", "../")


def _find(type_name: str, selected: Sequence[str], tree: Sequence[PathEntry]) -> Found:
    return find_files(type_name, selected, tree, endings=(".json", ".jsonc"))


def _split(unit: Unit, files: Sequence[SourceFile]) -> Split:
    """One unit per server; a file that cannot be read is incomplete, so nothing of it is taken for deleted."""
    path = unit.origin
    document = load_document(entry_of(unit, files), path)
    if not document.is_readable:
        return Split((), (*unit.diagnostics, *document.notes), complete=False)
    section = MCP.section_of(path)
    servers, more = _servers(document.value, path, section)
    if len(servers) > MAX_UNITS:
        return Split((), (*unit.diagnostics, Code.MCP_TOO_MANY_SERVERS.at(path)), complete=False)
    units = tuple(
        (inline_unit(unit, key, section, FILE), (content(FILE, WRAPPER, {key: server}),))
        for key, server in servers.items()
    )
    return Split(units, (*unit.diagnostics, *document.notes, *more))


def _servers(value: JSON, path: str, section: str | None) -> tuple[dict[str, JSON], list[Diagnostic]]:
    """The servers of a section, of a wrapped or of a flat document, and what else stood among them."""
    if value is None:
        return {}, []
    document = value if isinstance(value, dict) else {}
    if section is not None:
        document = {WRAPPER: document.get(section, {})}
    wrapped = next((document[name] for name in WRAPPERS if name in document), None)
    # A flat document may well call its one server mcp.
    wrapped = None if _looks_like_a_server(wrapped) else wrapped
    paths = paths_in(wrapped) if isinstance(wrapped, str | list) else ()
    notes = [Code.MCP_REFERENCE.at(path, ", ".join(paths)[:200])] if paths else []
    found = _flat(document) if wrapped is None else _inline(wrapped)
    if not found:
        return {}, notes or [Code.MCP_NO_SERVERS.at(path)]
    refused = [key for key in found if not 0 < len(key) <= MAX_KEY]
    others = [key for key in document if key not in found] if wrapped is None else []
    notes += [Code.MCP_KEY_REFUSED.at(path, key[:40]) for key in refused]
    notes += [Code.MCP_NOT_A_SERVER.at(path, key[:40]) for key in others if key != "$schema"]
    return {key: server for key, server in found.items() if key not in refused}, notes


def _inline(wrapped: JSON) -> dict[str, JSON]:
    """The servers below a wrapper: a map, or a manifest's list of maps and of paths to other files."""
    maps = wrapped if isinstance(wrapped, list) else [wrapped]
    return {key: server for one in maps if isinstance(one, dict) for key, server in one.items()}


def _flat(document: Mapping[str, JSON]) -> dict[str, JSON]:
    """Servers without a wrapper: any manifest has an entry with a `url`, but only maps hold nothing else."""
    entries = {key: value for key, value in document.items() if key != "$schema"}
    if not all(isinstance(entry, dict) for entry in entries.values()):
        return {}
    return {key: entry for key, entry in entries.items() if _looks_like_a_server(entry)}


def _looks_like_a_server(entry: JSON) -> bool:
    return isinstance(entry, dict) and bool(entry.get("command") or entry.get("url"))


def _read(source: Source) -> Reading:
    document = load_document(source.entry, source.origin)
    servers, more = _servers(document.value, source.origin, MCP.section_of(source.entry.path))
    key = next(iter(servers), name_of(source.key, MCP.section_of(source.origin)))
    server = servers.get(key)
    masking = Masking(key)
    masked = masking.mask(server)
    shape = normalize(masked) if isinstance(masked, dict) else {}
    found = [*document.notes, *more, *_notes_on(shape, masking, source.origin)]
    found += _notes_on_loading(server, shape, source.origin, key)
    return Reading(
        name=key or "server",
        title=key,
        projection=_projection(shape),
        payload={"name": key, **shape, "variables": [variable.to_json() for variable in masking.variables]},
        search_extras=(_reached(shape),),
        diagnostics=tuple(found),
    )


def read_server(entry: SourceFile) -> Mapping[str, JSON]:
    """The server of an object's own document, as it is written: with its literal secrets, for who may see them."""
    servers, _ = _servers(load_document(entry, entry.path).value, entry.path, MCP.section_of(entry.path))
    server = next(iter(servers.values()), None)
    return server if isinstance(server, dict) else {}


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
    return notes + _notes_on_clients(shape, masking, path)


def _notes_on_clients(shape: Mapping[str, JSON], masking: Masking, path: str) -> list[Diagnostic]:
    found = ((Code.MCP_NOT_FOR_OPENCODE, unfit_for_opencode(shape)), (Code.MCP_NOT_FOR_CODEX, unfit_for_codex(shape)))
    return [code.at(path, f"{masking.owner[:40]}: {why}") for code, why in found if why]


def _notes_on_loading(server: JSON, shape: Mapping[str, JSON], path: str, key: str) -> Iterator[Diagnostic]:
    """What Claude Code makes of a server that reaches something, in a file that is meant for it."""
    if not isinstance(server, dict) or not reaches_something(shape):
        return
    if shape["dialect"] == "claude" and MCP.section_of(path) != _OPENCODE and (fields := respelled(server)):
        yield Code.MCP_RESPELLED.at(path, f"{key[:40]}: {', '.join(fields)[:120]}")
    if shape["connection"] == "remote" and not is_absolute(str(shape.get("url"))):
        yield Code.MCP_URL.at(path, key[:40])
    if not shape["enabled"]:
        yield Code.MCP_SWITCHED_OFF.at(path, key[:40])


def _as_list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def _mask(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    return _deliver(files, lambda key, server: Masking(key).mask(server))


def _unmasked(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    return _deliver(files, lambda _, server: server)


def _deliver(files: Sequence[SourceFile], given: Callable[[str, JSON], JSON]) -> tuple[SourceFile, ...]:
    """One document of all servers in the files; what cannot be read as such is never shipped."""
    servers: dict[str, JSON] = {}
    for file in files:
        document = load_document(file if len(file.data) <= _MAX_SERVER_BYTES else None, file.path)
        found, _ = _servers(document.value, file.path, MCP.section_of(file.path))
        servers |= {key: deliverable(given(key, server)) for key, server in found.items()}
    return one_file(servers) if servers else ()


MCP = ConfigType(
    name="mcp",
    default_locations=(".mcp.json", ".claude-plugin/plugin.json", "opencode.json", "opencode.jsonc"),
    filters=("connection", "enabled", "oauthMode", "requiresInstall"),
    flags=("enabled", "requiresInstall"),
    targets=targets(claude_code=".mcp.json", opencode="opencode.json", codex=".mcp.json"),
    finder=_find,
    reader=_read,
    splitter=_split,
    masker=_mask,
    unmasked=_unmasked,
    sealer=without_secrets,
    containers=(".json", ".jsonc"),
    sections={"plugin.json": WRAPPER, "opencode.json": _OPENCODE, "opencode.jsonc": _OPENCODE},
    max_entry_bytes=_MAX_SERVER_BYTES,
    source_defines=frozenset({"title"}),
    forms={"claude-code": for_claude, "codex": for_codex},
    opencode=OpenCodeSection("mcp", for_opencode),
    mends=frozenset({Code.MCP_RESPELLED, Code.JSON_BYTE_ORDER_MARK, Code.JSON_WITH_COMMENTS}),
)
