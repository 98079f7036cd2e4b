"""Plugins that are created in several transactions: their rows until they are whole, and what was written for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.domain.errors import Retryable, Stale
from shared.domain.plugin import Plugin
from shared.domain.plugin_preparation import Preparation, Stage
from shared.repositories import keys
from shared.repositories.codec import decode, encode, timestamp
from shared.repositories.plugins import listing_of
from shared.repositories.table import DUE, Table
from shared.repositories.unit_of_work import UnitOfWork, where

_NOT_DUE: Final = dict.fromkeys(("due_pk", "due_sk"))
_PREPARING: Final = where(unfinished=Stage.PREPARING)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was written for a plugin that is to be withdrawn: ids of its members, of its marketplaces, principals.

    `created` are the config objects that exist only for it, each with its version, if it has one.
    """

    members: frozenset[str]
    created: dict[str, str | None]
    marketplaces: frozenset[str]
    principals: frozenset[str]


class PluginPreparationRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, plugin: Plugin, due: datetime, work: UnitOfWork) -> None:
        """The plugin's row, in no list and hidden from every read; `due` is when it is looked after if left behind."""
        more = {
            "unfinished": Stage.PREPARING,
            "due_pk": keys.due_shard(plugin.id),
            "due_sk": f"plg#{timestamp(due)}#{plugin.id}",
        }
        work.add(encode(keys.plugin(plugin.org_id, plugin.id), plugin, more), Stale())

    def go_on(self, plugin: Plugin, created_ids: Iterable[str], work: UnitOfWork) -> None:
        """Note the config objects that this transaction creates.

        Raises: Retryable, on commit, once the plugin was withdrawn: nothing is written for it any more.
        """
        key, created = keys.plugin(plugin.org_id, plugin.id), frozenset(created_ids)
        if created:
            work.update(key, insert={"unlisted_ids": created}, when=_PREPARING, otherwise=_withdrawn())
        else:
            work.check(key, _PREPARING, _withdrawn())

    def finish(self, plugin: Plugin, all_listed: bool, work: UnitOfWork) -> None:
        """From this write on it is a plugin like any other. Raises: Retryable, on commit, once it was withdrawn."""
        work.update(
            keys.plugin(plugin.org_id, plugin.id),
            assign={"unfinished": None, **listing_of(plugin), **(_NOT_DUE if all_listed else {})},
            when=_PREPARING,
            otherwise=_withdrawn(),
        )

    def withdraw(self, found: Preparation, work: UnitOfWork) -> None:
        """From this write on it can never be finished. Raises: Stale, on commit, when it was."""
        key = keys.plugin(found.org_id, found.id)
        work.update(key, assign={"unfinished": Stage.WITHDRAWN}, when=_PREPARING, otherwise=Stale())

    def note_listed(self, found: Preparation, work: UnitOfWork) -> None:
        """Nothing is left to do for it."""
        key = keys.plugin(found.org_id, found.id)
        work.update(key, assign={"unlisted_ids": None, **_NOT_DUE}, when=where(id=found.id), otherwise=Stale())

    def find(self, org_id: str, plugin_id: str) -> Preparation | None:
        item = self._table.get(keys.plugin(org_id, plugin_id))
        return decode(Preparation, item) if item else None

    def list_overdue(self, shard: str, until: datetime, limit: int) -> list[Preparation]:
        """Those of one shard that were left behind."""
        found = self._table.query(shard, index=DUE, prefix="plg#", until=f"plg#{timestamp(until)}", limit=limit)
        return [decode(Preparation, row) for row in self._table.batch_get(found.keys).values()]

    def find_prepared(self, found: Preparation) -> Prepared:
        """A query of the plugin's own partition, and a batch of what it names elsewhere."""
        own = [one.sk for one in self._table.query(keys.plugin(found.org_id, found.id).pk).keys]
        held = {keys.marketplace_member(found.org_id, one, found.id): one for one in found.marketplace_ids}
        objects = {keys.config_object(found.org_id, one): one for one in found.unlisted_ids}
        rows = self._table.batch_get([*held, *objects], only=["head_version_id"])
        heads = {one: rows[key].get("head_version_id", {}).get("S") for key, one in objects.items() if key in rows}
        return Prepared(
            members=frozenset(sk.removeprefix(keys.MEMBERSHIP) for sk in own if sk.startswith(keys.MEMBERSHIP)),
            created=heads,
            marketplaces=frozenset(one for key, one in held.items() if key in rows),
            principals=frozenset(sk.removeprefix(keys.GRANT) for sk in own if sk.startswith(keys.GRANT)),
        )

    def remove_member(self, found: Preparation, object_id: str, work: UnitOfWork) -> None:
        """Out of an object that was there before."""
        work.delete(keys.membership(found.org_id, found.id, object_id))
        key = keys.config_object(found.org_id, object_id)
        work.update(key, discard={"plugin_ids": found.id}, increase={"revision": 1})

    def remove_created(self, found: Preparation, object_id: str, version_id: str | None, work: UnitOfWork) -> None:
        """An object that nobody has ever seen: no list named it, and no answer gave its id."""
        work.delete(keys.membership(found.org_id, found.id, object_id))
        work.delete(keys.config_object(found.org_id, object_id))
        work.delete(keys.grant(found.org_id, object_id, found.created_by))
        if version_id is not None:
            work.delete(keys.version(found.org_id, object_id, version_id))

    def remove_grant(self, found: Preparation, principal: str, work: UnitOfWork) -> None:
        work.delete(keys.grant(found.org_id, found.id, principal))

    def remove_from_marketplace(self, found: Preparation, marketplace_id: str, work: UnitOfWork) -> None:
        work.delete(keys.marketplace_member(found.org_id, marketplace_id, found.id))
        key = keys.marketplace(found.org_id, marketplace_id)
        work.update(key, discard={"plugin_ids": found.id}, increase={"revision": 1})

    def remove(self, found: Preparation, work: UnitOfWork) -> None:
        """The row itself, last of all. Raises: Stale, on commit, when another one was faster."""
        key = keys.plugin(found.org_id, found.id)
        work.delete(key, when=where(unfinished=Stage.WITHDRAWN), otherwise=Stale())


def _withdrawn() -> Retryable:
    return Retryable("Creating this plugin took too long, and it was withdrawn; repeat the request.")
