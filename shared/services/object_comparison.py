"""What changed from one version of an object to another, without a secret of either."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shared.domain.access import Actor
from shared.domain.config_object import LATEST, ConfigObject, Json, Version
from shared.domain.differences import (
    Change,
    FieldDifference,
    FileDifference,
    TextDiffs,
    field_differences,
    file_differences,
)
from shared.domain.errors import NotFound
from shared.repositories.versions import VersionRepository
from shared.services.config_objects import ConfigObjects
from shared.storage.content_store import ContentStore

MAX_READ: Final = 16 * 1024 * 1024
"""Bytes of files read for one comparison; beyond them a file is listed as changed and not shown."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`sealed_changed`: literal secrets, or files that hold them, differ. `truncated`: not everything is shown."""

    before: Version
    after: Version
    fields: Sequence[FieldDifference]
    files: Sequence[FileDifference]

    @property
    def sealed_changed(self) -> bool:
        return self.before.sealed != self.after.sealed

    @property
    def truncated(self) -> bool:
        return any(one.truncated for one in self.fields) or any(one.truncated for one in self.files)


@dataclass(frozen=True, slots=True)
class ObjectComparison:
    config_objects: ConfigObjects
    versions: VersionRepository
    content: ContentStore

    def compare(self, actor: Actor, object_id: str, before: str, after: str) -> Comparison:
        """`before` and `after` are version ids, or `latest`; contents are read of files that differ, all at once.

        What is compared is what everybody is shown, for editors too: a difference is quoted and passed on.
        Raises: NotFound for the object or a version.
        """
        entity = self.config_objects.get(actor, object_id)
        old, new = self._versions(entity, before, after)
        files = file_differences(old.files, new.files)
        readable = _within(MAX_READ, files)
        wanted = [side for one in readable.values() for side in (one.before, one.after) if side is not None]
        payloads = [one.payload_sha256 for one in (old, new) if one.payload_sha256]
        blobs = self.content.get_blobs(entity.org_id, [*payloads, *(file.sha256 for file in wanted)])
        fields = field_differences(_payload(old, blobs), _payload(new, blobs))
        diffs = TextDiffs()
        shown = [_shown(one, blobs, diffs) if one.path in readable else _hidden(one) for one in files]
        return Comparison(old, new, fields, shown)

    def _versions(self, entity: ConfigObject, *wanted: str) -> list[Version]:
        ids = [(entity.latest_version_id or LATEST) if one == LATEST else one for one in wanted]
        found = self.versions.find_all(entity.org_id, [(entity.id, one) for one in ids])
        if missing := [one for one in ids if one not in found]:
            raise NotFound(f"version as {missing[0]} of this config object")
        return [found[one] for one in ids]


def _within(limit: int, files: Iterable[FileDifference]) -> dict[str, FileDifference]:
    """The files to compare by their lines, by path: in order, as long as there is room."""
    found: dict[str, FileDifference] = {}
    for one in files:
        size = sum(side.size for side in (one.before, one.after) if side is not None)
        if one.is_readable and size <= limit:
            found[one.path] = one
            limit -= size
    return found


def _payload(version: Version, blobs: Mapping[str, bytes]) -> Mapping[str, Json]:
    payload: Mapping[str, Json] = json.loads(blobs[version.payload_sha256]) if version.payload_sha256 else {}
    return payload


def _shown(one: FileDifference, blobs: Mapping[str, bytes], diffs: TextDiffs) -> FileDifference:
    before, after = (blobs[side.sha256] if side is not None else None for side in (one.before, one.after))
    binary, diff, truncated = diffs.of(one.path, before, after)
    return replace(one, binary=binary, diff=diff, truncated=truncated)


def _hidden(one: FileDifference) -> FileDifference:
    return replace(one, truncated=one.change is not Change.MODE_CHANGED)
