"""Grants: the audited row, and the compact copy on the resource that access rules read."""

from collections.abc import Iterable

from shared.domain.errors import Stale
from shared.domain.grant import Grant
from shared.repositories import keys
from shared.repositories.codec import decode, encode
from shared.repositories.table import Table
from shared.repositories.unit_of_work import UnitOfWork, where


class GrantRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, grant: Grant, work: UnitOfWork, *, listed: bool = True) -> None:
        """The row of a grant whose resource is being created with it on board.

        Unless it is `listed`, what was granted to its principal does not name the resource before `enlist`.
        """
        work.put(_to_item(grant, listed=listed))

    def enlist(self, grant: Grant, work: UnitOfWork) -> None:
        """Raises: Stale, on commit, when it was taken back meanwhile."""
        key = keys.grant(grant.org_id, grant.resource.id, grant.principal)
        work.update(key, assign=_edge(grant), when=where(removed_at=None), otherwise=Stale())

    def put(self, grant: Grant, seen_revision: int, work: UnitOfWork) -> None:
        """Give, change or (stamped `removed_at`) take back a grant, over the resource that was read.

        Raises: Stale, on commit, when its grants have changed since: what was decided by them may no longer hold.
        """
        work.put(_to_item(grant))
        field = f"grants.{grant.principal}"
        gone = grant.removed_at is not None
        work.update(
            keys.resource(grant.org_id, grant.resource.id),
            assign={} if gone else {field: grant.role},
            remove=(field,) if gone else (),
            increase={"revision": 1},
            when=where(revision=seen_revision),
            otherwise=Stale(),
        )

    def find(self, org_id: str, resource_id: str, principal: str) -> Grant | None:
        item = self._table.get(keys.grant(org_id, resource_id, principal))
        return decode(Grant, item) if item else None

    def find_of_principal(self, org_id: str, resource_ids: Iterable[str], principal: str) -> list[Grant]:
        """One principal's grants on each of these resources, removed ones too, in one read."""
        rows = self._table.batch_get(keys.grant(org_id, one, principal) for one in resource_ids)
        return [decode(Grant, row) for row in rows.values()]

    def list_all(self, org_id: str, resource_id: str) -> list[Grant]:
        """Active and removed ones; bounded by the limit of grants per resource."""
        pk = keys.resource(org_id, resource_id).pk
        return [decode(Grant, item) for item in self._table.query(pk, prefix=keys.GRANT).items]


def _to_item(grant: Grant, *, listed: bool = True) -> dict[str, object]:
    """An active grant is an edge from its principal; a removed one leaves that list and stays as history."""
    active = grant.removed_at is None
    key = keys.grant(grant.org_id, grant.resource.id, grant.principal)
    return dict(encode(key, grant, (_edge(grant) if active and listed else {})))


def _edge(grant: Grant) -> dict[str, object]:
    return {"edge_pk": keys.principal_edge(grant.org_id, grant.principal), "edge_sk": grant.resource.id}
