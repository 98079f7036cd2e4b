"""Connector accounts, and the claims that let an org bind one."""

from collections.abc import Mapping as MappingOf
from datetime import datetime

from shared.domain.connector import ConnectorAccount
from shared.domain.errors import Conflict, Stale
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import attribute_values, decode, encode
from shared.repositories.table import EDGE, LIST, Table, attribute_key
from shared.repositories.unit_of_work import UnitOfWork, where


class ConnectorAccountRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, account: ConnectorAccount, work: UnitOfWork) -> None:
        work.add(
            encode(
                keys.account(account.org_id, account.id),
                account,
                {
                    "list_pk": keys.listing(account.org_id, "cac"),
                    "list_sk": account.id,
                    "edge_pk": keys.remote_edge(account.type, account.remote_id),
                    "edge_sk": f"{account.org_id}#{account.id}",
                },
            ),
            Conflict("This connector account already exists."),
        )
        name = keys.name(account.org_id, "cac", account.type, account.remote_id)
        taken = Conflict(f"remoteId: installation {account.remote_id} is already bound to this organization")
        work.add(attribute_key(name) | attribute_values({"resource_id": account.id}), taken)

    def find(self, org_id: str, account_id: str) -> ConnectorAccount | None:
        item = self._table.get(keys.account(org_id, account_id))
        return decode(ConnectorAccount, item) if item else None

    def list_by_remote(self, connector_type: str, remote_id: str) -> list[ConnectorAccount]:
        """The accounts of an installation, in every org that has bound it."""
        found = self._table.query(keys.remote_edge(connector_type, remote_id), index=EDGE)
        rows = self._table.batch_get(keys.account(*_split(item["edge_sk"]["S"])) for item in found.items)
        return [decode(ConnectorAccount, row) for row in rows.values()]

    def is_bound(self, connector_type: str, remote_id: str) -> bool:
        """Whether any org has bound an installation."""
        return bool(self._table.query(keys.remote_edge(connector_type, remote_id), index=EDGE, limit=1).items)

    def update(self, account: ConnectorAccount, changes: MappingOf[str, object], work: UnitOfWork) -> None:
        """Change the account that was read. Raises: Stale, on commit, when it has changed since."""
        work.update(
            keys.account(account.org_id, account.id),
            assign=changes,
            increase={"revision": 1},
            when=where(revision=account.revision),
            otherwise=Stale(),
        )

    def list_page(self, org_id: str, page: PageRequest) -> Page[ConnectorAccount]:
        found = self._table.query(keys.listing(org_id, "cac"), index=LIST, after=page.after, limit=page.limit)
        ids = [item["list_sk"]["S"] for item in found.items]
        rows = self._table.batch_get(keys.account(org_id, i) for i in ids)
        accounts = [decode(ConnectorAccount, row) for i in ids if (row := rows.get(keys.account(org_id, i)))]
        return Page(accounts, ids[-1] if found.more else None)

    def claim(self, connector_type: str, remote_id: str, org_id: str, at: datetime, work: UnitOfWork) -> None:
        """Record that the deployment's operator (or a completed install) lets this org bind an installation."""
        row = attribute_key(keys.claim(connector_type, remote_id, org_id))
        work.put(row | attribute_values({"created_at": at}))

    def is_claimed(self, connector_type: str, remote_id: str, org_id: str) -> bool:
        return self._table.get(keys.claim(connector_type, remote_id, org_id)) is not None


def _split(edge: str) -> tuple[str, str]:
    org_id, _, account_id = edge.partition("#")
    return org_id, account_id
