"""Clients and what they have installed: one row a client, and one for each of its plugins, by which they are found."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shared.domain.client_state import ClientState, Drift, FoundClient, InstalledItem, InstalledPlugin
from shared.domain.errors import Stale
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import assignments, decode, timestamp
from shared.repositories.keys import Key
from shared.repositories.table import DUE, EDGE, LIST, Index, Item, Table
from shared.repositories.unit_of_work import ABSENT, Condition, UnitOfWork, where

_SHOWN: Final = (
    "id", "org_id", "holder", "kind", "created_at", "reported_at", "name", "version", "plugin_count", "drifted",
    "revision", "plugin_id", "digest", "release_id", "edge_pk", "installed_drifted",
)  # fmt: skip
"""Of both kinds of row; what is packed stays where it is."""


@dataclass(frozen=True, slots=True)
class ClientPlaces:
    """Where to look for clients: in the whole org, among one holder's, or among those that have a plugin."""

    org_id: str
    holder: str | None = None
    plugin_id: str | None = None

    @property
    def index(self) -> tuple[Index, str]:
        if self.plugin_id is not None:
            return EDGE, keys.plugin(self.org_id, self.plugin_id).pk
        if self.holder is not None:
            return EDGE, keys.clients_edge(self.org_id, self.holder)
        return LIST, keys.listing(self.org_id, "cli")


class ClientRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, org_id: str, holder: str, client_id: str) -> ClientState | None:
        item = self._table.get(keys.client(org_id, holder, client_id))
        return _to_state(item) if item else None

    def count_of(self, org_id: str, holder: str, most: int) -> int:
        """How many clients a holder has, as the index knows; never more than `most`."""
        return len(self._table.query(keys.clients_edge(org_id, holder), index=EDGE, limit=most).items)

    def list_page(self, places: ClientPlaces, page: PageRequest) -> Page[FoundClient]:
        """In id order, without what they have installed: a query, and a batch per hundred rows, side by side."""
        index, pk = places.index
        found = self._table.query(pk, index=index, prefix="cli_", after=page.after, limit=page.limit)
        ats = [(key.pk, item[f"{index.name}_sk"]["S"]) for key, item in zip(found.keys, found.items, strict=True)]
        wanted = [key for at, _ in ats for key in _rows_at(at, places.plugin_id)]
        rows = self._table.batch_get(wanted, only=_SHOWN)
        clients = [_found([rows.get(key) for key in _rows_at(at, places.plugin_id)], place) for at, place in ats]
        return Page([one for one in clients if one is not None], ats[-1][1] if found.more else None)

    def put(self, state: ClientState, work: UnitOfWork) -> None:
        """Write what a client has as of a revision. Raises: Stale, on commit, when another report was faster.

        An update, also of what is new: delivery may do no more than that.
        """
        place = _place(state)
        more = {
            "packed": _packed(state.installed),
            "list_pk": keys.listing(state.org_id, "cli"),
            "list_sk": place,
            "edge_pk": keys.clients_edge(state.org_id, state.holder),
            "edge_sk": place,
            "due_pk": keys.due_shard(state.id),
            "due_sk": f"cli#{timestamp(state.forgotten_at)}#{place}",
        }
        seen = Condition(ABSENT) if state.revision == 1 else where(revision=state.revision - 1)
        changes = {**assignments(state, without=["installed"]), **more}
        work.update(_key(state), assign=changes, when=seen, otherwise=Stale())

    def put_installed(self, state: ClientState, installed: InstalledPlugin, work: UnitOfWork) -> None:
        """What makes the client one of those that have the plugin."""
        key = keys.installed(state.org_id, state.holder, state.id, installed.plugin_id)
        more = {
            "installed_drifted": installed.drifted,
            "edge_pk": keys.plugin(state.org_id, installed.plugin_id).pk,
            "edge_sk": _place(state),
            "expires_at": None,
        }
        work.update(key, assign={**assignments(installed, without=["items"]), **more})

    def end_installed(self, state: ClientState, plugin_id: str, expires: datetime, work: UnitOfWork) -> None:
        """Out of every index at once; delivery may delete nothing, so the row itself expires."""
        ended = {"edge_pk": None, "edge_sk": None, "expires_at": int(expires.timestamp())}
        work.update(keys.installed(state.org_id, state.holder, state.id, plugin_id), assign=ended)

    def list_overdue(self, shard: str, at: datetime, limit: int) -> list[ClientState]:
        """Clients of one shard that have not reported for as long as they are remembered."""
        found = self._table.query(shard, index=DUE, prefix="cli#", until=f"cli#{timestamp(at)}", limit=limit)
        states = [_to_state(row) for row in self._table.batch_get(found.keys).values()]
        return [state for state in states if state.forgotten_at <= at]

    def remove(self, state: ClientState, work: UnitOfWork) -> None:
        """Raises: Stale, on commit, when it has reported meanwhile."""
        work.delete(_key(state), when=where(revision=state.revision), otherwise=Stale())


def _key(state: ClientState) -> Key:
    return keys.client(state.org_id, state.holder, state.id)


def _place(state: ClientState) -> str:
    return f"{state.id}#{state.holder}"


def _rows_at(partition: str, plugin_id: str | None) -> list[Key]:
    """A client's row, and that of the plugin which it was found by."""
    state, install = Key(partition, "STATE"), Key(partition, f"PLUGIN#{plugin_id}")
    return [state] if plugin_id is None else [state, install]


def _found(rows: Sequence[Item | None], place: str) -> FoundClient | None:
    """None where the index still names what is gone: rows are read consistently, it is not."""
    if any(row is None or "edge_pk" not in row for row in rows):
        return None
    state, *installs = (row for row in rows if row is not None)
    plugin = decode(InstalledPlugin, installs[0]) if installs else None
    drifted = int(installs[0]["installed_drifted"]["N"]) if installs else 0
    return FoundClient(decode(ClientState, state), plugin, drifted, place)


def _packed(installed: Sequence[InstalledPlugin]) -> bytes:
    """As attributes, two thousand items would outgrow a row; compressed they take a fourth of it."""
    rows = [
        [one.plugin_id, one.digest, one.version, one.release_id,
         [[item.config_object_id, item.digest, item.drift] for item in one.items]]
        for one in installed
    ]  # fmt: skip
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 6)


def _to_state(item: Item) -> ClientState:
    rows = json.loads(zlib.decompress(item["packed"]["B"]))
    return decode(ClientState, item, installed=[_to_installed(row) for row in rows])


def _to_installed(row: Sequence[Any]) -> InstalledPlugin:
    plugin_id, digest, version, release_id, items = row
    read = (InstalledItem(object_id, of, Drift(drift) if drift else None) for object_id, of, drift in items)
    return InstalledPlugin(plugin_id, digest, version, release_id, tuple(read))
