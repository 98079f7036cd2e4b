"""File contents that are already in storage, by the names that git gives them."""

from collections.abc import Collection
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import Final

from shared.domain.reconciliation.plan import Create, Update
from shared.domain.source_tree import TreeEntry, blob_sha
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.versions import VersionRepository
from shared.storage.content_store import ContentStore

FEW: Final = 10
"""Up to so many changed units it is worth reading what is stored of them: beyond, one archive brings everything."""


@dataclass(frozen=True, slots=True)
class StoredFiles:
    objects: ConfigObjectRepository
    versions: VersionRepository
    content: ContentStore

    def blobs(
        self, org_id: str, changes: Collection[Create | Update], entries: MappingOf[str, TreeEntry]
    ) -> dict[str, bytes]:
        """The blobs that changed units of several files share with their newest good versions.

        One changed file of a large skill then costs one blob, not all of them.
        """
        updates = [one for one in changes if isinstance(one, Update) and _is_worth_it(one)]
        if not 0 < len(updates) <= FEW:
            return {}
        objects = self.objects.find_all(org_id, [one.binding.config_object_id for one in updates])
        heads = [(one.id, one.head_version_id) for one in objects.values() if one.head_version_id]
        versions = self.versions.find_all(org_id, heads)
        known = {version.config_object_id: {file.path: file for file in version.files} for version in versions.values()}
        wanted = [
            file.sha256
            for one in updates
            for path in one.wanted.unit.file_paths
            if (file := known.get(one.binding.config_object_id, {}).get(one.wanted.unit.relative(path)))
            and file.size == entries[path].size
        ]
        return {blob_sha(data): data for data in self.content.get_blobs(org_id, wanted).values()}


def _is_worth_it(change: Update) -> bool:
    return change.content and change.wanted.unit.key is None and len(change.wanted.unit.file_paths) > 1
