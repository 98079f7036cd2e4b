"""A plugin as Codex CLI installs it, checked with 0.169.

Codex takes skills, commands (of which it makes skills), hooks and MCP servers. It reads Claude's plugin folders,
too, but overlooks `headers` in them and fills in no `${VAR}`: for Codex, servers are written in its own way.
"""

from collections.abc import Mapping
from typing import Final

from shared.domain.config_types.json_guard import render
from shared.domain.rendering.folder import Layout, describe, fill, lay_out
from shared.domain.rendering.manifest import Manifest
from shared.domain.rendering.tree import FileTree, TreeFile

CLIENT: Final = "codex"
PLUGIN_FILE: Final = ".codex-plugin/plugin.json"
_SERVERS: Final = ".mcp.json"
_OWN_SERVERS: Final = ".codex-plugin/mcp.json"


def plugin_tree(manifest: Manifest, name: str, version: str, contents: Mapping[str, bytes]) -> FileTree:
    """The plugin's folder; what Codex does not take is not in it, and the manifest says why."""
    about = TreeFile(describe(manifest, name, version))
    return {PLUGIN_FILE: about, **fill(lay_out(manifest, CLIENT), CLIENT, contents)}


def beside(
    manifest: Manifest, name: str, version: str, contents: Mapping[str, bytes], files: Mapping[str, TreeFile]
) -> FileTree:
    """What Codex needs beside `files`, the folder that it shares with Claude Code: its servers, where they differ.

    Its own `plugin.json` goes before Claude's, and names them.
    """
    layout = lay_out(manifest, CLIENT)
    own = fill(Layout({}, {path: items for path, items in layout.shared.items() if path == _SERVERS}), CLIENT, contents)
    if _SERVERS not in files or own.get(_SERVERS) == files[_SERVERS]:
        return {}
    about = describe(manifest, name, version, mcpServers=f"./{_OWN_SERVERS}")
    none = TreeFile(render({"mcpServers": {}}))
    return {PLUGIN_FILE: TreeFile(about), _OWN_SERVERS: own.get(_SERVERS, none)}
