"""Skill: a directory with a SKILL.md, delivered whole, with its scripts, references and assets."""

import re
from collections.abc import Iterable, Sequence

from shared.domain.config_types.base import ConfigType, targets
from shared.domain.config_types.codes import Code
from shared.domain.config_types.fields import Fields
from shared.domain.config_types.layout import find_directories, is_file
from shared.domain.config_types.markdown import MAX_DESCRIPTION, Document, document
from shared.domain.config_types.unit import Found, PathEntry, Reading, Source
from shared.domain.config_types.values import JSON
from shared.domain.diagnostics import Diagnostic

_ENTRY = "SKILL.md"
_FOLDERS = ("skills", "skill")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_NAME = 64
_CLAUDE_TEXTS = ("when_to_use", "model", "effort", "context", "agent", "shell")
_CLAUDE_FLAGS = ("disable-model-invocation", "user-invocable")
_CLAUDE_ONLY = {*_CLAUDE_TEXTS, *_CLAUDE_FLAGS, "argument-hint", "allowed-tools", "hooks", "paths"}


def _find(type_name: str, selected: Sequence[str], tree: Sequence[PathEntry]) -> Found:
    """Selected SKILL.md files, in exact case; each owns its directory (rules of the official client)."""
    modes = {entry.path: entry.mode for entry in tree}
    paths = [path for path in selected if _base(path).lower() == _ENTRY.lower()]
    entries = [path for path in paths if _base(path) == _ENTRY and is_file(path, modes.get(path))]
    folders = _folders(modes)
    ignored = [path for path in entries if not _in_collection(path) and _skills_beside(path) in folders]
    kept = [path for path in entries if path not in set(ignored)]
    found = find_directories(type_name, kept, selected, tree, _notes_on_place)
    notes = [Code.ROOT_SKILL_IGNORED.at(path) for path in ignored]
    notes += [_why_no_skill(path) for path in paths if path not in set(entries)]
    return Found(found.units, found.unclaimed, (*found.diagnostics, *notes))


def _read(source: Source) -> Reading:
    page = document(source)
    fields = page.fields
    description, derived = page.description()
    name = fields.text("name")
    payload = {"name": name, "description": description, **_open_fields(fields), **_claude_fields(fields)}
    dialect = source.parser_mode or _dialect(fields, source.origin)
    invocable = payload["userInvocable"]
    return Reading(
        name=source.folder or name or "skill",
        title=name or source.folder,
        description=description,
        description_derived=derived,
        projection={
            "dialect": dialect,
            "userInvocable": True if invocable is None else invocable,
            "model": payload["model"],
            "hasSupportingFiles": len(source.files) > 1,
        },
        payload={**payload, "dialect": dialect},
        search_extras=(source.folder, fields.text("when_to_use")),
        diagnostics=page.diagnostics(*_notes_on_name(name, source), *_notes_on_description(page, source)),
    )


def _open_fields(fields: Fields) -> dict[str, JSON]:
    """The fields of the open Agent Skills format."""
    return {
        "license": fields.text("license"),
        "compatibility": fields.text("compatibility"),
        "metadata": fields.raw("metadata"),
        "allowedTools": fields.names("allowed-tools"),
    }


def _claude_fields(fields: Fields) -> dict[str, JSON]:
    texts: dict[str, JSON] = {_camel(key): fields.text(key) for key in _CLAUDE_TEXTS}
    flags: dict[str, JSON] = {_camel(key): fields.flag(key) for key in _CLAUDE_FLAGS}
    hint = fields.hint("argument-hint")
    return {
        **texts,
        **flags,
        "argumentHint": hint,
        "hooks": fields.raw("hooks"),
        "paths": fields.names("paths"),
    }


def _dialect(fields: Fields, origin: str) -> str:
    """claude or opencode when only that one's marks are there; both or neither reads alike in both."""
    claude = bool(fields.keys() & _CLAUDE_ONLY) or ".claude/" in origin
    opencode = "opencode" in str(fields.raw("compatibility")).lower() or ".opencode/" in origin
    if claude == opencode:
        return "hybrid"
    return "claude" if claude else "opencode"


def _notes_on_name(name: str | None, source: Source) -> list[Diagnostic]:
    if name is None:
        return [Code.NAME_MISSING.at(source.origin)]
    notes = []
    if len(name) > _MAX_NAME:
        notes.append(Code.NAME_TOO_LONG.at(source.origin, f"{len(name)} characters"))
    elif not _NAME.fullmatch(name):
        notes.append(Code.NAME_PATTERN.at(source.origin, name))
    if source.folder and name != source.folder:
        notes.append(Code.NAME_NOT_DIRECTORY.at(source.origin, f"{name[:_MAX_NAME]} in {source.folder}"))
    return notes


def _notes_on_description(page: Document, source: Source) -> list[Diagnostic]:
    written = page.fields.text("description")
    if not written:
        return [Code.SKILL_DESCRIPTION_MISSING.at(source.origin)]
    if len(written) > MAX_DESCRIPTION:
        return [Code.SKILL_DESCRIPTION_TOO_LONG.at(source.origin, f"{len(written)} characters")]
    return []


def _notes_on_place(path: str) -> tuple[Diagnostic, ...]:
    parts = path.split("/")[:-1]
    collections = [at for at, part in enumerate(parts) if part in _FOLDERS]
    nested = collections and len(parts) - collections[-1] > 2
    return (Code.SKILL_NESTED.at(path),) if nested else ()


def _why_no_skill(path: str) -> Diagnostic:
    return Code.ENTRY_NOT_A_FILE.at(path) if _base(path) == _ENTRY else Code.SKILL_CASE.at(path)


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _skills_beside(path: str) -> str:
    return f"{_folder(path)}/skills".lstrip("/")


def _in_collection(path: str) -> bool:
    """Below a folder of skills, where a nested `skills` folder is only a supporting one."""
    return any(part in _FOLDERS for part in _folder(_folder(path)).split("/"))


def _folders(paths: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        folder = _folder(path)
        while folder and folder not in found:
            found.add(folder)
            folder = _folder(folder)
    return found


def _camel(key: str) -> str:
    head, *rest = re.split("[-_]", key)
    return head + "".join(part.title() for part in rest)


SKILL = ConfigType(
    name="skill",
    default_locations=(
        "skills/*/SKILL.md",
        ".claude/skills/*/SKILL.md",
        ".agents/skills/*/SKILL.md",
        ".opencode/skill/**/SKILL.md",
        ".opencode/skills/**/SKILL.md",
    ),
    filters=("dialect", "userInvocable", "model", "hasSupportingFiles"),
    flags=("userInvocable", "hasSupportingFiles"),
    targets=targets(claude_code="skills/{name}/", opencode=".opencode/skills/{name}/", codex="skills/{name}/"),
    finder=_find,
    reader=_read,
    parser_modes=("claude", "opencode", "hybrid"),
)
