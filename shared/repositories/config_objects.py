"""Config objects: the current state of each, in one row."""

from collections.abc import Iterable
from dataclasses import fields

from shared.domain.config_object import ConfigObject, ObjectHead
from shared.domain.errors import Conflict, NotFound, Stale
from shared.domain.paging import Page
from shared.repositories import keys
from shared.repositories.codec import decode, encode
from shared.repositories.table import LIST, Table
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork, where

_HEAD = tuple(field.name for field in fields(ObjectHead))


class ConfigObjectRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, entity: ConfigObject, work: UnitOfWork) -> None:
        listing = {"list_pk": keys.listing(entity.org_id, "cfg"), "list_sk": entity.id}
        key = keys.config_object(entity.org_id, entity.id)
        work.add(encode(key, entity, listing), Conflict("This config object already exists."))

    def replace(self, entity: ConfigObject, seen_revision: int, work: UnitOfWork) -> None:
        """Write the row as a whole over the state that was read.

        Raises: Stale, on commit, when somebody else wrote since.
        """
        listing = {"list_pk": keys.listing(entity.org_id, "cfg"), "list_sk": entity.id}
        key = keys.config_object(entity.org_id, entity.id)
        work.put(encode(key, entity, listing), when=where(revision=seen_revision), otherwise=Stale())

    def find(self, org_id: str, object_id: str) -> ConfigObject | None:
        return self.find_all(org_id, [object_id]).get(object_id)

    def find_all(self, org_id: str, object_ids: Iterable[str]) -> dict[str, ConfigObject]:
        rows = self._table.batch_get(keys.config_object(org_id, object_id) for object_id in object_ids)
        entities = [decode(ConfigObject, item) for item in rows.values()]
        return {entity.id: entity for entity in entities}

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

    def join_plugin(self, org_id: str, object_id: str, plugin_id: str, work: UnitOfWork) -> None:
        """The object's own list of plugins; the membership row is written beside it."""
        key = keys.config_object(org_id, object_id)
        missing = NotFound("config object")
        work.update(
            key,
            insert={"plugin_ids": plugin_id},
            increase={"revision": 1},
            when=Condition(PRESENT),
            otherwise=missing,
        )

    def leave_plugin(self, org_id: str, object_id: str, plugin_id: str, work: UnitOfWork) -> None:
        key = keys.config_object(org_id, object_id)
        work.update(key, discard={"plugin_ids": plugin_id}, increase={"revision": 1})
