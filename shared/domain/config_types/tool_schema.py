"""The arguments of a tool as JSON Schema, as far as its zod expressions are written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from shared.domain.config_types.tool_literals import NotLiteral, text_of
from shared.domain.config_types.tool_syntax import Module, children, entries, unwrapped
from shared.domain.config_types.values import JSON

if TYPE_CHECKING:
    from tree_sitter import Node

Schema = dict[str, JSON]
_PLUGIN_MODULE = "@opencode-ai/plugin"
_MAX_DEPTH = 16
_MAX_PARTS = 1_000
_MAX_LINKS = 64
_TYPES: Final[Mapping[str, Schema]] = {
    "string": {"type": "string"}, "number": {"type": "number"}, "float32": {"type": "number"},
    "float64": {"type": "number"}, "int": {"type": "integer"}, "int32": {"type": "integer"},
    "bigint": {"type": "integer"}, "boolean": {"type": "boolean"}, "null": {"type": "null"},
    "any": {}, "unknown": {}, "never": {"not": {}},
    **{name: {"type": "string", "format": format_} for name, format_ in (
        ("email", "email"), ("url", "uri"), ("uuid", "uuid"), ("guid", "uuid"), ("ipv4", "ipv4"), ("ipv6", "ipv6"),
    )},
}  # fmt: skip
_FORMATS = {"email": "email", "url": "uri", "uuid": "uuid", "datetime": "date-time", "date": "date", "time": "time"}
_SIGNS: Final[Mapping[str, Schema]] = {
    "positive": {"exclusiveMinimum": 0}, "negative": {"exclusiveMaximum": 0},
    "nonnegative": {"minimum": 0}, "nonpositive": {"maximum": 0}, "int": {"type": "integer"},
    "safe": {"type": "integer"},
}  # fmt: skip
_BOUNDS = {"gt": "exclusiveMinimum", "gte": "minimum", "lt": "exclusiveMaximum", "lte": "maximum"}
_SIZES = {"string": "Length", "array": "Items"}
_WITHOUT_EFFECT = {
    "trim", "toLowerCase", "toUpperCase", "normalize", "finite", "passthrough", "loose", "strip", "brand", "readonly",
}  # fmt: skip


@dataclass(slots=True)
class Shape:
    """A JSON Schema on its way through a chain of calls; `optional` where the argument may be left out."""

    schema: Schema
    optional: bool = False


@dataclass(slots=True)
class SchemaReader:
    """Reads one module's expressions; `reasons` collects what was not written out."""

    module: Module
    reasons: list[str] = field(default_factory=list)
    parts: int = 0

    def arguments(self, node: Node) -> Schema | None:
        """The schema of a tool's `args`; None when not even their names are written out."""
        value = self.module.value(node)
        if value.type == "object":
            return self._object(value, 0)
        if value.type == "call_expression":
            schema = self._shape(value, 0).schema
            return schema if schema.get("type") == "object" else None
        return None

    def _object(self, node: Node, depth: int) -> Schema:
        properties: Schema = {}
        required: list[JSON] = []
        try:
            for name, value in entries(node):
                shape = self._shape(value, depth + 1)
                properties[name] = shape.schema
                if not shape.optional:
                    required.append(name)
        except NotLiteral:
            self.reasons.append("some of its arguments are spread or computed")
        return {"type": "object", "properties": properties, **({"required": required} if required else {})}

    def _shape(self, node: Node, depth: int) -> Shape:
        node = self.module.value(node)
        self.parts += 1
        if depth > _MAX_DEPTH or self.parts > _MAX_PARTS:
            self.reasons.append("its arguments are nested or repeated too much")
            return Shape({})
        links = self._chain(node)
        if not links:
            return self._unread(node)
        (kind, given), *rest = links
        shape = self._base(kind, given, node, depth)
        for name, arguments in rest:
            self._apply(shape, name, arguments, depth)
        return shape

    def _unread(self, node: Node) -> Shape:
        reason = f"{' '.join(text_of(node)[:60].split())} is not read"
        self.reasons.append(reason)
        return Shape({"$comment": reason})

    def _chain(self, node: Node) -> list[tuple[str, Sequence[Node]]]:
        """`z.string().min(1)` as calls in the order they are made; empty for what does not start from zod."""
        links: list[tuple[str, Sequence[Node]]] = []
        for _ in range(_MAX_LINKS):
            node = self.module.value(node)
            function = node.child_by_field_name("function") if node.type == "call_expression" else None
            inner = unwrapped(function) if function is not None else None
            owner = inner.child_by_field_name("object") if inner is not None else None
            name = inner.child_by_field_name("property") if inner is not None else None
            arguments = node.child_by_field_name("arguments")
            if owner is None or name is None or arguments is None:
                return []
            links.append((text_of(name), children(arguments)))
            if self._is_zod(owner):
                return links[::-1]
            node = owner
        return []

    def _is_zod(self, node: Node) -> bool:
        """zod itself (`z`, `z.coerce`), or the copy of it that the plugin brings (`tool.schema`)."""
        for _ in range(3):
            node = self.module.value(node)
            if (known := self.module.imported(node)) is not None:
                return known.module.partition("/")[0] == "zod" or known.module == _PLUGIN_MODULE
            owner, name = node.child_by_field_name("object"), node.child_by_field_name("property")
            if node.type == "identifier":
                return text_of(node) in ("z", "tool")
            if owner is None or name is None or text_of(name) not in ("schema", "coerce", "z"):
                return False
            node = owner
        return False

    def _base(self, kind: str, given: Sequence[Node], node: Node, depth: int) -> Shape:
        if kind in _TYPES:
            return Shape(dict(_TYPES[kind]))
        try:
            return self._composed(kind, given, depth)
        except (NotLiteral, IndexError):
            return self._unread(node)

    def _composed(self, kind: str, given: Sequence[Node], depth: int) -> Shape:
        if kind in ("object", "strictObject", "looseObject"):
            value = self.module.value(given[0])
            if value.type != "object":
                raise NotLiteral
            schema = self._object(value, depth)
            return Shape(schema | ({"additionalProperties": False} if kind == "strictObject" else {}))
        if kind == "array":
            return Shape({"type": "array", "items": self._shape(given[0], depth + 1).schema})
        if kind == "record":
            return Shape({"type": "object", "additionalProperties": self._shape(given[-1], depth + 1).schema})
        if kind == "enum":
            values = self.module.literal(given[0])
            return Shape(_enum(list(values.values()) if isinstance(values, dict) else values))
        if kind == "literal":
            value_ = self.module.literal(given[0])
            return Shape(_enum(value_) if isinstance(value_, list) else {"const": value_})
        if kind in ("optional", "nullable", "nullish"):
            shape = self._shape(given[0], depth + 1)
            self._apply(shape, kind, (), depth)
            return shape
        if kind in ("union", "discriminatedUnion", "tuple"):
            return Shape({"prefixItems" if kind == "tuple" else "anyOf": self._each(given[-1], depth)})
        raise NotLiteral

    def _each(self, node: Node, depth: int) -> JSON:
        options = self.module.value(node)
        if options.type != "array":
            raise NotLiteral
        return [self._shape(option, depth + 1).schema for option in children(options)]

    def _apply(self, shape: Shape, name: str, given: Sequence[Node], depth: int) -> None:
        """One call of a chain; what only running it would tell leaves the schema wider, with a reason."""
        try:
            if name in ("optional", "nullish", "default", "prefault"):
                shape.optional = True
            if name in ("nullable", "nullish"):
                shape.schema = {"anyOf": [shape.schema, {"type": "null"}]}
            elif name not in _WITHOUT_EFFECT and name != "optional":
                shape.schema |= self._constraint(shape.schema, name, given, depth)
        except (NotLiteral, IndexError):
            self.reasons.append(f".{name[:40]}() is not read")

    def _constraint(self, schema: Schema, name: str, given: Sequence[Node], depth: int) -> Schema:
        if name in _SIGNS:
            return dict(_SIGNS[name])
        if name in _FORMATS:
            return {"format": _FORMATS[name]}
        if name == "strict":
            return {"additionalProperties": False}
        if name == "array":
            kept = dict(schema)
            schema.clear()
            return {"type": "array", "items": kept}
        if name == "nonempty":
            return _size(schema, "min", 1)
        if name == "or":
            kept = dict(schema)
            schema.clear()
            return {"anyOf": [kept, self._shape(given[0], depth + 1).schema]}
        value = self.module.literal(given[0])
        if name == "describe":
            return {"description": self.module.text(given[0])}
        if name in ("default", "prefault"):
            return {"default": value}
        if name == "meta" and isinstance(value, dict):
            return {key: value[key] for key in ("title", "description") if isinstance(value.get(key), str)}
        return _bound(schema, name, value)


def _bound(schema: Schema, name: str, value: JSON) -> Schema:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotLiteral
    if name in ("min", "max"):
        return _size(schema, name, value)
    if name == "length":
        return _size(schema, "min", value) | _size(schema, "max", value)
    if name in _BOUNDS:
        return {_BOUNDS[name]: value}
    if name in ("multipleOf", "step"):
        return {"multipleOf": value}
    raise NotLiteral


def _size(schema: Schema, side: str, value: JSON) -> Schema:
    return {side + _SIZES.get(str(schema.get("type")), "imum"): value}


def _enum(values: JSON) -> Schema:
    if not isinstance(values, list):
        raise NotLiteral
    texts = all(isinstance(value, str) for value in values)
    return {**({"type": "string"} if texts else {}), "enum": values}
