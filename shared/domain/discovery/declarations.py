"""What a manifest says about components: paths as written, and what stands in the manifest itself."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.domain.config_types.values import JSON
from shared.domain.discovery.places import Kind
from shared.domain.discovery.tree import join

FIELDS: Final[Mapping[str, Kind]] = {
    "skills": Kind.SKILLS,
    "commands": Kind.COMMANDS,
    "agents": Kind.AGENTS,
    "hooks": Kind.HOOKS,
    "mcpServers": Kind.MCPS,
    "lspServers": Kind.LSPS,
}
_NAMED: Final = frozenset({Kind.HOOKS, Kind.MCPS, Kind.LSPS})
"""Kinds whose objects are the components themselves, by name: an event, a server."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One component field: `paths` as written, `inline` what it holds by name, `texts` commands written out."""

    paths: Sequence[str] = ()
    inline: Mapping[str, JSON] = field(default_factory=dict)
    texts: Sequence[str] = ()


def declarations(manifest: Mapping[str, JSON]) -> dict[Kind, Declaration]:
    """By kind; a field that is there and declares nothing (`"agents": []`) is among them."""
    return {kind: _read(kind, manifest[name]) for name, kind in FIELDS.items() if name in manifest}


def _read(kind: Kind, value: JSON) -> Declaration:
    items = value if isinstance(value, list) else [value]
    paths = [item for item in items if isinstance(item, str)]
    objects = [item for item in items if isinstance(item, dict)]
    if kind in _NAMED:
        return Declaration(paths, {name: one for item in objects for name, one in unwrapped(item).items()})
    if kind is Kind.COMMANDS and objects:
        sources, texts = _commands(objects)
        return Declaration([*paths, *sources], texts=texts)
    return Declaration(paths)


def unwrapped(value: JSON) -> Mapping[str, JSON]:
    """Servers and hooks by name, also where the document wraps them, as files do."""
    if not isinstance(value, dict):
        return {}
    for wrapper in ("mcpServers", "hooks", "lspServers"):
        inner = value.get(wrapper)
        if isinstance(inner, dict):
            return inner
    return value


def _commands(objects: Sequence[Mapping[str, JSON]]) -> tuple[list[str], list[str]]:
    """The files that a map of commands names, and the names of those written out in it."""
    entries = [(name, entry) for item in objects for name, entry in item.items() if isinstance(entry, dict)]
    sources = [source for _, entry in entries if isinstance(source := entry.get("source"), str)]
    return sources, [name for name, entry in entries if isinstance(entry.get("content"), str)]


def resolved(root: str, written: str) -> str | None:
    """The path in the repository that a manifest's path means; None for one that leaves the plugin's folder."""
    path = posixpath.normpath(written.strip().removeprefix("${CLAUDE_PLUGIN_ROOT}/") or ".")
    if path == ".." or path.startswith(("../", "/")) or "\\" in path:
        return None
    return join(root, "" if path == "." else path)


def misshapen(kind: Kind, name: str, value: JSON) -> Iterator[str]:
    """What the official client refuses the whole manifest for in a component field."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            if not item.startswith("./"):
                yield f'{name}: "{item[:100]}" must start with "./"'
            if kind is Kind.AGENTS and not item.endswith(".md"):
                yield f'{name}: "{item[:100]}" must end with ".md"'
        elif not isinstance(item, dict) or kind in (Kind.SKILLS, Kind.AGENTS):
            yield f"{name}: is neither a path nor a list of paths"
        elif kind is Kind.MCPS and not all(map(_is_server, unwrapped(item).values())):
            yield f"{name}: holds what is no server"


def _is_server(value: JSON) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(name, ""), str) for name in ("command", "url"))
