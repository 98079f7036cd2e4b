"""Archives: named by what goes into them, made once, and handed out by link with their digest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from shared.domain.content import sha256_hex
from shared.domain.errors import TooLarge
from shared.domain.plugin import Plugin
from shared.domain.rendering.format import FORMAT
from shared.domain.rendering.layouts import ArchiveFormat, Client, render_item, render_plugin
from shared.domain.rendering.manifest import Item, Manifest
from shared.domain.rendering.tree import FileTree
from shared.services.delivery_contents import DeliveryContents
from shared.services.delivery_digests import MAX_RENDERED
from shared.storage.content_store import ContentStore, archive_key

_Render = Callable[[Mapping[str, bytes]], FileTree]


@dataclass(frozen=True, slots=True)
class ArchiveRequest:
    client: Client
    format: ArchiveFormat


@dataclass(frozen=True, slots=True)
class ArchiveLink:
    """`url` is good for a while and needs no credential; `sha256`, in hex, is of the bytes behind it."""

    url: str = field(repr=False)
    sha256: str
    file_name: str


@dataclass(frozen=True, slots=True)
class DeliveryArchives:
    """An archive is a pure function of the plugin with its version, the manifest, the client and the format.

    Its name holds all of them, so that nobody is given another version's; of several who make it at once the first
    stores it, and the others made the same bytes.
    """

    contents: DeliveryContents
    storage: Callable[[], ContentStore] = field(repr=False)

    def find_plugin(self, plugin: Plugin, wanted: ArchiveRequest) -> ArchiveLink | None:
        """Of the content whose digest the plugin carries; None where nobody made it yet, or not lately."""
        key = _plugin_key(plugin, wanted)
        digest = self.storage().find_rendering(key)
        return self._link(key, digest, _name_of(plugin), wanted.format) if digest is not None else None

    def build_plugin(self, plugin: Plugin, manifest: Manifest, wanted: ArchiveRequest) -> ArchiveLink:
        """Raises: TooLarge."""
        render = partial(render_plugin, manifest, wanted.client, plugin.delivered_version or "")
        key = _plugin_key(plugin, wanted)
        digest = self._build(plugin.org_id, key, wanted.format, manifest.items, render)
        return self._link(key, digest, _name_of(plugin), wanted.format)

    def open_item(self, org_id: str, item: Item, archive_format: ArchiveFormat) -> ArchiveLink:
        """One config object's files alone. Raises: TooLarge."""
        key = _key(org_id, ArchiveRequest(Client.RAW, archive_format), item.digest)
        digest = self.storage().find_rendering(key)
        if digest is None:
            digest = self._build(org_id, key, archive_format, [item], partial(render_item, item))
        return self._link(key, digest, item.install_name.replace(":", "-"), archive_format)

    def _build(
        self, org_id: str, key: str, archive_format: ArchiveFormat, items: Sequence[Item], render: _Render
    ) -> str:
        """Write the archive, once for all who ask for this content; its SHA-256."""
        size = sum(item.size for item in items)
        if size > MAX_RENDERED:
            raise TooLarge(f"An archive holds up to {MAX_RENDERED:,} bytes of files; this would hold {size:,}.")
        archive = archive_format.write(render(self.contents.read(org_id, items)))
        self.storage().put_rendering(key, archive, archive_format.media_type)
        return sha256_hex(archive)

    def _link(self, key: str, digest: str, name: str, archive_format: ArchiveFormat) -> ArchiveLink:
        file_name = f"{name}.{archive_format}"
        return ArchiveLink(self.storage().presign(key, file_name), digest, file_name)


def _name_of(plugin: Plugin) -> str:
    return f"{plugin.name}-{plugin.release.version}" if plugin.release is not None else plugin.name


def _plugin_key(plugin: Plugin, wanted: ArchiveRequest) -> str:
    return _key(plugin.org_id, wanted, f"{plugin.id} {plugin.delivered_version} {plugin.current_digest}")


def _key(org_id: str, wanted: ArchiveRequest, content: str) -> str:
    """Named by what goes into it, so that a program that knows the content knows where its archive would be."""
    name = sha256_hex(f"{FORMAT} {wanted.client} {content}".encode())
    return archive_key(org_id, name, f".{wanted.format}")
