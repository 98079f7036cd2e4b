"""Plugins as OpenCode takes them: files below `.opencode`, and a fragment of its configuration. Checked with 1.18.

Agents and commands are spelled anew (`config_types.opencode` says why); skills, tools and plugins are as delivered.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.domain.config_types.forms import OpenCodeSection
from shared.domain.config_types.json_guard import render
from shared.domain.config_types.pages import page
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.values import JSON
from shared.domain.rendering.folder import Layout, delivered_files, fill, lay_out
from shared.domain.rendering.manifest import Item, Manifest
from shared.domain.rendering.naming import free_name
from shared.domain.rendering.tree import FileTree, TreeFile

CLIENT: Final = "opencode"
CONFIG_FILE: Final = "opencode.json"
SCHEMA: Final = "https://opencode.ai/config.json"
_NOTHING: Final[Mapping[str, Collection[str]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a section; `name` is its own among all that are rendered together, `called` what its unit says.

    `left_out` says what of the unit has no place there.
    """

    item: Item
    section: OpenCodeSection
    name: str
    fields: Mapping[str, JSON]
    called: str
    left_out: Sequence[str] = ()

    @property
    def page(self) -> TreeFile:
        """The entry as a markdown file."""
        named: dict[str, JSON] = {"name": self.name} if self.section.named else {}
        fields = {key: value for key, value in self.fields.items() if key != self.section.body}
        return TreeFile(page({**named, **fields}, self.fields.get(self.section.body or "")))


def plugin_tree(manifest: Manifest, contents: Mapping[str, bytes]) -> FileTree:
    """The files to put into a project; servers stand in `opencode.json`, to be merged into the one that is there."""
    entries = list(entries_of([manifest], contents))
    pages = {each.item.install[CLIENT]: each.page for each in entries if each.section.body is not None}
    layout = lay_out(manifest, CLIENT)
    as_delivered = Layout({path: file for path, file in layout.placed.items() if path not in pages}, {})
    files = {**fill(as_delivered, CLIENT, contents), **pages}
    settings = _sections([each for each in entries if each.section.body is None])
    return {**files, CONFIG_FILE: TreeFile(render({"$schema": SCHEMA, **settings}))} if settings else files


def entries_of(
    manifests: Sequence[Manifest], contents: Mapping[str, bytes], reserved: Mapping[str, Collection[str]] = _NOTHING
) -> Iterator[Entry]:
    """In the order of their objects' ids; of two that are called alike, the later one's name ends in its id.

    So does that of one whose name is `reserved` in its section. An object that is in several plugins is taken as in the
    first of them.
    """
    items: dict[str, Item] = {}
    for manifest in sorted(manifests, key=lambda each: each.plugin_id):
        for item in manifest.items:
            items.setdefault(item.config_object_id, item)
    taken = {section: set(names) for section, names in reserved.items()}
    for object_id in sorted(items):
        item = items[object_id]
        section = config_type(item.type).opencode
        if section is None or CLIENT not in item.install or not item.delivered.files:
            continue
        files = delivered_files(item, contents)
        for called, fields in section.entries(files).items():
            wanted = called.replace(":", "/")
            name = free_name(wanted, object_id, taken.setdefault(section.name, set()))
            taken[section.name].add(name.casefold())
            yield Entry(item, section, name, fields, wanted, section.left_out(files))


def _sections(entries: Sequence[Entry]) -> dict[str, JSON]:
    sections: dict[str, dict[str, JSON]] = {}
    for each in entries:
        sections.setdefault(each.section.name, {})[each.name] = {**each.fields}
    return {name: sections[name] for name in sorted(sections)}
