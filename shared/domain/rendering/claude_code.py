"""A plugin as Claude Code, Codex, Copilot and the tools that follow them install it from a folder."""

from collections.abc import Mapping
from typing import Final

from shared.domain.errors import Invalid
from shared.domain.rendering import codex
from shared.domain.rendering.folder import describe, fill, lay_out
from shared.domain.rendering.manifest import Manifest
from shared.domain.rendering.tree import FileTree, TreeFile, checked_paths

CLIENT: Final = "claude-code"
PLUGIN_FILE: Final = ".claude-plugin/plugin.json"


def plugin_tree(manifest: Manifest, name: str, version: str, contents: Mapping[str, bytes]) -> FileTree:
    """The plugin's folder: every file byte for byte as delivered, executable bits kept.

    `name` is what this caller's catalog calls the plugin (Codex wants both to be equal); `contents` holds
    the delivered bytes by SHA-256.
    """
    about = TreeFile(describe(manifest, name, version))
    files = fill(lay_out(manifest, CLIENT), CLIENT, contents)
    return {PLUGIN_FILE: about, **files, **codex.beside(manifest, name, version, contents, files)}


def unwritable_paths(manifest: Manifest) -> str | None:
    """Why the plugin's folder could not be written on some machine, naming the first offending path."""
    layout = lay_out(manifest, CLIENT)
    try:
        checked_paths(dict.fromkeys((*layout.placed, *layout.shared), TreeFile(b"")))
    except Invalid as refusal:
        return refusal.message
    return None
