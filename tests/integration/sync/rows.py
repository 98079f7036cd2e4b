"""What a deployment holds, read past its services: every row of the table, and every key of the bucket."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import boto3
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from shared.domain.config_object import ConfigObject
from shared.domain.connector import Binding, ConnectorTarget, Tombstone
from shared.domain.plugin import PluginMembership
from shared.domain.sync_event import SyncEvent
from shared.repositories.codec import decode
from tests.fixtures.stack import REGION

T = TypeVar("T")


@dataclass(frozen=True)
class Rows:
    table: str
    bucket: str

    def items(self) -> list[dict[str, Any]]:
        """Read from moto's memory: a scan through its front takes a second for a few hundred rows."""
        partitions = moto_table(self.table).items.values()
        return [_attributes(item) for partition in partitions for item in partition.values()]

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


def moto_table(name: str) -> Any:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[name]


def _attributes(item: Any) -> dict[str, Any]:
    return {name: _value(attribute) for name, attribute in item.attrs.items()}


def _value(attribute: Any) -> dict[str, Any]:
    value = attribute.value
    if attribute.type == "M":
        value = {name: _value(inner) for name, inner in value.items()}
    elif attribute.type == "L":
        value = [_value(inner) for inner in value]
    return {attribute.type: value}
