"""What a module exports, in the ways that modules write it, each with the value it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.domain.config_types.tool_literals import NotLiteral, text_of
from shared.domain.config_types.tool_syntax import Module, children, declarators, entries, line_of

if TYPE_CHECKING:
    from tree_sitter import Node

DEFAULT = "default"
_OF_THE_DEFINITION = {"description", "args", "execute"}
_TYPES = {"interface_declaration", "type_alias_declaration", "ambient_declaration"}


@dataclass(frozen=True, slots=True)
class Export:
    """`name` as other modules see it; `value` is None for what another module holds, `source` its path then.

    A `name` of `*` stands for everything that `source` exports.
    """

    name: str
    line: int
    value: Node | None = None
    source: str | None = None


def exports(module: Module) -> list[Export]:
    """Every export that exists at run time, the last of each name, in the order they are written."""
    found: dict[str, Export] = {}
    for statement in children(module.root):
        if statement.type == "export_statement":
            found |= {one.name: one for one in _exported(statement)}
        elif statement.type == "expression_statement":
            found |= {one.name: one for one in _assigned(statement, module)}
    return list(found.values())


def _exported(statement: Node) -> Iterator[Export]:
    line = line_of(statement)
    source = statement.child_by_field_name("source")
    value = statement.child_by_field_name("value")
    declaration = statement.child_by_field_name("declaration")
    words = {child.type for child in statement.children}
    if "type" in words:
        return  # exists for the compiler alone
    if source is not None or "export_clause" in words:
        yield from _listed(statement, text_of(source).strip("'\"`") if source is not None else None)
    elif value is not None:
        yield Export(DEFAULT, line, value)
    elif declaration is not None and DEFAULT in words:
        yield Export(DEFAULT, line, declaration)
    elif declaration is not None:
        yield from _declared(declaration)
    elif "=" in words and children(statement):
        yield Export(DEFAULT, line, children(statement)[0])


def _listed(statement: Node, source: str | None) -> Iterator[Export]:
    """`export { a as b }`, with or without `from`, and `export * [as b] from`."""
    parts = children(statement)
    clause = next((part for part in parts if part.type in ("export_clause", "namespace_export")), None)
    if clause is None:
        yield Export("*", line_of(statement), source=source)
    elif clause.type == "namespace_export":
        yield Export(text_of(children(clause)[0]) if children(clause) else "*", line_of(clause), source=source)
    else:
        for one in children(clause):
            name = one.child_by_field_name("name")
            alias = one.child_by_field_name("alias") or name
            if name is not None and alias is not None and not text_of(one).startswith("type "):
                value = name if source is None else None
                yield Export(text_of(alias).strip("'\""), line_of(one), value, source)


def _declared(declaration: Node) -> Iterator[Export]:
    if declaration.type in _TYPES:
        return
    if declaration.type in ("lexical_declaration", "variable_declaration"):
        for name, value in declarators(declaration):
            yield Export(name, line_of(value), value)
    elif (name_node := declaration.child_by_field_name("name")) is not None:
        yield Export(text_of(name_node), line_of(declaration), declaration)


def _assigned(statement: Node, module: Module) -> Iterator[Export]:
    """CommonJS: `module.exports = …`, `module.exports.name = …`, `exports.name = …`."""
    for assignment in (part for part in children(statement) if part.type == "assignment_expression"):
        left, right = assignment.child_by_field_name("left"), assignment.child_by_field_name("right")
        if left is None or right is None or left.type != "member_expression":
            continue
        target, line = text_of(left), line_of(assignment)
        if target == "module.exports":
            yield from _all_of(right, module, line)
        elif target.startswith(("module.exports.", "exports.")):
            yield Export(target.rpartition(".")[2], line, right)


def _all_of(value: Node, module: Module, line: int) -> Iterator[Export]:
    """An object is the module's exports, unless it is itself what a tool is made of."""
    resolved = module.value(value)
    try:
        parts = list(entries(resolved)) if resolved.type == "object" else []
    except NotLiteral:
        parts = []
    if not parts or {name for name, _ in parts} & _OF_THE_DEFINITION:
        yield Export(DEFAULT, line, value)
    else:
        for name, part in parts:
            yield Export(name, line_of(part), part)
