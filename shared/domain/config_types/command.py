"""Command: a prompt that a person calls by name, with arguments, shell output and files filled in."""

import re
from collections.abc import Sequence

from shared.domain.config_types.base import ConfigType, targets
from shared.domain.config_types.codes import Code
from shared.domain.config_types.forms import OpenCodeSection
from shared.domain.config_types.layout import find_files
from shared.domain.config_types.markdown import MAX_DESCRIPTION, Document, document, notes_on_loose_file
from shared.domain.config_types.markdown_in_json import ENDINGS, Section
from shared.domain.config_types.opencode import command_entry
from shared.domain.config_types.unit import Found, PathEntry, Reading, Source
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile
from shared.domain.diagnostics import Diagnostic

_FOLDERS = ("commands", "command")
_SECTION = Section("command", body="template")
_ARGUMENTS = re.compile(r"\$(?:ARGUMENTS\b|[1-9])")
_SHELL = re.compile(r"!`[^`\n]+`")
_FILE = re.compile(r"(?<![\w`@/.])@([\w./~-]{1,300})")
# What Codex CLI 0.169 finds in a command that it will not make a skill of.
_NOT_IN_A_SKILL = re.compile(r"\$ARGUMENTS|\$\d|!\x20?`|(?<!\S)@\S|\{\{(?=[\s\S]*\}\})")
_LONGEST_IN_A_SKILL = 64 - len("source-command-")


def _find(type_name: str, selected: Sequence[str], tree: Sequence[PathEntry]) -> Found:
    return find_files(type_name, selected, tree, endings=(".md", *ENDINGS), folders=_FOLDERS)


def _read(source: Source) -> Reading:
    page = _SECTION.document(source) if COMMAND.section_of(source.entry.path) else document(source)
    fields = page.fields
    name = (page.name or source.entry.path.rpartition(".")[0]).replace("/", ":")
    description, derived = page.description()
    projection = {
        "agent": fields.text("agent"),
        "subtask": fields.flag("subtask") or False,
        "usesShell": bool(_SHELL.search(page.body)),
        "usesArguments": bool(_ARGUMENTS.search(page.body)),
    }
    payload = {
        **projection,
        "name": name,
        "template": page.body,
        "description": description,
        "model": fields.text("model"),
        "argumentHint": fields.hint("argument-hint"),
        "allowedTools": fields.names("allowed-tools"),
        "files": list(dict.fromkeys(path.rstrip(".") for path in _FILE.findall(page.body))),
    }
    notes = notes_on_loose_file(source) + _notes_on_description(description, source) + _notes_on_codex(page, name)
    notes += _notes_on_copilot(page, name)
    return Reading(
        name=name,
        title=name,
        description=description,
        description_derived=derived,
        projection=projection,
        payload=payload,
        diagnostics=page.diagnostics(*notes),
    )


def _notes_on_description(description: str | None, source: Source) -> list[Diagnostic]:
    long = len(description or "") > MAX_DESCRIPTION
    return [Code.DESCRIPTION_TOO_LONG.at(source.origin)] if long else []


def _notes_on_codex(page: Document, name: str) -> list[Diagnostic]:
    described = page.fields.text("description") and len(name) <= _LONGEST_IN_A_SKILL
    plain = not _NOT_IN_A_SKILL.search(page.body) and not name.endswith("README")
    taken = described and plain and all(note.code != Code.TEXT_BEFORE_FRONTMATTER for note in page.notes)
    return [] if taken else [Code.COMMAND_NOT_FOR_CODEX.at(page.path)]


def _notes_on_copilot(page: Document, name: str) -> list[Diagnostic]:
    return [Code.COMMAND_NESTED.at(page.path)] if ":" in name else []


def _for_opencode(files: Sequence[SourceFile]) -> dict[str, dict[str, JSON]]:
    payload = _read(Source(files[0], tuple(files), files[0].path)).payload
    return {str(payload["name"]): command_entry(payload)}


COMMAND = ConfigType(
    name="command",
    default_locations=(
        "commands/**/*.md",
        ".claude/commands/**/*.md",
        ".opencode/command/**/*.md",
        ".opencode/commands/**/*.md",
        "opencode.json",
        "opencode.jsonc",
    ),
    filters=("agent", "subtask", "usesShell", "usesArguments"),
    flags=("subtask", "usesShell", "usesArguments"),
    targets=targets(
        claude_code="commands/{name}.md", opencode=".opencode/commands/{name}.md", codex="commands/{name}.md"
    ),
    finder=_find,
    reader=_read,
    splitter=_SECTION.split,
    sections=_SECTION.files,
    renderer=_SECTION.render,
    renders=ENDINGS,
    opencode=OpenCodeSection("command", _for_opencode, body="template"),
    mends=frozenset({Code.TEXT_BEFORE_FRONTMATTER, Code.JSON_BYTE_ORDER_MARK, Code.JSON_WITH_COMMENTS}),
)
