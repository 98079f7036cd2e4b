"""Where the plugins of a tree begin: their own manifests, and what a marketplace lists."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types import json_guard
from shared.domain.config_types.references import referenced_paths
from shared.domain.config_types.values import JSON
from shared.domain.content import SourceFile
from shared.domain.errors import TooLarge

_FOLDER: Final = ".claude-plugin"
_PLUGIN: Final = f"{_FOLDER}/plugin.json"
_MARKETPLACE: Final = f"{_FOLDER}/marketplace.json"
_LARGEST: Final = 128 * 1024
"""Bytes of a manifest that is read."""
MAX_ROOTS: Final = 200


@dataclass(frozen=True, slots=True)
class PluginRoot:
    """`path` of the folder ("" for the tree's root); `manifests` are what is said about the plugin, most of all
    where its components lie: its plugin.json, and its entry in a marketplace.
    """

    path: str
    manifests: tuple[bytes, ...] = ()
    declared: bool = False

    def references(self, type_name: str) -> Iterator[str]:
        """The files and folders of the tree that the manifests name for a type."""
        for manifest in self.manifests:
            yield from (f"{self.path}/{path}".lstrip("/") for path in referenced_paths(manifest).get(type_name, ()))

    def within(self, path: str) -> str | None:
        """`path` of the tree as the plugin sees it; None for one outside."""
        if not self.path:
            return path
        return path.removeprefix(f"{self.path}/") if path.startswith(f"{self.path}/") else None


def plugin_roots(files: Mapping[str, SourceFile]) -> tuple[PluginRoot, ...]:
    """The tree's own root, each folder with a plugin.json, and each folder that the tree's marketplace names.

    Raises: TooLarge.
    """
    manifests: dict[str, list[bytes]] = {"": []}
    declared = set()
    if _MARKETPLACE in files:
        for root, entry in _listed(_object(files[_MARKETPLACE])):
            manifests.setdefault(root, []).append(json_guard.render(entry))
    for path in sorted(files):
        if path == _PLUGIN or path.endswith(f"/{_PLUGIN}"):
            root = path[: -len(_PLUGIN)].rstrip("/")
            declared.add(root)
            manifests.setdefault(root, []).append(files[path].data[:_LARGEST])
    if len(manifests) > MAX_ROOTS:
        raise TooLarge(f"The archive holds more than {MAX_ROOTS} plugins; import it in parts.")
    return tuple(PluginRoot(path, tuple(said), path in declared) for path, said in manifests.items())


def is_manifest(path: str) -> bool:
    """What describes plugins and marketplaces has been read when their roots are known."""
    return path.endswith((_PLUGIN, _MARKETPLACE))


def _listed(marketplace: Mapping[str, JSON]) -> Iterator[tuple[str, dict[str, JSON]]]:
    """The plugins whose source is a folder of the same tree (Claude Code: a path relative to the marketplace)."""
    metadata = marketplace.get("metadata")
    above = metadata.get("pluginRoot") if isinstance(metadata, dict) else None
    plugins = marketplace.get("plugins")
    for entry in plugins if isinstance(plugins, list) else ():
        source = entry.get("source") if isinstance(entry, dict) else None
        if isinstance(entry, dict) and isinstance(source, str) and "://" not in source:
            folder = source if source.startswith("./") or not isinstance(above, str) else f"{above}/{source}"
            root = posixpath.normpath(f"./{folder}")
            if not root.startswith(("..", "/")):
                yield root.removeprefix("."), entry


def _object(file: SourceFile) -> Mapping[str, JSON]:
    """A manifest that cannot be read says nothing; its own diagnostics come from the types that read it."""
    if len(file.data) > _LARGEST:
        return {}
    try:
        value = json_guard.load(file.data.decode("utf-8-sig", "replace")).value
    except json_guard.NotJson:
        return {}
    return value if isinstance(value, dict) else {}
