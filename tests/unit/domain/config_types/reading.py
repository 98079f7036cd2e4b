"""Short ways to put a file in front of a config type."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.config_types.registry import config_type
from shared.domain.config_types.unit import ParsedUnit, Split, Unit
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile


@dataclass(frozen=True, slots=True)
class Entry:
    path: str
    mode: int = 0o100644


def tree(*paths: str) -> list[Entry]:
    return [Entry(path) for path in paths]


def parse(type_name: str, text: str | bytes, origin: str, *others: SourceFile, mode: str | None = None) -> ParsedUnit:
    """Parse one file as if found at `origin`; its path inside the unit is what its type would give it."""
    declaration = config_type(type_name)
    [unit] = declaration.units_from([origin], tree(origin)).units
    data = text.encode() if isinstance(text, str) else text
    return declaration.parse_unit(unit, [SourceFile(unit.entry_path, data), *others], mode)


def split(text: str, path: str = ".mcp.json") -> Split:
    [unit] = config_type("mcp").units_from([path], tree(path)).units
    return config_type("mcp").split(unit, [SourceFile(unit.entry_path, text.encode())])


def servers(text: str, path: str = ".mcp.json") -> list[tuple[Unit, ParsedUnit]]:
    mcp = config_type("mcp")
    return [(unit, mcp.parse_unit(unit, files)) for unit, files in split(text, path).units]


def only_server(server: Mapping[str, object]) -> ParsedUnit:
    """The server `db`, parsed."""
    [(_, parsed)] = servers(json.dumps({"mcpServers": {"db": server}}))
    return parsed


def delivered_server(server: Mapping[str, object]) -> dict[str, object]:
    """The server `db` as clients are given it."""
    [(_, files)] = split(json.dumps({"mcpServers": {"db": server}})).units
    [file] = config_type("mcp").mask(files)
    delivered: dict[str, object] = json.loads(file.data)["mcpServers"]["db"]
    return delivered


def codes(parsed: ParsedUnit) -> set[str]:
    return {note.code for note in parsed.diagnostics}


def field(value: JSON, *path: str) -> JSON:
    for key in path:
        assert isinstance(value, dict)
        value = value[key]
    return value
