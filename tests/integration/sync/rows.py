"""What a deployment holds, read past its services: every row of the table, and every key of the bucket."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import boto3

from shared.domain.config_object import ConfigObject
from shared.domain.connector import Binding, ConnectorTarget, Tombstone
from shared.domain.content import FileEntry
from shared.domain.plugin import PluginMembership
from shared.domain.sync_event import SyncEvent
from shared.repositories.codec import decode
from shared.repositories.versions import VersionRepository

T = TypeVar("T")


@dataclass(frozen=True)
class Rows:
    table: str
    bucket: str

    def items(self) -> list[dict[str, Any]]:
        pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def objects(self) -> dict[str, ConfigObject]:
        """Config objects by locator; of several that lived at one locator, the newest."""
        found = sorted(self._of("CFG#", "OBJECT", ConfigObject), key=lambda one: one.id)
        return {one.source.locator if one.source else one.id: one for one in found}

    def all_objects(self) -> list[ConfigObject]:
        return sorted(self._of("CFG#", "OBJECT", ConfigObject), key=lambda one: one.id)

    def bindings(self) -> dict[str, Binding]:
        return {one.locator: one for one in self._of("CTG#", "BIND#", Binding)}

    def tombstones(self) -> list[Tombstone]:
        return list(self._of("CTG#", "TOMB#", Tombstone))

    def memberships(self) -> list[PluginMembership]:
        return list(self._of("PLG#", "MEMBER#", PluginMembership))

    def events(self) -> list[SyncEvent]:
        """Oldest first."""
        return sorted(self._of("SYN#", "EVENT", SyncEvent), key=lambda one: one.id)

    def targets(self) -> list[ConnectorTarget]:
        return sorted(self._of("CTG#", "TARGET", ConnectorTarget), key=lambda one: one.id)

    def keys(self, prefix: str = "") -> list[str]:
        pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [content["Key"] for page in pages for content in page.get("Contents", [])]

    def _of(self, pk: str, sk: str, kind: type[T]) -> Iterator[T]:
        for item in self.items():
            if item["pk"]["S"].startswith(pk) and item["sk"]["S"].startswith(sk):
                yield decode(kind, item)


__all__ = ["FileEntry", "Rows", "VersionRepository"]
