"""How many clients have which content of a plugin: counted with each report, so that nobody ever counts rows."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from shared.domain.client_state import Adoption, Change, ClientKind, ClientState, InstalledPlugin
from shared.domain.errors import Stale
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import timestamp
from shared.repositories.keys import Key
from shared.repositories.table import DUE, Item, Table
from shared.repositories.unit_of_work import ABSENT, Condition, UnitOfWork, where

Adopters = Mapping[Key, int | None]
"""How many clients of one member have a content, by the row that says so; None where there is no row."""

_TIDIED_AFTER: Final = timedelta(hours=1)
_ENDED_FOR: Final = timedelta(days=1)


class AdoptionRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def find_adopters(self, state: ClientState, changes: Iterable[Change]) -> Adopters:
        """How many clients of this client's member have the contents that it is to leave and to take; one batch."""
        wanted = [key for change in changes for key in _adopters(state, change)]
        rows = self._table.batch_get(wanted) if wanted else {}
        return {key: int(rows[key]["clients"]["N"]) if key in rows else None for key in wanted}

    def count(self, state: ClientState, change: Change, adopters: Adopters, at: datetime, work: UnitOfWork) -> None:
        """Move a client from the content that it had to the one that it has.

        Raises: Stale, on commit, when another client of the same member moved since `adopters` were found.
        """
        old, new = _counts(state.kind, change.before), _counts(state.kind, change.after)
        members = self._count_adopters(state, change, adopters, at, work)
        for digest in sorted(old.keys() | new.keys()):
            before, after = old.get(digest, {}), new.get(digest, {})
            more = {name: after.get(name, 0) - before.get(name, 0) for name in sorted(before | after)}
            increase = {name: amount for name, amount in {**more, "members": members.get(digest, 0)}.items() if amount}
            if increase:
                named = _named(change, digest) | (_due(change.plugin_id, digest, at) if digest not in new else {})
                work.update(keys.adoption(state.org_id, change.plugin_id, digest), assign=named, increase=increase)

    def _count_adopters(
        self, state: ClientState, change: Change, adopters: Adopters, at: datetime, work: UnitOfWork
    ) -> dict[str, int]:
        """What the move does to the number of members, by digest: their first client comes, or their last one goes."""
        members = {}
        for key, (digest, step) in _adopters(state, change).items():
            seen = adopters[key]
            now = (seen or 0) + step
            # Delivery deletes nothing: what counts nobody expires.
            ended = int((at + _ENDED_FOR).timestamp()) if now == 0 else None
            when = where(clients=seen) if seen is not None else Condition(ABSENT)
            work.update(key, assign={"clients": now, "expires_at": ended}, when=when, otherwise=Stale())
            members[digest] = step if (now, step) in ((1, 1), (0, -1)) else 0
        return members

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


def _adopters(state: ClientState, change: Change) -> dict[Key, tuple[str, int]]:
    """The counts of one member's clients that a change moves, each with its digest and by how much."""
    left, taken = change.before, change.after
    if state.member_id is None or (left and taken and left.digest == taken.digest):
        return {}
    moved = [(one.digest, step) for one, step in ((left, -1), (taken, 1)) if one is not None]
    return {
        keys.adopter(state.org_id, change.plugin_id, digest, state.member_id): (digest, step) for digest, step in moved
    }


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
        numbers.get("members", 0),
        numbers.get("drifted", 0),
        {kind: count for kind, count in kinds.items() if count},
    )
