"""A JavaScript or TypeScript module as a syntax tree: its top-level names and the values that are written out.

Nothing of a module is ever run. The parser is bounded in what it reads, for some texts cost it the square of their
length: 32 KiB of the worst one known take a second. Block comments cost most, where statements are expected to end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from shared.domain.config_types.tool_literals import NotLiteral, key_of, number, string, text_of
from shared.domain.config_types.values import JSON

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Point

MAX_SOURCE_BYTES: Final = 32 * 1024
_CHUNK = 4_096
_MAX_READS = 200
_MAX_COMMENTS = 400
_MAX_HOPS = 16
_WRAPPERS = {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"}
_CONSTANTS: dict[str, JSON] = {"true": True, "false": False, "null": None}


class TooMuch(Exception):
    """The parser gave up on a text that costs it too much."""


@dataclass(frozen=True, slots=True)
class Import:
    """What a local name stands for: `name` of `module`; `*` is all of it."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Module:
    """A parsed module; `constants` and `imports` are its top-level names. `error_line` counts from 1."""

    root: Node
    constants: Mapping[str, Node] = field(default_factory=dict)
    imports: Mapping[str, Import] = field(default_factory=dict)
    error_line: int | None = None

    def value(self, node: Node) -> Node:
        """`node` without casts and parentheses, followed through the names of constants."""
        for _ in range(_MAX_HOPS):
            node = unwrapped(node)
            if node.type not in ("identifier", "shorthand_property_identifier"):
                return node
            if (named := self.constants.get(text_of(node))) is None:
                return node
            node = named
        return node

    def imported(self, node: Node) -> Import | None:
        return self.imports.get(text_of(node)) if node.type == "identifier" else None

    def literal(self, node: Node, depth: int = 0) -> JSON:
        """The JSON value that is written out at `node`. Raises NotLiteral."""
        node = self.value(node)
        if depth > _MAX_HOPS:
            raise NotLiteral
        if node.type in ("string", "template_string"):
            return string(node)
        if node.type == "number":
            return number(text_of(node))
        if node.type in _CONSTANTS:
            return _CONSTANTS[node.type]
        if node.type == "unary_expression":
            return self._negated(node, depth)
        if node.type == "binary_expression":
            return "".join(self._operands(node))
        if node.type == "array":
            return [self.literal(item, depth + 1) for item in children(node)]
        if node.type == "object":
            return {key: self.literal(value, depth + 1) for key, value in entries(node)}
        raise NotLiteral

    def text(self, node: Node) -> str:
        """The string that is written out at `node`. Raises NotLiteral."""
        value = self.literal(node)
        if not isinstance(value, str):
            raise NotLiteral
        return value

    def _negated(self, node: Node, depth: int) -> JSON:
        operand = node.child_by_field_name("argument")
        value = self.literal(operand, depth + 1) if operand is not None else None
        if not text_of(node).startswith("-") or isinstance(value, bool) or not isinstance(value, int | float):
            raise NotLiteral
        return -value

    def _operands(self, node: Node) -> Iterator[str]:
        """The strings that `+` joins, left to right, without recursion into a long chain."""
        parts: list[Node] = []
        left: Node | None = node
        while left is not None and left.type == "binary_expression":
            operator, right = left.child_by_field_name("operator"), left.child_by_field_name("right")
            if operator is None or operator.type != "+" or right is None:
                raise NotLiteral
            parts.append(right)
            left = left.child_by_field_name("left")
        for part in (*([left] if left is not None else []), *reversed(parts)):
            if unwrapped(part).type == "binary_expression":
                raise NotLiteral
            yield self.text(part)


def parse(source: str, language: Language) -> Module:
    """Raises TooMuch for a source that is too large, or too costly to parse."""
    import tree_sitter

    data = source.encode("utf-8", "replace")
    if len(data) > MAX_SOURCE_BYTES or data.count(b"/*") > _MAX_COMMENTS:
        raise TooMuch
    reads = 0

    def read(offset: int, _point: Point) -> bytes:
        nonlocal reads
        reads += 1
        return data[offset : offset + _CHUNK] if reads <= _MAX_READS else b""

    root = tree_sitter.Parser(language).parse(read).root_node
    if reads > _MAX_READS:
        raise TooMuch
    constants: dict[str, Node] = {}
    imports: dict[str, Import] = {}
    for statement in children(root):
        constants.update(_declared(statement))
        imports.update(_imported(statement))
    return Module(root, constants, imports, _error_line(root))


def children(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"]


def line_of(node: Node) -> int:
    return int(node.start_point[0]) + 1


def unwrapped(node: Node) -> Node:
    for _ in range(_MAX_HOPS):
        inner = children(node) if node.type in _WRAPPERS else []
        if not inner:
            return node
        node = inner[0]
    return node


def entries(node: Node) -> Iterator[tuple[str, Node]]:
    """The keys and values of an object. Raises NotLiteral where a key is computed or another object is spread."""
    for item in children(node):
        key, value = item.child_by_field_name("key"), item.child_by_field_name("value")
        if item.type == "pair" and key is not None and value is not None:
            yield key_of(key), value
        elif item.type == "shorthand_property_identifier":
            yield text_of(item), item
        elif item.type == "method_definition" and (name := item.child_by_field_name("name")) is not None:
            yield key_of(name), item
        else:
            raise NotLiteral


def declarators(statement: Node) -> Iterator[tuple[str, Node]]:
    """`const a = …, b = …` as names and values; what has no value, or takes one apart, is left out."""
    for item in children(statement):
        name, value = item.child_by_field_name("name"), item.child_by_field_name("value")
        if item.type == "variable_declarator" and name is not None and value is not None and name.type == "identifier":
            yield text_of(name), value


def _declared(statement: Node) -> Iterator[tuple[str, Node]]:
    inner = statement.child_by_field_name("declaration") if statement.type == "export_statement" else statement
    if inner is not None and inner.type in ("lexical_declaration", "variable_declaration"):
        yield from declarators(inner)


def _imported(statement: Node) -> Iterator[tuple[str, Import]]:
    source = statement.child_by_field_name("source")
    if statement.type != "import_statement" or source is None:
        return
    module = text_of(source).strip("'\"`")
    for clause in (child for child in children(statement) if child.type == "import_clause"):
        for part in children(clause):
            if part.type == "identifier":
                yield text_of(part), Import(module, "default")
            elif part.type == "namespace_import" and children(part):
                yield text_of(children(part)[0]), Import(module, "*")
            elif part.type == "named_imports":
                for one in children(part):
                    name = one.child_by_field_name("name")
                    alias = one.child_by_field_name("alias") or name
                    if name is not None and alias is not None:
                        yield text_of(alias), Import(module, text_of(name))


def _error_line(root: Node) -> int | None:
    """The line of the first error, found by following the children that hold one."""
    node = root
    while node.has_error and (node is root or not (node.is_error or node.is_missing)):
        inner = next((child for child in node.children if child.has_error or child.is_missing), None)
        if inner is None:
            break
        node = inner
    return line_of(node) if root.has_error else None
