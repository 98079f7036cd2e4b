"""Which files and folders a plugin.json points to, by the type of what they hold."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from shared.domain.config_types.json_document import load_document
from shared.domain.config_types.layout import is_safe_path
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile

_FIELDS: Final = MappingProxyType(
    {"skills": "skill", "agents": "agent", "commands": "command", "hooks": "hook", "mcpServers": "mcp"}
)


def referenced_paths(plugin_json: bytes) -> Mapping[str, tuple[str, ...]]:
    """Paths below the plugin's root, by type; what would leave the root, or is not JSON, is not named."""
    value = load_document(SourceFile("plugin.json", plugin_json), "plugin.json").value
    fields = value if isinstance(value, dict) else {}
    found = {type_name: paths_in(fields.get(field)) for field, type_name in _FIELDS.items()}
    return {type_name: paths for type_name, paths in found.items() if paths}


def paths_in(value: JSON) -> tuple[str, ...]:
    """The paths of a component field: one, a list, or a map of objects with a `source`; inline objects have none."""
    return tuple(dict.fromkeys(path for path in map(_path, _written(value)) if is_safe_path(path)))


def _written(value: JSON) -> Iterator[str]:
    items = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict) and value is item:
            sources = (entry.get("source") for entry in item.values() if isinstance(entry, dict))
            yield from (source for source in sources if isinstance(source, str))


def _path(written: str) -> str:
    return written.strip().removeprefix("${CLAUDE_PLUGIN_ROOT}/").removeprefix("./").rstrip("/")
