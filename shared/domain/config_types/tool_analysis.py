"""Which tools a module gives an agent, told from its text alone: a tool's code is never run.

OpenCode imports every module of its tools' folder and takes each export for a tool: `default` is called as the
file is, any other `file_export`. What it would learn by running the module is read from the syntax tree as far as
it is written out; `reasons` say what is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shared.domain.config_types.codes import Code
from shared.domain.config_types.secrets import mask_values
from shared.domain.config_types.tool_exports import DEFAULT, Export, exports
from shared.domain.config_types.tool_literals import NotLiteral, text_of
from shared.domain.config_types.tool_schema import SchemaReader
from shared.domain.config_types.tool_syntax import Module, TooMuch, children, entries, parse
from shared.domain.config_types.values import JSON, one_line
from shared.domain.diagnostics import Diagnostic

if TYPE_CHECKING:
    from tree_sitter import Language, Node

COMPLETE: Final = "complete"
PARTIAL: Final = "partial"
FAILED: Final = "failed"

_JAVASCRIPT = (".js", ".mjs", ".cjs", ".jsx")
_MAX_TOOLS = 100
# What model providers take as a function's name.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NO_ARGUMENTS: Final[dict[str, JSON]] = {"type": "object", "properties": {}}
_PLAINLY_NO_TOOL = {
    "function_declaration", "generator_function_declaration", "class_declaration", "abstract_class_declaration",
    "function_expression", "arrow_function", "class", "enum_declaration", "string", "number", "template_string",
    "array", "true", "false", "null", "regex",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tool:
    """`args` is a JSON Schema; None where not even the arguments' names are written out."""

    name: str
    export: str
    description: str | None
    args: JSON
    reasons: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.reasons

    def to_json(self) -> dict[str, JSON]:
        return {
            "name": self.name,
            "description": self.description,
            "args": self.args,
            "complete": self.complete,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class ToolAnalysis:
    """`language` is typescript or javascript, `status` complete, partial or failed (no tool was made out)."""

    language: str
    status: str
    tools: tuple[Tool, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def analyze(source: str, path: str) -> ToolAnalysis:
    """The tools of a module; `path` names the file that holds it, and diagnostics carry it. Never raises."""
    language = "javascript" if path.lower().endswith(_JAVASCRIPT) else "typescript"
    try:
        module = parse(source, _grammar(path.lower()))
    except TooMuch:
        return ToolAnalysis(language, FAILED, (), (Code.TOOL_NOT_ANALYZED.at(path),))
    found, notes = _tools(module, path)
    if not found and module.error_line is not None:
        return ToolAnalysis(language, FAILED, (), (Code.TOOL_UNREADABLE.at(path, line=module.error_line),))
    if module.error_line is not None:
        notes.append(Code.TOOL_SYNTAX.at(path, line=module.error_line))
    if not found:
        notes.append(Code.TOOL_MISSING.at(path))
    return ToolAnalysis(language, _status(found, notes), tuple(found), tuple(notes))


def _grammar(path: str) -> Language:
    # Only who analyzes a tool pays for the parser and its grammars.
    import tree_sitter

    if path.endswith(_JAVASCRIPT):
        import tree_sitter_javascript

        return tree_sitter.Language(tree_sitter_javascript.language())
    import tree_sitter_typescript

    of_tsx = path.endswith(".tsx")
    return tree_sitter.Language(
        tree_sitter_typescript.language_tsx() if of_tsx else tree_sitter_typescript.language_typescript()
    )


def _status(tools: Sequence[Tool], notes: Sequence[Diagnostic]) -> str:
    if not tools:
        return FAILED
    return COMPLETE if not notes and all(tool.complete for tool in tools) else PARTIAL


def _tools(module: Module, path: str) -> tuple[list[Tool], list[Diagnostic]]:
    tools: list[Tool] = []
    notes: list[Diagnostic] = []
    stem = path.rpartition("/")[2].rpartition(".")[0]
    for export in exports(module)[:_MAX_TOOLS]:
        tool = _tool(export, stem, module)
        if export.name == "*":
            notes.append(Code.TOOL_REEXPORTS.at(path, one_line(export.source or "", 80), export.line))
        elif tool is None:
            notes.append(Code.TOOL_EXPORT.at(path, one_line(export.name, 80), export.line))
        else:
            tools.append(tool)
            if not tool.complete:
                why = one_line(f"{tool.name}: {tool.reasons[0]}", 200)
                notes.append(Code.TOOL_PARTIAL.at(path, why, export.line))
            if not _NAME.fullmatch(tool.name):
                notes.append(Code.TOOL_NAME.at(path, one_line(tool.name, 80), export.line))
    return tools, notes


def _tool(export: Export, stem: str, module: Module) -> Tool | None:
    """The tool that an export is; None for what evidently is none."""
    name = stem if export.name == DEFAULT else f"{stem}_{export.name}"
    if export.value is None:
        return Tool(name, export.name, None, None, (f"it is defined in {one_line(export.source or '', 80)}",))
    value = module.value(export.value)
    if (known := module.imported(value)) is not None:
        return Tool(name, export.name, None, None, (f"it is defined in {one_line(known.module, 80)}",))
    reasons: list[str] = []
    definition = _definition(value, module, reasons)
    if definition is None:
        return None if value.type in (*_PLAINLY_NO_TOOL, "object") else _opaque(name, export, value)
    return _read(name, export, definition, module, reasons)


def _opaque(name: str, export: Export, value: Node) -> Tool:
    shown = one_line(text_of(value)[:240], 60)
    return Tool(name, export.name, None, None, (f"it is computed: {shown}",))


def _definition(value: Node, module: Module, reasons: list[str]) -> dict[str, Node] | None:
    """The parts of `tool({…})`, or of a plain object that has some of them."""
    called_as_tool = value.type == "call_expression"
    if called_as_tool:
        arguments, function = value.child_by_field_name("arguments"), value.child_by_field_name("function")
        given = children(arguments) if arguments is not None else []
        if not given or function is None:
            return None
        called = text_of(function)[:60]
        known = module.imported(function)
        if (known.name if known else called) != "tool":
            reasons.append(f"{one_line(called, 40)}() is read as if it were tool()")
        value = module.value(given[0])
    if value.type != "object":
        return None
    parts = {}
    try:
        for key, part in entries(value):
            parts[key] = part
    except NotLiteral:
        reasons.append("parts of its definition are spread or computed")
    return parts if parts.keys() & {"description", "args", "execute"} or called_as_tool else None


def _read(name: str, export: Export, parts: dict[str, Node], module: Module, reasons: list[str]) -> Tool:
    description = None
    if "description" not in parts:
        reasons.append("it has no description")
    else:
        try:
            description = module.text(parts["description"])
        except NotLiteral:
            reasons.append("its description is computed")
    args: JSON = dict(_NO_ARGUMENTS)
    if "args" in parts:
        reader = SchemaReader(module)
        args = reader.arguments(parts["args"])
        reasons += reader.reasons if args is not None else ["its arguments are computed"]
    if "execute" not in parts:
        reasons.append("it has no execute")
    kept = tuple(dict.fromkeys(one_line(reason, 200) for reason in reasons))[:20]
    masked = mask_values(description)
    return Tool(name, export.name, masked if isinstance(masked, str) else None, mask_values(args), kept)
