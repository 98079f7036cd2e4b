"""Tool: a module that gives OpenCode's agents tools, one for each of its exports."""

from collections.abc import Sequence

from shared.domain.config_types.base import ConfigType, targets
from shared.domain.config_types.codes import Code
from shared.domain.config_types.layout import find_files
from shared.domain.config_types.text import decode
from shared.domain.config_types.tool_analysis import analyze
from shared.domain.config_types.unit import Found, PathEntry, Reading, Source

_LOADED = (".ts", ".js")
_EXTENSIONS = (*_LOADED, ".mts", ".mjs", ".cts", ".cjs", ".tsx", ".jsx")


def _find(type_name: str, selected: Sequence[str], tree: Sequence[PathEntry]) -> Found:
    return find_files(type_name, selected, tree, endings=_EXTENSIONS)


def _read(source: Source) -> Reading:
    text = decode(source.entry.data, source.origin)
    notes = list(text.diagnostics)
    found = analyze(text.text, source.origin)
    empty = not text.text.strip()
    notes += [Code.EMPTY_FILE.at(source.origin)] if empty else found.diagnostics
    notes.append(Code.TOOL_FOR_OPENCODE.at(source.origin))
    if not source.origin.lower().endswith(_LOADED):
        notes.append(Code.TOOL_EXTENSION.at(source.origin))
    first = found.tools[0] if found.tools else None
    return Reading(
        name=source.stem,
        title=first.name if first else source.stem,
        description=next((tool.description for tool in found.tools if tool.description), None),
        projection={"language": found.language, "analysisStatus": found.status},
        payload={
            "name": source.stem,
            "language": found.language,
            "analysisStatus": found.status,
            "tools": [tool.to_json() for tool in found.tools],
        },
        search_extras=tuple(tool.name for tool in found.tools),
        diagnostics=tuple(notes),
    )


TOOL = ConfigType(
    name="tool",
    default_locations=(
        ".opencode/tools/*.ts",
        ".opencode/tools/*.js",
        ".opencode/tool/*.ts",
        ".opencode/tool/*.js",
    ),
    filters=("language", "analysisStatus"),
    targets=targets(opencode=".opencode/tools/{name}{extension}"),
    finder=_find,
    reader=_read,
)
