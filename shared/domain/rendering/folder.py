"""A plugin's items where one client keeps them, in one folder."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.domain.config_types.json_guard import render
from shared.domain.config_types.values import JSON
from shared.domain.content import FileEntry, SourceFile
from shared.domain.rendering.manifest import Item, Manifest
from shared.domain.rendering.naming import free_name
from shared.domain.rendering.tree import TreeFile


@dataclass(frozen=True, slots=True)
class Layout:
    """Which file goes where, and which items share a file that is merged from theirs."""

    placed: Mapping[str, FileEntry]
    shared: Mapping[str, list[Item]]


def lay_out(manifest: Manifest, client: str) -> Layout:
    """What `client` takes of the plugin; the manifest says why it does not take the rest."""
    placed: dict[str, FileEntry] = {}
    shared: dict[str, list[Item]] = {}
    for item in manifest.items:
        target = item.install.get(client)
        if target is None or not item.delivered.files:
            continue
        if item.shares_file(client):
            shared.setdefault(target, []).append(item)
        else:
            placed |= _place(item, target)
    return Layout(placed, shared)


def fill(layout: Layout, client: str, contents: Mapping[str, bytes]) -> dict[str, TreeFile]:
    """The folder's files, executable bits kept; `contents` holds the delivered bytes by SHA-256."""
    files = {path: TreeFile(contents[file.sha256], file.mode) for path, file in layout.placed.items()}
    merged = {path: TreeFile(_merge(items, client, contents)) for path, items in layout.shared.items()}
    return {**files, **merged}


def describe(manifest: Manifest, name: str, version: str, **more: str) -> bytes:
    """What a client reads first in a plugin's folder."""
    described = {"description": manifest.description} if manifest.description else {}
    return render({"name": name, "version": version, **described, **more})


def delivered_files(item: Item, contents: Mapping[str, bytes]) -> list[SourceFile]:
    return [SourceFile(file.path, contents[file.sha256], file.mode) for file in item.delivered.files]


def _place(item: Item, target: str) -> dict[str, FileEntry]:
    files = item.delivered.files
    if target.endswith("/"):
        return {target + file.path: file for file in files}
    return {target: files[0]}


def _merge(items: Iterable[Item], client: str, contents: Mapping[str, bytes]) -> bytes:
    """One document of all: below each top-level key, lists of one name are joined, anything else gets its own name."""
    merged: dict[str, dict[str, JSON]] = {}
    for item in items:
        for file in item.form_for(client, delivered_files(item, contents)):
            for wrapper, entries in json.loads(file.data).items():
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
