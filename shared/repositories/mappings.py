"""Mappings: rows of their target's partition."""

from collections.abc import Iterable

from shared.domain.connector import Mapping
from shared.domain.errors import Conflict, Stale
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import assignments, decode, encode
from shared.repositories.table import EDGE, Table
from shared.repositories.unit_of_work import UnitOfWork, where


class MappingRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, mapping: Mapping, work: UnitOfWork) -> None:
        edge = {"edge_pk": keys.mapping_edge(mapping.org_id, mapping.id), "edge_sk": mapping.target_id}
        key = keys.mapping(mapping.org_id, mapping.target_id, mapping.id)
        work.add(encode(key, mapping, edge), Conflict("This mapping already exists."))

    def replace(self, mapping: Mapping, seen_revision: int, work: UnitOfWork) -> None:
        """Write it over the state that was read. Raises: Stale, on commit, when it has changed since."""
        key = keys.mapping(mapping.org_id, mapping.target_id, mapping.id)
        work.update(key, assign=assignments(mapping), when=where(revision=seen_revision), otherwise=Stale())

    def remove(self, org_id: str, target_id: str, mapping_id: str, work: UnitOfWork) -> None:
        work.delete(keys.mapping(org_id, target_id, mapping_id))

    def find(self, org_id: str, mapping_id: str) -> Mapping | None:
        found = self._table.query(keys.mapping_edge(org_id, mapping_id), index=EDGE, limit=1)
        if not found.items:
            return None
        item = self._table.get(found.keys[0])
        return decode(Mapping, item) if item else None

    def list_all(self, org_id: str, target_id: str) -> list[Mapping]:
        """Every mapping of a target: bounded by the limit of mappings per target."""
        found = self._table.query(keys.target(org_id, target_id).pk, prefix=keys.MAPPING)
        return [decode(Mapping, item) for item in found.items]

    def list_each(self, org_id: str, target_ids: Iterable[str]) -> list[Mapping]:
        """Every mapping of several targets: one query each, side by side."""
        partitions = [keys.target(org_id, each).pk for each in target_ids]
        found = self._table.query_each(partitions, prefix=keys.MAPPING) if partitions else []
        return [decode(Mapping, item) for part in found for item in part.items]

    def list_page(self, org_id: str, target_id: str, page: PageRequest) -> Page[Mapping]:
        after = keys.MAPPING + page.after if page.after else None
        pk = keys.target(org_id, target_id).pk
        found = self._table.query(pk, prefix=keys.MAPPING, after=after, limit=page.limit)
        rows = [decode(Mapping, item) for item in found.items]
        return Page(rows, rows[-1].id if found.more else None)
