"""Where a marketplace's entry says that its plugin is: in this repository, or somewhere else."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types.values import JSON

LOCAL: Final = "local"
_EXTERNAL: Final[Mapping[str, str]] = {
    "url": "a git repository at a URL",
    "github": "another GitHub repository",
    "git-subdir": "a folder of another git repository",
    "npm": "an npm package",
    "pip": "a Python package",
    "archive": "an archive",
    "command": "what a command makes",
}


@dataclass(frozen=True, slots=True)
class PluginSource:
    """`root` is the plugin's folder in this repository ("" for all of it); without one `problem` says why.

    `refused` tells whether the official client refuses the entry for it.
    """

    kind: str
    root: str | None = None
    problem: str | None = None
    refused: bool = False


def source_of(entry: Mapping[str, JSON], plugin_root: JSON) -> PluginSource:
    """`plugin_root` is the marketplace's `metadata.pluginRoot`: bare names lie below it, `./` paths do not."""
    source = entry.get("source")
    if isinstance(source, dict):
        return _external(source)
    if not isinstance(source, str) or not source:
        return PluginSource("unknown", problem="The entry names no source.", refused=True)
    if "://" in source or source.startswith("git@"):
        return PluginSource("url", problem=_elsewhere("url"), refused=True)
    return _local(source, plugin_root)


def _local(source: str, plugin_root: JSON) -> PluginSource:
    bare = not source.startswith("./") and source != "."
    if bare and not isinstance(plugin_root, str):
        problem = f'The source "{source[:100]}" is a bare name, and the marketplace sets no metadata.pluginRoot.'
        return PluginSource(LOCAL, problem=problem, refused=True)
    path = posixpath.normpath(f"{plugin_root}/{source}" if bare else source)
    if path.startswith(("..", "/")) or "\\" in path:
        return PluginSource(LOCAL, problem=f'The source "{source[:100]}" leaves the repository.', refused=True)
    return PluginSource(LOCAL, "" if path == "." else path)


def _external(source: Mapping[str, JSON]) -> PluginSource:
    kind = source.get("source")
    if not isinstance(kind, str) or kind not in _EXTERNAL:
        return PluginSource("unknown", problem="The entry's source is of a kind that is not known.", refused=True)
    return PluginSource(kind, problem=_elsewhere(kind))


def _elsewhere(kind: str) -> str:
    return f"The plugin lies in {_EXTERNAL[kind]}; connect that where it is."
