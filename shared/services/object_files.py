"""One file of one version, as it is or as a link to where it lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.access import Actor
from shared.domain.config_object import LATEST, ConfigObject
from shared.domain.content import FileEntry, SourceFile, sha256_hex
from shared.domain.errors import NotFound
from shared.repositories.versions import VersionRepository
from shared.services.config_objects import ConfigObjects
from shared.services.sealing import Sealing
from shared.services.visibility import Visibility
from shared.storage.content_store import ContentStore

MAX_INLINE: Final = 4 * 1024 * 1024
"""Bytes of a file that are answered at once: Lambda's answers end at 6 MB, and base64 takes a third more."""

FILE: Final = "file in this version"


@dataclass(frozen=True, slots=True)
class FileContent:
    """`sha256` names the bytes that are given: `data`, or what `url` leads to for a while."""

    sha256: str
    data: bytes = b""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectFiles:
    config_objects: ConfigObjects
    versions: VersionRepository
    visibility: Visibility
    content: ContentStore
    sealing: Sealing

    def read(self, actor: Actor, object_id: str, version_id: str, path: str) -> FileContent:
        """One file of a version, an id or `latest`; only editors see the literal secrets that an author left in it.

        Raises: NotFound.
        """
        entity = self.config_objects.get(actor, object_id)
        wanted = entity.latest_version_id if version_id == LATEST else version_id
        version = self.versions.find(actor.org_id, entity.id, wanted) if wanted else None
        if version is None:
            raise NotFound("version")
        if version.sealed and self.visibility.may_edit(actor, entity):
            return _opened(self.sealing.open(version), path)
        return self._stored(entity, next((file for file in version.files if file.path == path), None))

    def _stored(self, entity: ConfigObject, entry: FileEntry | None) -> FileContent:
        if entry is None:
            raise NotFound(FILE)
        if entry.size <= MAX_INLINE:
            return FileContent(entry.sha256, self.content.get_blob(entity.org_id, entry.sha256))
        name = "".join(
            one if (one.isalnum() and one.isascii()) or one in "._-" else "_"
            for one in entry.path.rpartition("/")[2][-100:]
        )
        url = self.content.presign_blob(entity.org_id, entry.sha256, name)
        return FileContent(entry.sha256, url=url)


def _opened(files: Sequence[SourceFile], path: str) -> FileContent:
    data = next((file.data for file in files if file.path == path), None)
    if data is None:
        raise NotFound(FILE)
    return FileContent(sha256_hex(data), data)
