"""Everything that roles are given on, whatever its kind: by who may use it, and as far as access needs it."""

from collections.abc import Iterable

from shared.domain.paging import Page, PageRequest
from shared.domain.way_in import KINDS, Resource
from shared.repositories import keys
from shared.repositories.codec import decode
from shared.repositories.plugins import UNFINISHED
from shared.repositories.table import EDGE, LIST, Index, Item, Table

_SHOWN = ("id", "name", "title", "status", "created_by", "grants", "type", UNFINISHED)


class ResourceRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def list_granted_ids(self, org_id: str, principals: Iterable[str], prefix: str, page: PageRequest) -> Page[str]:
        """What was granted to any of the principals, in id order: a query each, side by side."""
        edges = [keys.principal_edge(org_id, principal) for principal in sorted(principals)]
        return self._ids(edges, EDGE, prefix, page)

    def list_ids(self, org_id: str, prefix: str, page: PageRequest) -> Page[str]:
        """Everything in the org, in id order: a query per kind, side by side."""
        kinds = [kind for kind in KINDS.values() if f"{kind}_".startswith(prefix)]
        return self._ids([keys.listing(org_id, kind) for kind in kinds], LIST, prefix, page)

    def find_all(self, org_id: str, ids: Iterable[str]) -> dict[str, Resource]:
        """A few attributes of each row, in one batch; what is not finished is as absent as what is unknown."""
        rows = self._table.batch_get((keys.resource(org_id, one) for one in ids), only=_SHOWN)
        found = [decode(Resource, _named(row)) for row in rows.values() if UNFINISHED not in row]
        return {resource.id: resource for resource in found}

    def _ids(self, partitions: list[str], index: Index, prefix: str, page: PageRequest) -> Page[str]:
        found = self._table.query_each(partitions, index=index, prefix=prefix, after=page.after, limit=page.limit)
        ids = sorted({item[f"{index.name}_sk"]["S"] for part in found for item in part.items})
        more = any(part.more for part in found) or len(ids) > page.limit
        return Page(ids[: page.limit], ids[: page.limit][-1] if more else None)


def _named(row: Item) -> Item:
    return {**row, "name": row["title"]} if "title" in row else row
