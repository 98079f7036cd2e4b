"""Releases: written once beside their plugin, never changed."""

from shared.domain.errors import Stale, VersionTaken
from shared.domain.paging import Page, PageRequest
from shared.domain.release import Release
from shared.domain.semver import without_build
from shared.repositories import keys
from shared.repositories.codec import attribute_values, decode, encode
from shared.repositories.table import Table, attribute_key
from shared.repositories.unit_of_work import UnitOfWork


class ReleaseRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, release: Release, work: UnitOfWork) -> None:
        """With a guard row for its version, of which a plugin has each but once."""
        key = keys.release_version(release.org_id, release.plugin_id, without_build(release.version))
        work.add(attribute_key(key) | attribute_values({"resource_id": release.id}), VersionTaken(release.version))
        work.add(encode(keys.release(release.org_id, release.plugin_id, release.id), release), Stale())

    def find_all(self, org_id: str, plugin_id: str, *release_ids: str) -> dict[str, Release]:
        rows = self._table.batch_get(keys.release(org_id, plugin_id, each) for each in release_ids)
        found = [decode(Release, item) for item in rows.values()]
        return {one.id: one for one in found}

    def list_page(self, org_id: str, plugin_id: str, page: PageRequest) -> Page[Release]:
        """Newest first."""
        pk = keys.plugin(org_id, plugin_id).pk
        after = keys.RELEASE + page.after if page.after else None
        found = self._table.query(pk, prefix=keys.RELEASE, after=after, limit=page.limit, newest_first=True)
        rows = [decode(Release, item) for item in found.items]
        return Page(rows, rows[-1].id if found.more else None)
