"""How many clients have which content of a plugin: counted with each report, so that nobody ever counts rows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from shared.domain.client_state import Adoption, Change, ClientKind, InstalledPlugin
from shared.domain.errors import Stale
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import timestamp
from shared.repositories.keys import Key
from shared.repositories.table import DUE, Item, Table
from shared.repositories.unit_of_work import UnitOfWork, where

_TIDIED_AFTER: Final = timedelta(hours=1)


class AdoptionRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, org_id: str, kind: ClientKind, change: Change, at: datetime, work: UnitOfWork) -> None:
        """Move one client of this kind from the content that it had to the one that it has."""
        old, new = _counts(kind, change.before), _counts(kind, change.after)
        for digest in sorted(old.keys() | new.keys()):
            before, after = old.get(digest, {}), new.get(digest, {})
            more = {name: after.get(name, 0) - before.get(name, 0) for name in sorted(before | after)}
            increase = {name: amount for name, amount in more.items() if amount}
            if increase:
                named = _named(change, digest) | (_due(change.plugin_id, digest, at) if digest not in new else {})
                work.update(keys.adoption(org_id, change.plugin_id, digest), assign=named, increase=increase)

    def list_page(self, org_id: str, plugin_id: str, page: PageRequest) -> Page[Adoption]:
        """Contents that some client has, in the order of their digests; a page may be short and go on."""
        after = keys.ADOPTION + page.after if page.after else None
        pk = keys.plugin(org_id, plugin_id).pk
        found = self._table.query(pk, prefix=keys.ADOPTION, after=after, limit=page.limit)
        rows = [_to_adoption(item) for item in found.items]
        return Page([one for one in rows if one.clients > 0], rows[-1].digest if found.more else None)

    def list_left(self, shard: str, at: datetime, limit: int) -> dict[Key, int]:
        """Of one shard, the counts that somebody left a while ago: how many are counted there now."""
        found = self._table.query(shard, index=DUE, prefix="adp#", until=f"adp#{timestamp(at)}", limit=limit)
        return {key: int(row["clients"]["N"]) for key, row in self._table.batch_get(found.keys).items()}

    def tidy(self, key: Key, clients: int, work: UnitOfWork) -> None:
        """Remove a count of nobody; any other is looked at again when the next one leaves.

        Raises: Stale, on commit, when it has changed meanwhile.
        """
        if clients == 0:
            work.delete(key, when=where(clients=0), otherwise=Stale())
        else:
            work.update(key, remove=("due_pk", "due_sk"), when=where(clients=clients), otherwise=Stale())


def _counts(kind: ClientKind, installed: InstalledPlugin | None) -> dict[str, dict[str, int]]:
    """What one client adds to the counts, by digest."""
    if installed is None:
        return {}
    return {installed.digest: {"clients": 1, "drifted": int(installed.drifted > 0), _counter(kind): 1}}


def _counter(kind: ClientKind) -> str:
    """DynamoDB takes letters, digits and underscores for a placeholder."""
    return f"of_{kind.value.replace('-', '_')}"


def _named(change: Change, digest: str) -> dict[str, object]:
    known = [one.version for one in (change.before, change.after) if one and one.digest == digest and one.version]
    return {"version": known[-1]} if known else {}


def _due(plugin_id: str, digest: str, at: datetime) -> dict[str, object]:
    """The last one may have left: the sweep looks after it."""
    place = f"adp#{timestamp(at + _TIDIED_AFTER)}#{plugin_id}#{digest}"
    return {"due_pk": keys.due_shard(digest), "due_sk": place}


def _to_adoption(item: Item) -> Adoption:
    numbers: Mapping[str, int] = {name: int(value["N"]) for name, value in item.items() if "N" in value}
    kinds = {kind: numbers.get(_counter(kind), 0) for kind in ClientKind}
    return Adoption(
        item["sk"]["S"].removeprefix(keys.ADOPTION),
        item.get("version", {}).get("S"),
        numbers.get("clients", 0),
        numbers.get("drifted", 0),
        {kind: count for kind, count in kinds.items() if count},
    )
