"""One unit as each client would be given it, before it is stored or is in any plugin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types.base import ConfigType
from shared.domain.config_types.unit import ParsedUnit
from shared.domain.content import SourceFile, content_digest
from shared.domain.rendering import claude_code
from shared.domain.rendering.layouts import Client, render_item, render_plugin
from shared.domain.rendering.manifest import Delivered, Item, Manifest
from shared.domain.rendering.tree import FileTree

_NAME: Final = "preview"


@dataclass(frozen=True, slots=True)
class ClientPreview:
    """`entry` is the path in `files` of what the client reads first."""

    client: str
    files: FileTree
    entry: str


def preview(
    declaration: ConfigType, parsed: ParsedUnit, entry_path: str, files: Sequence[SourceFile]
) -> tuple[ClientPreview, ...]:
    """Of a unit that installs as a folder: its files where each client keeps them, and last as they are downloaded.

    Files are rewritten as for delivery. Where a plugin has two units of one name, the later one's carries the end of
    its id: that is not known before it is stored.
    """
    kept = [file for file in declaration.deliver(entry_path, files) if file.path not in parsed.left_out]
    contents = {file.entry.sha256: file.data for file in kept}
    entries = tuple(file.entry for file in kept)
    delivered = Delivered(_NAME, entries, entry_path)
    digest = content_digest(entries)
    item = Item(_NAME, declaration.name, parsed.title, parsed.install_name, digest, delivered)
    raw = render_item(item, contents)
    installed = {client: {target + path: file for path, file in raw.items()} for client, target in item.install.items()}
    manifest = Manifest(_NAME, _NAME, _NAME, None, digest, [item])
    plugin = render_plugin(manifest, Client.CLAUDE_CODE, "0.0.0", contents)
    about = claude_code.PLUGIN_FILE
    installed[claude_code.CLIENT] = {path: file for path, file in plugin.items() if path != about}
    clients = (ClientPreview(client, tree, item.install[client] + entry_path) for client, tree in installed.items())
    return (*clients, ClientPreview(Client.RAW, raw, entry_path))
