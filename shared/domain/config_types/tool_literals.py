"""The strings, numbers and keys of a JavaScript module that are written out, as the values they stand for."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]{1,13}|(?:\d{1,15})?(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?")


class NotLiteral(Exception):
    """A value is computed, so that only running the module would tell it."""


def text_of(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def key_of(node: Node) -> str:
    """The name of a property. Raises NotLiteral for a computed one."""
    if node.type == "property_identifier":
        return text_of(node)
    if node.type == "string":
        return string(node)
    if node.type == "number":
        return text_of(node)
    raise NotLiteral


def string(node: Node) -> str:
    """The text of a string or a template. Raises NotLiteral where something is filled in."""
    parts = []
    for part in node.named_children:
        if part.type == "string_fragment":
            parts.append(text_of(part))
        elif part.type == "escape_sequence":
            parts.append(_unescaped(text_of(part)[1:]))
        else:
            raise NotLiteral
    # Escapes may spell half a surrogate pair, which no encoding can write.
    return "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(escape: str) -> str:
    if escape in _ESCAPES:
        return _ESCAPES[escape]
    digits = escape[1:].strip("{}")
    if escape[:1] in ("x", "u") and digits:
        try:
            return chr(int(digits, 16))
        except (ValueError, OverflowError):
            return "\ufffd"
    return escape


def number(digits: str) -> int | float:
    """Raises NotLiteral for what JSON cannot hold."""
    plain = digits.replace("_", "")
    if not plain or not _NUMBER.fullmatch(plain):
        raise NotLiteral
    if plain.lower().startswith("0x"):
        return int(plain, 16)
    value = int(plain) if plain.isdigit() else float(plain)
    if not math.isfinite(value):
        raise NotLiteral
    return value
