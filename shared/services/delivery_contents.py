"""What plugins deliver: their manifests, and the bytes that the manifests name."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.domain.config_object import ObjectHead, SecretDelivery, Version
from shared.domain.config_types.registry import config_type
from shared.domain.content import SourceFile
from shared.domain.errors import NotFound
from shared.domain.plugin import Plugin
from shared.domain.release import ReleaseContents
from shared.domain.rendering.manifest import (
    Delivered,
    Item,
    Manifest,
    assemble_manifest,
    deliver_as_stored,
    deliver_rewritten,
)
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.plugins import PluginMembershipRepository
from shared.repositories.versions import VersionRepository
from shared.services.delivery_memory import Memory
from shared.services.sealing import Sealing
from shared.storage.content_store import ContentStore

_FILES_KEPT = 50_000
_BYTES_KEPT = 32 * 1024 * 1024
_LARGEST_KEPT = 256 * 1024


def _count(delivered: Delivered) -> int:
    return 1 + len(delivered.files)


@dataclass(frozen=True, slots=True)
class DeliveryContents:
    """`delivered` by version id: a version never changes, so neither does what is delivered of it.

    What is delivered with literal secrets is not kept from one request to the next.
    """

    memberships: PluginMembershipRepository
    objects: ConfigObjectRepository
    versions: VersionRepository
    content: Callable[[], ContentStore] = field(repr=False)
    sealing: Callable[[], Sealing] = field(repr=False)
    delivered: Memory[Delivered] = field(default_factory=lambda: Memory(_FILES_KEPT, _count), repr=False)
    blobs: Memory[bytes] = field(default_factory=lambda: Memory(_BYTES_KEPT, len), repr=False)

    def manifest(self, plugin: Plugin, object_ids: Sequence[str]) -> Manifest:
        """What it delivers now: its release, or else the newest good versions of its config objects, one batch each."""
        return self._assemble([plugin], {plugin.id: object_ids} if plugin.release is None else {})[plugin.id]

    def releasable(self, plugin: Plugin, object_ids: Sequence[str]) -> Manifest:
        """The newest good versions of its config objects, whatever it delivers; never a literal secret."""
        found = self.objects.find_heads(plugin.org_id, object_ids).values()
        heads = [replace(head, secret_delivery=SecretDelivery.PLACEHOLDER) for head in found]
        return self._manifests(plugin.org_id, [(plugin, heads)])[plugin.id]

    def stated(self, plugin: Plugin, contents: ReleaseContents) -> Manifest:
        """Of contents that were written down: the same versions, whatever became of the objects since."""
        about = replace(plugin, description=contents.description)
        return self._manifests(plugin.org_id, [(about, [item.head for item in contents.items])])[plugin.id]

    def manifests(self, org_id: str, plugins: Sequence[Plugin]) -> dict[str, Manifest]:
        """By plugin id; three round trips deep, however many plugins."""
        rolling = [plugin.id for plugin in plugins if plugin.release is None]
        return self._assemble(plugins, self.memberships.list_active(org_id, rolling))

    def released(self, org_id: str, contents_sha256: str) -> ReleaseContents:
        """What is in a release, from content storage."""
        return ReleaseContents.from_json(self._blobs(org_id, [contents_sha256])[contents_sha256])

    def item(self, plugin: Plugin, entity: ObjectHead) -> Item:
        """One object as `plugin` delivers it. Raises: NotFound when nothing of it is delivered."""
        delivered = self._delivered(plugin.org_id, [entity])
        found = assemble_manifest(plugin, [entity], _by_object([entity], delivered)).items
        if not found:
            raise NotFound("config object")
        return found[0]

    def read(self, org_id: str, items: Iterable[Item]) -> dict[str, bytes]:
        """The delivered bytes of every file of the items, by SHA-256."""
        wanted = list(items)
        made = {sha256: data for item in wanted for sha256, data in item.delivered.rewritten.items()}
        named = {file.sha256 for item in wanted for file in item.delivered.files}
        return made | self._blobs(org_id, named - made.keys())

    def _assemble(self, plugins: Sequence[Plugin], members: Mapping[str, Sequence[str]]) -> dict[str, Manifest]:
        if not plugins:
            return {}
        org_id = plugins[0].org_id
        objects = self.objects.find_heads(org_id, {each for ids in members.values() for each in ids})
        stated = [self._stated(plugin) for plugin in plugins if plugin.release is not None]
        current = [
            (plugin, [objects[each] for each in members[plugin.id] if each in objects])
            for plugin in plugins
            if plugin.release is None
        ]
        # Apart, for a release delivers placeholders where the same version may be delivered with its secrets elsewhere.
        return self._manifests(org_id, stated) | self._manifests(org_id, current)

    def _manifests(self, org_id: str, plugins: Sequence[tuple[Plugin, list[ObjectHead]]]) -> dict[str, Manifest]:
        delivered = self._delivered(org_id, [head for _, heads in plugins for head in heads])
        return {plugin.id: assemble_manifest(plugin, heads, _by_object(heads, delivered)) for plugin, heads in plugins}

    def _stated(self, plugin: Plugin) -> tuple[Plugin, list[ObjectHead]]:
        """The plugin and its config objects as they were when its release was made."""
        promoted = plugin.release
        contents = self.released(plugin.org_id, promoted.contents_sha256 if promoted else "")
        return replace(plugin, description=contents.description), [item.head for item in contents.items]

    def _delivered(self, org_id: str, objects: Iterable[ObjectHead]) -> dict[str, Delivered]:
        """By version id, for those that are delivered at all."""
        heads = {each.delivered_version_id: each for each in objects if each.delivered_version_id}
        kept = {
            version_id: self.delivered.get(version_id) for version_id in heads if not _is_literal(heads[version_id])
        }
        known = {version_id: delivered for version_id, delivered in kept.items() if delivered}
        missing = [(each.id, version_id) for version_id, each in heads.items() if version_id not in known]
        found = self.versions.find_all(org_id, missing) if missing else {}
        contents = self._contents(org_id, [one for one in found.values() if _rewrites(heads[one.id].type, one)])
        for version in found.values():
            known[version.id] = self._deliver(heads[version.id], version, contents)
        return known

    def _deliver(self, head: ObjectHead, version: Version, contents: Mapping[str, bytes]) -> Delivered:
        """Only what is rewritten, or has variables to set, needs content for it."""
        if not _rewrites(head.type, version):
            return self.delivered.put(version.id, deliver_as_stored(head.type, version))
        payload = json.loads(contents[version.payload_sha256]) if version.payload_sha256 else {}
        if version.sealed and _is_literal(head):
            return deliver_rewritten(head.type, version, self.sealing().open(version), payload, literal=True)
        files = [SourceFile(each.path, contents[each.sha256], each.mode) for each in version.files]
        made = deliver_rewritten(head.type, version, files, payload)
        return made if _is_literal(head) else self.delivered.put(version.id, made)

    def _contents(self, org_id: str, versions: Sequence[Version]) -> dict[str, bytes]:
        """Files and payloads of versions, by SHA-256."""
        named = {file.sha256 for version in versions for file in version.files}
        payloads = {version.payload_sha256 for version in versions if version.payload_sha256}
        return self._blobs(org_id, named | payloads)

    def _blobs(self, org_id: str, wanted: Collection[str]) -> dict[str, bytes]:
        known = {name: data for name in wanted if (data := self.blobs.get(name)) is not None}
        missing = sorted(set(wanted) - known.keys())
        # Most requests need no content: they never pay for opening a client of the storage.
        fetched = self.content().get_blobs(org_id, missing) if missing else {}
        for name, data in fetched.items():
            if len(data) <= _LARGEST_KEPT:
                self.blobs.put(name, data)
        return known | dict(fetched)


def _is_literal(head: ObjectHead) -> bool:
    return head.secret_delivery == SecretDelivery.LITERAL


def _by_object(heads: Iterable[ObjectHead], delivered: Mapping[str, Delivered]) -> dict[str, Delivered]:
    """A release may deliver an older version of an object than another plugin does."""
    found = ((each.id, delivered.get(each.delivered_version_id or "")) for each in heads)
    return {object_id: one for object_id, one in found if one is not None}


def _rewrites(type_name: str, version: Version) -> bool:
    return version.sealed is not None or config_type(type_name).rewrites(version.entry_path or "")
