"""Hook: what runs when something happens in a client. One object per document of handlers, or per code module.

A document is Claude Code's: events, each with matchers and their handlers. It is delivered in one spelling, whatever
the form it was written in, so that the documents of one plugin can be joined. A code module is OpenCode's.
Sources: https://code.claude.com/docs/en/hooks and https://opencode.ai/docs/plugins
"""

from collections.abc import Mapping, Sequence

from shared.domain.config_types import json_guard
from shared.domain.config_types.base import ConfigType, targets
from shared.domain.config_types.codes import Code
from shared.domain.config_types.hook_documents import CODEX_EVENTS, KNOWN_EVENTS, HookDocument, read_document
from shared.domain.config_types.hook_modules import ENDINGS, is_module, language_of, scan
from shared.domain.config_types.inline import content, entry_of, whole_section
from shared.domain.config_types.json_document import load_document
from shared.domain.config_types.layout import find_files, has_ending
from shared.domain.config_types.references import paths_in
from shared.domain.config_types.secrets import mask_values
from shared.domain.config_types.text import decode
from shared.domain.config_types.unit import Found, PathEntry, Reading, Source, Split, Unit
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic

_FILE = "hooks.json"
_SECTION = "hooks"
_DOCUMENTS = (".json", ".jsonc")
_FOLDERS = {"hooks", "plugin", "plugins", ".claude-plugin", ".claude", ".opencode"}
_OPENCODE = targets(opencode=".opencode/plugins/{name}{extension}")


def _find(type_name: str, selected: Sequence[str], tree: Sequence[PathEntry]) -> Found:
    """Documents, and modules where OpenCode looks for them: scripts that a document runs are none."""
    kept = [path for path in selected if has_ending(path, _DOCUMENTS) or is_module(path)]
    found = find_files(type_name, kept, tree, endings=(*_DOCUMENTS, *ENDINGS))
    others = set(selected) - set(kept)
    return Found(found.units, (*found.unclaimed, *sorted(others)), found.diagnostics)


def _split(unit: Unit, files: Sequence[SourceFile]) -> Split:
    """All inline hooks of a manifest or of settings are one unit; hooks in other files are those files' units."""
    document = load_document(entry_of(unit, files), unit.origin)
    notes = [*unit.diagnostics, *document.notes]
    if not document.is_readable:
        return Split((), tuple(notes), complete=False)
    value = document.section(_SECTION)
    if paths := paths_in(value):
        notes.append(Code.HOOK_REFERENCE.at(unit.origin, ", ".join(paths)[:200]))
    objects: list[JSON] = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    inline = objects if isinstance(value, list) else value
    if not inline or not isinstance(inline, dict | list):
        return Split((), tuple(notes))
    own = whole_section(unit, _SECTION, _FILE)
    return Split(((own, (content(_FILE, _SECTION, inline),)),), tuple(notes))


def _read(source: Source) -> Reading:
    return _read_module(source) if has_ending(source.entry.path, ENDINGS) else _read_document(source)


def _read_document(source: Source) -> Reading:
    document = load_document(source.entry, source.origin)
    # A person's own file and an inline section are one document; a shared file, handed in whole, has others beside.
    own = HOOK.section_of(source.entry.path)
    value = {own: document.section(own)} if own else document.value
    hooks = read_document(value, source.origin, inline=own is not None or source.key is not None)
    return _reading(
        source,
        kind="declarative",
        events=hooks.events,
        description=hooks.description or _summary(hooks.events),
        derived=hooks.description is None,
        details={"hooks": mask_values(hooks.to_json())},
        notes=[*document.notes, *hooks.notes, *_notes_on(hooks, source.origin)],
    )


def _read_module(source: Source) -> Reading:
    text = decode(source.entry.data, source.origin)
    found = scan(text.text)
    notes = [*text.diagnostics, Code.HOOK_ONLY_OPENCODE.at(source.origin)]
    if not text.text.strip():
        notes.append(Code.EMPTY_FILE.at(source.origin))
    if found.needs_files:
        notes.append(Code.HOOK_NEEDS_PLUGIN_FILES.at(source.origin))
    entry = source.entry.path.rpartition("/")[2]
    details: dict[str, JSON] = {"language": language_of(entry), "entry": entry}
    summary = _summary(found.events)
    return _reading(source, "code", found.events, summary, derived=True, details=details, notes=notes)


def _reading(
    source: Source,
    kind: str,
    events: Sequence[str],
    description: str | None,
    *,
    derived: bool,
    details: Mapping[str, JSON],
    notes: Sequence[Diagnostic],
) -> Reading:
    plugin, file_name = _plugin(source.origin), source.origin.rpartition("/")[2]
    projection: dict[str, JSON] = {"event": list(events), "kind": kind}
    stem = source.origin.rpartition("/")[2].rpartition(".")[0]
    return Reading(
        name="-".join(filter(None, (plugin, stem))),
        title=" ".join(filter(None, (plugin, file_name))),
        description=description,
        description_derived=derived,
        projection=projection,
        payload={"events": list(events), "kind": kind, "description": description, **details},
        search_extras=tuple(events),
        diagnostics=tuple(notes),
    )


def _plugin(origin: str) -> str:
    """The folder of the plugin that the file belongs to; "" at the root."""
    parts = origin.split("/")[:-1]
    while parts and parts[-1] in _FOLDERS:
        parts.pop()
    return parts[-1] if parts else ""


def _summary(events: Sequence[str]) -> str | None:
    return f"Runs on {', '.join(events)}." if events else None


def _notes_on(hooks: HookDocument, path: str) -> list[Diagnostic]:
    notes = [Code.HOOK_UNKNOWN_EVENT.at(path, event[:40]) for event in hooks.events if event not in KNOWN_EVENTS]
    notes += [Code.HOOK_UNKNOWN_TYPE.at(path, kind[:40]) for kind in hooks.unknown_types]
    if not hooks.events:
        notes.append(Code.HOOK_EMPTY.at(path))
    if hooks.needs_files:
        notes.append(Code.HOOK_NEEDS_PLUGIN_FILES.at(path))
    if not CODEX_EVENTS & set(hooks.events):
        notes.append(Code.HOOK_NOT_FOR_CODEX.at(path))
    return [*notes, Code.HOOK_NOT_FOR_OPENCODE.at(path)]


def _render(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    """The document in the one form that Claude Code takes without complaint; nothing, where nothing would run."""
    documents = (load_document(file, file.path).value for file in files)
    made = [read_document(value, "").to_claude() for value in documents]
    return tuple(SourceFile(_FILE, json_guard.render({_SECTION: hooks})) for hooks in made if hooks)


HOOK = ConfigType(
    name="hook",
    default_locations=(
        "hooks/hooks.json",
        ".claude-plugin/plugin.json",
        ".opencode/plugin/*.ts",
        ".opencode/plugin/*.js",
        ".opencode/plugins/*.ts",
        ".opencode/plugins/*.js",
    ),
    filters=("event", "kind"),
    targets=targets(claude_code="hooks/hooks.json", codex="hooks/hooks.json"),
    special_targets=dict.fromkeys(ENDINGS, _OPENCODE),
    finder=_find,
    reader=_read,
    splitter=_split,
    sections=dict.fromkeys(("plugin.json", "settings.json", "settings.local.json"), _SECTION),
    renderer=_render,
    renders=_DOCUMENTS,
    source_defines=frozenset({"title", "description"}),
    mends=frozenset({Code.HOOK_RESPELLED, Code.JSON_BYTE_ORDER_MARK, Code.JSON_WITH_COMMENTS}),
)
