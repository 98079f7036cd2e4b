"""Versions of config objects: written once, never changed."""

import json
import zlib
from collections.abc import Iterable

from shared.domain.config_object import Version
from shared.domain.content import FileEntry
from shared.domain.errors import Stale
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import decode, encode
from shared.repositories.table import Item, Table
from shared.repositories.unit_of_work import UnitOfWork


class VersionRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, version: Version, work: UnitOfWork) -> None:
        # An id that is taken means that another writer was as fast: its head is newer than the one we read.
        work.add(_to_item(version), Stale())

    def find_all(self, org_id: str, wanted: Iterable[tuple[str, str]]) -> dict[str, Version]:
        """Versions by id, of (config object id, version id) pairs."""
        rows = self._table.batch_get(keys.version(org_id, *pair) for pair in wanted)
        versions = [_to_version(item) for item in rows.values()]
        return {version.id: version for version in versions}

    def find(self, org_id: str, object_id: str, version_id: str) -> Version | None:
        return self.find_all(org_id, [(object_id, version_id)]).get(version_id)

    def list_page(self, org_id: str, object_id: str, page: PageRequest) -> Page[Version]:
        """Newest first."""
        pk = keys.config_object(org_id, object_id).pk
        after = keys.VERSION + page.after if page.after else None
        found = self._table.query(pk, prefix=keys.VERSION, after=after, limit=page.limit, newest_first=True)
        versions = [_to_version(item) for item in found.items]
        return Page(versions, versions[-1].id if found.more else None)


def _to_item(version: Version) -> Item:
    # 2,000 files would outgrow an item of 400 KB as attributes; compressed they take a quarter of it.
    rows = [[entry.path, entry.sha256, entry.size, entry.mode] for entry in version.files]
    packed = zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 6)
    key = keys.version(version.org_id, version.config_object_id, version.id)
    return encode(key, version, {"packed_files": packed}, without=["files"])


def _to_version(item: Item) -> Version:
    rows = json.loads(zlib.decompress(item["packed_files"]["B"]))
    return decode(Version, item, files=[FileEntry(*row) for row in rows])
