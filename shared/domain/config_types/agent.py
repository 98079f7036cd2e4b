"""Agent: a prompt with a model, a mode and permissions, in the Claude or the OpenCode dialect."""

from collections.abc import Sequence

from shared.domain.config_types.agent_sealing import SERVERS, cleaned, variables, without_secrets
from shared.domain.config_types.base import ConfigType, targets
from shared.domain.config_types.codes import Code
from shared.domain.config_types.fields import Fields
from shared.domain.config_types.forms import OpenCodeSection
from shared.domain.config_types.layout import find_files
from shared.domain.config_types.markdown import MAX_DESCRIPTION, Document, document, notes_on_loose_file
from shared.domain.config_types.markdown_in_json import ENDINGS, Section
from shared.domain.config_types.opencode import agent_entry
from shared.domain.config_types.secrets import mask_values
from shared.domain.config_types.unit import Found, PathEntry, Reading, Source
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic

_FOLDERS = ("agents", "agent")
_SECTION = Section("agent", body="prompt")
_MODES = ("primary", "subagent", "all")
_EDITING = {"write", "edit", "patch", "multiedit"}
_OPENCODE_ONLY = {
    "mode", "variant", "temperature", "top_p", "hidden", "disable", "steps", "maxSteps", "permission", "options",
}  # fmt: skip
_CLAUDE_LISTS = {"disallowedTools", "skills"}
_CLAUDE_TEXTS = {"permissionMode", "memory", "effort", "isolation", "background", "maxTurns", "initialPrompt"}
_CLAUDE_NESTED = {"mcpServers", "hooks"}
_NOT_FOR_OPENCODE = {
    "skills", "memory", "effort", "isolation", "background", "initialPrompt", *_CLAUDE_NESTED,
}  # fmt: skip
_SHARED = {"name", "description", "model", "prompt", "color", "tools"}
_KNOWN = _SHARED | _OPENCODE_ONLY | _CLAUDE_LISTS | _CLAUDE_TEXTS | _CLAUDE_NESTED


def _find(type_name: str, selected: Sequence[str], tree: Sequence[PathEntry]) -> Found:
    return find_files(type_name, selected, tree, endings=(".md", *ENDINGS), folders=_FOLDERS)


def _read(source: Source) -> Reading:
    page = _SECTION.document(source) if AGENT.section_of(source.entry.path) else document(source)
    fields = page.fields
    file_name = page.name or source.stem
    description, derived = page.description()
    servers = fields.raw(SERVERS)
    description = cleaned(description or "", servers, file_name) or None
    dialect = source.parser_mode or _dialect(fields, source.origin)
    mode = fields.text("mode") or ("all" if dialect == "opencode" else "subagent")
    projection = _projection(fields, mode)
    payload = {
        **projection,
        "name": fields.text("name") or file_name,
        "dialect": dialect,
        "description": description,
        "prompt": cleaned(page.body or fields.text("prompt") or "", servers, file_name) or None,
        **_details(fields),
    }
    if to_set := variables(servers, file_name):
        payload["variables"] = [one.to_json() for one in to_set]
    return Reading(
        name=file_name,
        title=file_name,
        description=description,
        description_derived=derived,
        projection=projection,
        payload=payload,
        search_extras=(fields.text("name"),),
        diagnostics=page.diagnostics(*notes_on_loose_file(source), *_notes(page, source, mode, file_name)),
    )


def _projection(fields: Fields, mode: str) -> dict[str, JSON]:
    return {
        "mode": mode,
        "model": fields.text("model"),
        "hidden": fields.flag("hidden") or False,
        "disabled": fields.flag("disable") or False,
    }


def _details(fields: Fields) -> dict[str, JSON]:
    return {
        **_tuning(fields),
        **_claude_fields(fields),
        "permission": _permission(fields),
        "options": _options(fields),
    }


def _dialect(fields: Fields, origin: str) -> str:
    opencode = AGENT.section_of(origin) or fields.keys() & _OPENCODE_ONLY or isinstance(fields.raw("tools"), dict)
    return "opencode" if opencode or ".opencode/" in origin else "claude"


def _tuning(fields: Fields) -> dict[str, JSON]:
    steps = "steps" if fields.raw("steps") is not None else "maxSteps"
    return {
        "variant": fields.text("variant"),
        "temperature": fields.number("temperature"),
        "topP": fields.number("top_p"),
        "color": fields.text("color"),
        "steps": fields.number(steps),
    }


def _claude_fields(fields: Fields) -> dict[str, JSON]:
    """Claude's own fields, where they are written. Of nested servers only the keys: values may be secret."""
    present: dict[str, JSON] = {key: fields.names(key) for key in sorted(fields.keys() & _CLAUDE_LISTS)}
    present |= {key: fields.text(key) for key in sorted(fields.keys() & _CLAUDE_TEXTS)}
    present["tools"] = fields.names("tools")
    for key in sorted(fields.keys() & _CLAUDE_NESTED):
        nested = fields.raw(key)
        present[key] = list(nested) if isinstance(nested, dict) else None
    return present


def _permission(fields: Fields) -> JSON:
    """`permission`, over what OpenCode makes of its legacy `tools` map: on is allow, off is deny."""
    permission: dict[str, JSON] = {}
    legacy = fields.raw("tools")
    for tool, value in legacy.items() if isinstance(legacy, dict) else ():
        off = str(value).lower() in ("false", "no", "off")
        permission["edit" if tool in _EDITING else tool] = "deny" if off else "allow"
    written = fields.raw("permission")
    if isinstance(written, str):
        return {**permission, "*": written}
    return {**permission, **written} if isinstance(written, dict) else permission


def _options(fields: Fields) -> JSON:
    """Keys unknown to the type are passed to the model's provider, as OpenCode does."""
    written = fields.raw("options")
    unknown = {key: fields.raw(key) for key in sorted(fields.keys() - _KNOWN)}
    return mask_values({**(written if isinstance(written, dict) else {}), **unknown})


def _notes(page: Document, source: Source, mode: str, file_name: str) -> list[Diagnostic]:
    notes = [
        Code.MCP_LITERAL_SECRET.at(source.origin, f"{one.field[:80]} as ${{{one.name}}}")
        for one in variables(page.fields.raw(SERVERS), file_name)
        if one.secret
    ]
    description = page.fields.text("description") or ""
    if not description:
        notes.append(Code.DESCRIPTION_MISSING.at(source.origin))
    if len(description) > MAX_DESCRIPTION:
        notes.append(Code.DESCRIPTION_TOO_LONG.at(source.origin, f"{len(description)} characters"))
    if mode not in _MODES:
        notes.append(Code.AGENT_MODE.at(source.origin, mode[:40]))
    if lost := fields_left_out(page.fields):
        notes.append(Code.AGENT_FIELDS_LEFT_OUT.at(source.origin, ", ".join(lost)))
    name = page.fields.text("name")
    if name and name != file_name:
        notes.append(Code.NAME_NOT_FILE.at(source.origin, f"{name[:64]} in {file_name}"))
    return notes


def fields_left_out(fields: Fields) -> list[str]:
    """What is written in the agent, and has no place in OpenCode's configuration."""
    lost = sorted(fields.keys() & _NOT_FOR_OPENCODE)
    mode = fields.text("permissionMode")
    return [*lost, *(["permissionMode"] if mode and mode != "plan" else [])]


def _left_out(files: Sequence[SourceFile]) -> list[str]:
    source = Source(files[0], tuple(files), files[0].path)
    page = _SECTION.document(source) if AGENT.section_of(source.entry.path) else document(source)
    return [f"OpenCode has no word for `{field}`" for field in fields_left_out(page.fields)]


def _for_opencode(files: Sequence[SourceFile]) -> dict[str, dict[str, JSON]]:
    payload = _read(Source(files[0], tuple(files), files[0].path)).payload
    return {str(payload["name"]): agent_entry(payload)}


AGENT = ConfigType(
    name="agent",
    default_locations=(
        "agents/**/*.md",
        ".claude/agents/**/*.md",
        ".opencode/agent/**/*.md",
        ".opencode/agents/**/*.md",
        "opencode.json",
        "opencode.jsonc",
    ),
    filters=("mode", "model", "hidden", "disabled"),
    flags=("hidden", "disabled"),
    targets=targets(claude_code="agents/{name}.md", opencode=".opencode/agents/{name}.md"),
    finder=_find,
    reader=_read,
    splitter=_SECTION.split,
    sections=_SECTION.files,
    renderer=_SECTION.render,
    sealer=without_secrets,
    renders=ENDINGS,
    parser_modes=("claude", "opencode"),
    opencode=OpenCodeSection("agent", _for_opencode, body="prompt", named=True, left_out=_left_out),
    mends=frozenset(
        {Code.AGENT_MODE, Code.TEXT_BEFORE_FRONTMATTER, Code.JSON_BYTE_ORDER_MARK, Code.JSON_WITH_COMMENTS}
    ),
)
