"""Plugins in hand, without any storage: what is rendered from them is a pure function."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.domain.config_object import CreatedVia, ObjectHead, ObjectStatus, Version
from shared.domain.config_types.registry import config_type
from shared.domain.content import SourceFile, content_digest
from shared.domain.plugin import DeliveryMode, Plugin, PluginStatus
from shared.domain.rendering.manifest import (
    Delivered,
    Manifest,
    assemble_manifest,
    deliver_as_stored,
    deliver_rewritten,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ORG = "org_0"


@dataclass
class Shelf:
    """A plugin that is filled object by object; the number of an object becomes its id."""

    name: str = "reviews"
    description: str | None = None
    objects: list[ObjectHead] = field(default_factory=list)
    delivered: dict[str, Delivered] = field(default_factory=dict)
    stored: dict[str, bytes] = field(default_factory=dict)

    def put(self, number: int, type_name: str, install_name: str, *files: SourceFile) -> "Shelf":
        """Put an object there; its first file is its entry."""
        object_id = f"cfg_{number:026}"
        version = _version(object_id, files)
        self.objects.append(_object(object_id, type_name, install_name))
        rewritten = config_type(type_name).rewrites(files[0].path)
        self.delivered[object_id] = (
            deliver_rewritten(type_name, version, files, {}) if rewritten else deliver_as_stored(type_name, version)
        )
        self.stored |= {file.entry.sha256: file.data for file in files}
        return self

    @property
    def manifest(self) -> Manifest:
        return assemble_manifest(self.plugin, self.objects, self.delivered)

    @property
    def contents(self) -> Mapping[str, bytes]:
        made = (each.delivered.rewritten for each in self.manifest.items)
        return self.stored | {sha256: data for one in made for sha256, data in one.items()}

    @property
    def plugin(self) -> Plugin:
        return Plugin(
            id="plg_0",
            org_id=ORG,
            name=self.name,
            slug=self.name,
            description=self.description,
            status=PluginStatus.ACTIVE,
            delivery_mode=DeliveryMode.ROLLING,
            created_at=NOW,
            updated_at=NOW,
            created_by="mem_0",
        )


def text(path: str, content: str = "words\n", mode: int = 0o100644) -> SourceFile:
    return SourceFile(path, content.encode(), mode)


def _object(object_id: str, type_name: str, install_name: str) -> ObjectHead:
    return ObjectHead(object_id, type_name, install_name, install_name, ObjectStatus.ACTIVE, f"ver_{object_id}")


def _version(object_id: str, files: tuple[SourceFile, ...]) -> Version:
    entries = [file.entry for file in files]
    return Version(
        id=f"ver_{object_id}",
        config_object_id=object_id,
        org_id=ORG,
        digest=content_digest(entries),
        files=entries,
        entry_path=files[0].path,
        schema_version=1,
        created_via=CreatedVia.CLOUD,
        created_at=NOW,
        created_by="mem_0",
    )
