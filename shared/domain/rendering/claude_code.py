"""A plugin as Claude Code, Codex, Copilot and the tools that follow them install it from a folder."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types.json_guard import render
from shared.domain.config_types.values import JSON
from shared.domain.content import FileEntry
from shared.domain.errors import Invalid
from shared.domain.rendering.manifest import Item, Manifest
from shared.domain.rendering.naming import free_name
from shared.domain.rendering.tree import FileTree, TreeFile, checked_paths

CLIENT: Final = "claude-code"
PLUGIN_FILE: Final = ".claude-plugin/plugin.json"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which file goes where, and which items share a file that is merged from theirs."""

    placed: Mapping[str, FileEntry]
    shared: Mapping[str, list[Item]]


def plugin_tree(manifest: Manifest, name: str, version: str, contents: Mapping[str, bytes]) -> FileTree:
    """The plugin's folder: every file byte for byte as delivered, executable bits kept.

    `name` is what this caller's catalog calls the plugin (Codex wants both to be equal); `contents` holds
    the delivered bytes by SHA-256.
    """
    layout = _lay_out(manifest)
    files = {path: TreeFile(contents[file.sha256], file.mode) for path, file in layout.placed.items()}
    merged = {path: TreeFile(_merge(items, contents)) for path, items in layout.shared.items()}
    described = {"description": manifest.description} if manifest.description else {}
    about = render({"name": name, "version": version, **described})
    return {PLUGIN_FILE: TreeFile(about), **files, **merged}


def unwritable_paths(manifest: Manifest) -> str | None:
    """Why the plugin's folder could not be written on some machine, naming the first offending path."""
    layout = _lay_out(manifest)
    try:
        checked_paths(dict.fromkeys((*layout.placed, *layout.shared), TreeFile(b"")))
    except Invalid as refusal:
        return refusal.message
    return None


def _lay_out(manifest: Manifest) -> _Layout:
    placed: dict[str, FileEntry] = {}
    shared: dict[str, list[Item]] = {}
    for item in manifest.items:
        target = item.install.get(CLIENT)
        if target is None or not item.delivered.files:
            continue
        if item.shares_file(CLIENT):
            shared.setdefault(target, []).append(item)
        else:
            placed |= _place(item, target)
    return _Layout(placed, shared)


def _place(item: Item, target: str) -> dict[str, FileEntry]:
    files = item.delivered.files
    if target.endswith("/"):
        return {target + file.path: file for file in files}
    return {target: files[0]}


def _merge(items: Iterable[Item], contents: Mapping[str, bytes]) -> bytes:
    """One document of all: below each top-level key, lists of one name are joined, anything else gets its own name."""
    merged: dict[str, dict[str, JSON]] = {}
    for item in items:
        for file in item.delivered.files:
            for wrapper, entries in json.loads(contents[file.sha256]).items():
                _add_entries(merged.setdefault(wrapper, {}), entries, item.config_object_id)
    return render({**merged})


def _add_entries(merged: dict[str, JSON], entries: Mapping[str, JSON], object_id: str) -> None:
    """A name that is taken carries the end of its object's id."""
    taken = {key.casefold() for key in merged}
    for key, entry in entries.items():
        there = merged.get(key)
        if isinstance(entry, list) and isinstance(there, list):
            merged[key] = [*there, *entry]
        else:
            merged[free_name(key, object_id, taken)] = entry
