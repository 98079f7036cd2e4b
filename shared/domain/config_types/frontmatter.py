"""Splits a markdown file into frontmatter and body, as leniently as the clients that will load it."""

import re
from dataclasses import dataclass, field

from shared.domain.config_types import yaml_guard
from shared.domain.config_types.codes import Code
from shared.domain.config_types.text import decode
from shared.domain.config_types.values import JSON
from shared.domain.diagnostics import Diagnostic

_FENCE = "---"
_KEY_LINE = re.compile(r"([A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+(.*)|)$")
_TELLING_KEY = re.compile(r"(?:name|description)[ \t]*:")
_LINES_BEFORE_FENCE = 20
_BLOCK_SCALARS = {"|", ">", "|-", ">-", "|+", ">+"}


@dataclass(frozen=True, slots=True)
class Frontmatter:
    """`values` as written (scalars are strings), `body` the text after the closing fence."""

    values: dict[str, JSON] = field(default_factory=dict)
    body: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


def read(data: bytes, path: str) -> Frontmatter:
    """Read a file's frontmatter; never raises: what is wrong with it is in the diagnostics."""
    text = decode(data, path)
    lines = text.text.split("\n")
    start, end = _fences(lines)
    notes = [*text.diagnostics, *_notes_on_fences(lines, start, end, path)]
    if start is None or end is None:
        return Frontmatter({}, text.text, tuple(notes))
    values, found = _values(lines[start + 1 : end], path, first_line=start + 2)
    return Frontmatter(values, "\n".join(lines[end + 1 :]), (*notes, *found))


def _fences(lines: list[str]) -> tuple[int | None, int | None]:
    start = 0 if lines[0].rstrip() == _FENCE else _late_fence(lines)
    return (None, None) if start is None else (start, _closing(lines, start))


def _closing(lines: list[str], start: int) -> int | None:
    return next((at for at in range(start + 1, len(lines)) if lines[at].rstrip() == _FENCE), None)


def _late_fence(lines: list[str]) -> int | None:
    """A rule in prose looks like a fence: below other text only one around a name or description counts."""
    for at in range(1, min(len(lines) - 1, _LINES_BEFORE_FENCE)):
        if lines[at].rstrip() == _FENCE and _KEY_LINE.match(lines[at + 1]):
            end = _closing(lines, at)
            telling = end and any(_TELLING_KEY.match(line) for line in lines[at + 1 : end])
            return at if telling else None
    return None


def _notes_on_fences(lines: list[str], start: int | None, end: int | None, path: str) -> list[Diagnostic]:
    if not any(line.strip() for line in lines):
        return [Code.EMPTY_FILE.at(path)]
    if start is None:
        return [Code.NO_FRONTMATTER.at(path)]
    if end is None:
        return [Code.FRONTMATTER_UNCLOSED.at(path, line=start + 1)]
    return [Code.TEXT_BEFORE_FRONTMATTER.at(path, line=1)] if start else []


def _values(lines: list[str], path: str, first_line: int) -> tuple[dict[str, JSON], list[Diagnostic]]:
    try:
        loaded = yaml_guard.load("\n".join(lines))
    except yaml_guard.YamlRefused as refused:
        return {}, [refused.code.at(path, line=first_line + (refused.line or 1) - 1)]
    except yaml_guard.NotYaml as error:
        return _read_by_line(lines, path, first_line, error)
    if not isinstance(loaded.value, dict):
        return {}, [Code.FRONTMATTER_NOT_A_MAP.at(path, line=first_line)]
    repeated = [Code.DUPLICATE_KEY.at(path, key, first_line + line - 1) for key, line in loaded.duplicates]
    return loaded.value, repeated


def _read_by_line(
    lines: list[str], path: str, first_line: int, error: yaml_guard.NotYaml
) -> tuple[dict[str, JSON], list[Diagnostic]]:
    line = first_line + (error.line or 1) - 1
    values, repeated = _key_values(lines)
    if not values:
        return {}, [Code.FRONTMATTER_UNREADABLE.at(path, error.problem, line)]
    notes = [Code.FRONTMATTER_NOT_YAML.at(path, error.problem, line)]
    return values, notes + [Code.DUPLICATE_KEY.at(path, key, first_line + at) for key, at in repeated]


def _key_values(lines: list[str]) -> tuple[dict[str, JSON], list[tuple[str, int]]]:
    """Top-level `key: value` lines with what is indented below them, as the clients' own fallback reads."""
    found: dict[str, list[str]] = {}
    repeated: list[tuple[str, int]] = []
    key = ""
    for at, line in enumerate(lines):
        if match := _KEY_LINE.match(line):
            key = match[1]
            if key in found:
                repeated.append((key, at))
            found[key] = [(match[2] or "").strip()]
        elif key and line.strip() and not line.startswith("#"):
            found[key].append(line.strip())
    return {key: _joined(parts) for key, parts in found.items()}, repeated


def _joined(parts: list[str]) -> JSON:
    head, *rest = parts
    if rest and head in _BLOCK_SCALARS:
        return ("\n" if head.startswith("|") else " ").join(rest)
    if rest and not head and all(part.startswith("- ") for part in rest):
        return [_unquoted(part[2:].strip()) for part in rest]
    return _unquoted(" ".join(part for part in parts if part)) or None


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
