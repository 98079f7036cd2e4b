"""Config objects: the current state of each, in one row."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Final

from shared.domain.config_object import MAX_PLUGINS, ConfigObject, ObjectHead
from shared.domain.errors import Conflict, Stale, TooLarge
from shared.domain.paging import Page
from shared.domain.search import indexed_form, terms_of
from shared.domain.staleness import StoppedTargets
from shared.repositories import keys
from shared.repositories.codec import assignments, decode, encode, timestamp
from shared.repositories.stopped_targets import read_stopped
from shared.repositories.table import DUE, EDGE, LIST, Table
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork, where

OVERDUE_AFTER: Final = timedelta(minutes=15)
"""The stream brings an object's postings up to date within seconds; past this, something was lost or failed."""

UNINDEXED: Final = Condition("attribute_exists(unindexed_since)")
_HAS_ROOM: Final = Condition(
    f"{PRESENT} AND (attribute_not_exists(#plugin_ids) OR size(#plugin_ids) < :most)",
    {"#plugin_ids": "plugin_ids"},
    {":most": {"N": str(MAX_PLUGINS)}},
)
_HEAD = tuple(field.name for field in fields(ObjectHead))


class ConfigObjectRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, entity: ConfigObject, work: UnitOfWork, *, listed: bool = True) -> None:
        """Unless it is `listed`, neither lists nor searches find it before `enlist`."""
        more = _listed(entity.org_id, entity.id, entity.updated_at) if listed else {}
        key = keys.config_object(entity.org_id, entity.id)
        work.add(encode(key, entity, more), Conflict("This config object already exists."))

    def enlist(self, org_id: str, object_id: str, at: datetime, work: UnitOfWork) -> None:
        """Let lists and searches find it, in whatever state it is by now."""
        more = _listed(org_id, object_id, at)
        work.update(keys.config_object(org_id, object_id), assign=more, when=Condition(PRESENT), otherwise=Stale())

    def replace(self, entity: ConfigObject, seen_revision: int, work: UnitOfWork) -> None:
        """Write the row over the state that was read, all but what only `PostingRepository` writes.

        An object that was unindexed stays so: its postings may have been brought up to date since it was read.

        Raises: Stale, on commit, when somebody else wrote since.
        """
        changes = assignments(entity, without=["indexed", "unindexed_since"])
        if entity.unindexed_since is not None or indexed_form(terms_of(entity)) != entity.indexed:
            changes |= _unindexed(entity.org_id, entity.id, entity.updated_at)
        key = keys.config_object(entity.org_id, entity.id)
        work.update(key, assign=changes, when=where(revision=seen_revision), otherwise=Stale())

    def find(self, org_id: str, object_id: str) -> ConfigObject | None:
        return self.find_all(org_id, [object_id]).get(object_id)

    def find_all(self, org_id: str, object_ids: Iterable[str]) -> dict[str, ConfigObject]:
        rows = self._table.batch_get(keys.config_object(org_id, object_id) for object_id in object_ids)
        entities = [decode(ConfigObject, item) for item in rows.values()]
        return {entity.id: entity for entity in entities}

    def find_shown(self, org_id: str, object_ids: Iterable[str]) -> tuple[dict[str, ConfigObject], StoppedTargets]:
        """By id, and beside them, in the same read, which targets of the org have stopped."""
        beside = keys.stopped_targets(org_id)
        rows = self._table.batch_get([beside, *(keys.config_object(org_id, object_id) for object_id in object_ids)])
        stopped = read_stopped(rows.pop(beside, None))
        entities = [decode(ConfigObject, item) for item in rows.values()]
        return {entity.id: entity for entity in entities}, stopped

    def find_heads(self, org_id: str, object_ids: Iterable[str]) -> dict[str, ObjectHead]:
        """By id: the few attributes that delivery needs, for every member of a plugin."""
        wanted = (keys.config_object(org_id, object_id) for object_id in object_ids)
        rows = self._table.batch_get(wanted, only=_HEAD)
        heads = [decode(ObjectHead, item) for item in rows.values()]
        return {head.id: head for head in heads}

    def list_ids(self, org_id: str, after: str | None, limit: int) -> Page[str]:
        """Ids of the org's objects in order, from the index alone."""
        found = self._table.query(keys.listing(org_id, "cfg"), index=LIST, after=after, limit=limit)
        ids = [item["list_sk"]["S"] for item in found.items]
        return Page(ids, ids[-1] if found.more else None)

    def list_unindexed(self, org_id: str, after: str | None, limit: int) -> Page[str]:
        """Ids, in order, of the objects whose postings are out of date."""
        found = self._table.query(keys.unindexed(org_id), index=EDGE, after=after, limit=limit)
        ids = [item["edge_sk"]["S"] for item in found.items]
        return Page(ids, ids[-1] if found.more else None)

    def list_overdue(self, shard: str, until: datetime, limit: int) -> list[ConfigObject]:
        """Objects of one shard that should have been indexed by `until`."""
        found = self._table.query(shard, index=DUE, prefix="cfg#", until=f"cfg#{timestamp(until)}", limit=limit)
        rows = self._table.batch_get(found.keys)
        return [decode(ConfigObject, item) for item in rows.values()]

    def announce(self, entity: ConfigObject, at: datetime, work: UnitOfWork) -> None:
        """Let the table's stream tell of an unindexed object once more."""
        due = _due(entity.id, at)
        work.update(keys.config_object(entity.org_id, entity.id), assign=due, when=UNINDEXED, otherwise=Stale())

    def join_plugin(self, org_id: str, object_id: str, plugin_id: str, work: UnitOfWork) -> None:
        """The object's own list of plugins; the membership row is written beside it.

        Raises: TooLarge, on commit, for an object that is in `MAX_PLUGINS` already.
        """
        work.update(
            keys.config_object(org_id, object_id),
            insert={"plugin_ids": plugin_id},
            increase={"revision": 1},
            when=_HAS_ROOM,
            otherwise=TooLarge(
                f"A config object is in at most {MAX_PLUGINS} plugins; take it out of another one first."
            ),
        )

    def leave_plugin(self, org_id: str, object_id: str, plugin_id: str, work: UnitOfWork) -> None:
        key = keys.config_object(org_id, object_id)
        work.update(key, discard={"plugin_ids": plugin_id}, increase={"revision": 1})


def _listed(org_id: str, object_id: str, at: datetime) -> dict[str, object]:
    return {"list_pk": keys.listing(org_id, "cfg"), "list_sk": object_id, **_unindexed(org_id, object_id, at)}


def _unindexed(org_id: str, object_id: str, since: datetime) -> dict[str, object]:
    edge = {"edge_pk": keys.unindexed(org_id), "edge_sk": object_id}
    return {"unindexed_since": since, **edge, **_due(object_id, since + OVERDUE_AFTER)}


def _due(object_id: str, at: datetime) -> dict[str, object]:
    return {"due_pk": keys.due_shard(object_id), "due_sk": f"cfg#{timestamp(at)}#{object_id}"}
