"""The manifest of a plugin: what a client is given, item by item, with the digests to check it by."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from shared.domain.config_object import Json, ObjectHead, Version
from shared.domain.config_types.registry import config_type
from shared.domain.config_types.secrets import Variable
from shared.domain.config_types.verdicts import refusals
from shared.domain.content import FileEntry, SourceFile, content_digest, sha256_hex
from shared.domain.plugin import Plugin
from shared.domain.rendering.format import FORMAT
from shared.domain.rendering.naming import distinct_names

CLIENTS: Final = ("claude-code", "opencode", "codex")
"""Those that a plugin is rendered for, each in its own layout."""

_CODEX: Final = "codex"
_COMMAND: Final = "command"
_NOT_IN_A_CODEX_NAME: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What is delivered of a version: its files as clients get them, without literal secrets unless those were allowed.

    `rewritten` holds, by SHA-256, the bytes of files that differ from what is stored. `refusals` say, by client, why it
    would not load them.
    """

    version_id: str
    files: Sequence[FileEntry]
    entry_path: str
    variables: Sequence[Variable] = ()
    rewritten: Mapping[str, bytes] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One config object in a plugin; `install_name` is its own within the plugin and its type."""

    config_object_id: str
    type: str
    title: str
    install_name: str
    digest: str
    delivered: Delivered
    slug: str = ""

    @property
    def install(self) -> dict[str, str]:
        """Target path per client that takes the item; one that ends in a slash takes the files below it."""
        paths = config_type(self.type).install_paths(self.install_name, self.delivered.entry_path)
        return {client: path for client, path in paths.items() if client not in self.delivered.refusals}

    @property
    def unsupported(self) -> dict[str, str]:
        """Every other client that plugins are rendered for, with the reason why it is not given the item."""
        refusals, taken = self.delivered.refusals, self.install
        missing = (client for client in CLIENTS if client not in taken)
        return {
            client: refusals.get(client) or f"{client} takes no such {self.type} from a plugin" for client in missing
        }

    def form_for(self, client: str, files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
        """Its delivered files as `client` takes them."""
        return config_type(self.type).form(client, files)

    def shares_file(self, client: str) -> bool:
        """Whether `client` keeps all such items in one file, each below its own key."""
        return config_type(self.type).shares_file(client, self.delivered.entry_path)

    @property
    def size(self) -> int:
        return sum(file.size for file in self.delivered.files)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A plugin's content at one moment; equal content has an equal digest, whenever it was published."""

    plugin_id: str
    org_id: str
    name: str
    description: str | None
    digest: str
    items: Sequence[Item]

    @property
    def size(self) -> int:
        """Bytes of all files, before any compression."""
        return sum(item.size for item in self.items)

    @property
    def rewritten(self) -> dict[str, bytes]:
        """Bytes that delivery made, by SHA-256; every other file's are in content storage."""
        return {name: data for item in self.items for name, data in item.delivered.rewritten.items()}


def deliver_as_stored(config_type_name: str, version: Version) -> Delivered:
    """A type that installs as one file delivers its entry alone; all others the whole version."""
    entry_path = version.entry_path or ""
    files = version.files
    if not config_type(config_type_name).installs_as_folder:
        files = [file for file in files if file.path == entry_path]
    return Delivered(version.id, tuple(files), entry_path, refusals=_refusals(config_type_name, version))


def deliver_rewritten(
    config_type_name: str,
    version: Version,
    files: Iterable[SourceFile],
    payload: Mapping[str, Json],
    *,
    literal: bool = False,
) -> Delivered:
    """In the form that clients load, with placeholders for literal secrets and the variables to set instead.

    `literal`: with the secrets that `files` hold, which then have no variable.
    """
    entry_path = version.entry_path or ""
    made = config_type(config_type_name).deliver(entry_path, list(files), literal=literal)
    variables = (Variable(each["name"], each["field"], each["secret"]) for each in payload.get("variables", ()))
    return Delivered(
        version.id,
        tuple(file.entry for file in made),
        entry_path,
        tuple(one for one in variables if not (literal and one.secret)),
        {file.entry.sha256: file.data for file in made},
        _refusals(config_type_name, version),
    )


def _refusals(config_type_name: str, version: Version) -> dict[str, str]:
    return refusals(version.diagnostics, config_type(config_type_name).mends)


def assemble_manifest(plugin: Plugin, objects: Iterable[ObjectHead], delivered: Mapping[str, Delivered]) -> Manifest:
    """`delivered` by config object id; an object without it is not delivered."""
    present = {each.id: each for each in objects if each.id in delivered}
    names = _install_names(present)
    items = _without_clashes([_item(present[each], names[each], delivered[each]) for each in sorted(present)])
    digest = _digest(plugin, items)
    return Manifest(plugin.id, plugin.org_id, plugin.name, plugin.description, digest, items)


def _install_names(objects: Mapping[str, ObjectHead]) -> dict[str, str]:
    by_type: dict[str, dict[str, str]] = {}
    for each in objects.values():
        by_type.setdefault(each.type, {})[each.id] = each.slug
    return {object_id: name for named in by_type.values() for object_id, name in distinct_names(named).items()}


def _item(entity: ObjectHead, install_name: str, delivered: Delivered) -> Item:
    digest = content_digest(delivered.files)
    return Item(entity.id, entity.type, entity.title, install_name, digest, delivered, entity.slug)


def _without_clashes(items: Sequence[Item]) -> tuple[Item, ...]:
    """Codex CLI 0.169 calls the skills that it makes of commands by their letters and digits alone, and takes none of
    several that it would call alike.
    """
    called: dict[str, list[str]] = {}
    for item in items:
        if item.type == _COMMAND and _CODEX in item.install:
            called.setdefault(_codex_skill(item), []).append(item.config_object_id)
    clashing = {each: name for name, ids in called.items() if len(ids) > 1 for each in ids}
    return tuple(_refuse_codex(item, clashing.get(item.config_object_id)) for item in items)


def _codex_skill(item: Item) -> str:
    return "source-command-" + _NOT_IN_A_CODEX_NAME.sub("-", item.install_name.lower()).strip("-")


def _refuse_codex(item: Item, name: str | None) -> Item:
    if name is None:
        return item
    reason = f"{_CODEX} would call this and another command of the plugin {name}, and takes neither"
    refusals = {**item.delivered.refusals, _CODEX: reason}
    return replace(item, delivered=replace(item.delivered, refusals=refusals))


def _digest(plugin: Plugin, items: Iterable[Item]) -> str:
    """Over everything that the rendering depends on, and nothing else: no time, no version id."""
    rows = [[item.config_object_id, item.type, item.install_name, item.digest] for item in items]
    canonical = json.dumps([FORMAT, plugin.id, plugin.name, plugin.description, rows], separators=(",", ":"))
    return "sha256:" + sha256_hex(canonical.encode())
