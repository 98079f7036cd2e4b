"""Contents that plugins deliver or delivered lately, by their digests; those that were replaced expire."""

import zlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from shared.domain.errors import Stale
from shared.domain.kept_content import KeptContent
from shared.domain.release import PromotedRelease, ReleaseContents
from shared.repositories import keys
from shared.repositories.codec import plain
from shared.repositories.table import Item, Table
from shared.repositories.unit_of_work import ABSENT, Condition, UnitOfWork

_LARGEST: Final = 300 * 1024
"""Bytes of a compressed list of items: a row takes 400 KB, and the list of 5,000 items is shorter than this."""


class KeptContentRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, org_id: str, plugin_id: str, digest: str) -> KeptContent | None:
        item = self._table.get(keys.kept_content(org_id, plugin_id, digest))
        # What outgrows a row, or was delivered before contents were kept, has a row that only expires.
        return _to_content(org_id, plugin_id, digest, item) if item and "packed" in item else None

    def keep(self, content: KeptContent, work: UnitOfWork) -> None:
        """Of what is delivered now; also what expired, or was about to. Delivery may do no more than update."""
        work.update(_key(content), assign={**_fields(content), "expires_at": None})

    def keep_replaced(self, content: KeptContent, until: datetime, work: UnitOfWork) -> None:
        """Of what was read and is not delivered any more. Raises: Stale, on commit, for what is kept already."""
        expires = {"expires_at": int(until.timestamp())}
        work.update(_key(content), assign={**_fields(content), **expires}, when=Condition(ABSENT), otherwise=Stale())

    def replace(self, org_id: str, plugin_id: str, digest: str, until: datetime, work: UnitOfWork) -> None:
        """Let it expire: the plugin delivers another."""
        work.update(keys.kept_content(org_id, plugin_id, digest), assign={"expires_at": int(until.timestamp())})


def _key(content: KeptContent) -> keys.Key:
    return keys.kept_content(content.org_id, content.plugin_id, content.digest)


def _fields(content: KeptContent) -> Mapping[str, object]:
    packed = zlib.compress(content.contents.to_json(), 6)
    return {
        "content_version": content.content_version,
        "packed": packed if len(packed) <= _LARGEST else None,
        "promoted": asdict(content.promoted) if content.promoted is not None else None,
    }


def _to_content(org_id: str, plugin_id: str, digest: str, item: Item) -> KeptContent:
    promoted, expires = item.get("promoted"), item.get("expires_at")
    return KeptContent(
        org_id,
        plugin_id,
        digest,
        int(item["content_version"]["N"]),
        ReleaseContents.from_json(zlib.decompress(item["packed"]["B"])),
        PromotedRelease(**plain(promoted)) if promoted else None,
        datetime.fromtimestamp(int(expires["N"]), UTC) if expires else None,
    )
