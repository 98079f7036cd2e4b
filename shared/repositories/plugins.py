"""Plugins and their memberships."""

from collections.abc import Iterable, Mapping
from typing import Final

from shared.domain.errors import NameTaken, NotFound, Stale
from shared.domain.paging import Page, PageRequest
from shared.domain.plugin import MembershipSource, Plugin, PluginMembership
from shared.domain.release import Release
from shared.domain.staleness import FedPlugin
from shared.repositories import keys
from shared.repositories.codec import attribute_values, decode, encode
from shared.repositories.stopped_targets import read_stopped
from shared.repositories.table import EDGE, LIST, Item, Table, attribute_key, key_of
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork, where

UNFINISHED: Final = "unfinished"
"""The attribute of a plugin that nobody sees yet (`domain.plugin_preparation`)."""

# Rows that were written before there were releases have no count.
_UNCOUNTED: Final = "(attribute_not_exists(#release_count) OR #release_count = :zero)"
_COUNT: Final = {"#release_count": "release_count"}
_ZERO: Final = {":zero": {"N": "0"}}


class PluginRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, plugin: Plugin, work: UnitOfWork) -> None:
        key = keys.plugin(plugin.org_id, plugin.id)
        work.add(encode(key, plugin, listing_of(plugin)), NameTaken(plugin.name, plugin.id))

    def reserve_name(self, plugin: Plugin, work: UnitOfWork) -> None:
        """A guard row per creator and name, and the plugin's place among all of that name.

        Two racing creations of one creator leave one winner.
        """
        key = keys.name(plugin.org_id, "plg", plugin.created_by, plugin.name)
        row = attribute_key(key) | attribute_values({"resource_id": plugin.id})
        work.add(row, NameTaken(plugin.name, "another plugin of yours"))
        work.update(keys.plugin_name(plugin.org_id, plugin.name), insert={"plugin_ids": plugin.id})

    def release_name(self, plugin: Plugin, work: UnitOfWork) -> None:
        """Raises: Stale, on commit, when the name is no longer this plugin's."""
        key = keys.name(plugin.org_id, "plg", plugin.created_by, plugin.name)
        work.delete(key, when=where(resource_id=plugin.id), otherwise=Stale())
        work.update(keys.plugin_name(plugin.org_id, plugin.name), discard={"plugin_ids": plugin.id})

    def find_by_name(self, plugin: Plugin) -> str | None:
        """The id that holds this creator's name."""
        item = self._table.get(keys.name(plugin.org_id, "plg", plugin.created_by, plugin.name))
        return item["resource_id"]["S"] if item else None

    def find_names(self, org_id: str, creator: str, names: Iterable[str]) -> dict[str, str]:
        """Which of these names the creator uses on active plugins: plugin ids by name, in lower case."""
        guards = {keys.name(org_id, "plg", creator, name): name.lower() for name in names}
        rows = self._table.batch_get(guards)
        return {guards[key]: item["resource_id"]["S"] for key, item in rows.items()}

    def find_named(self, org_id: str, names: Iterable[str]) -> list[str]:
        """Ids of the active plugins that have one of these names, in whatever case, and whoever made them."""
        rows = self._table.batch_get(keys.plugin_name(org_id, name) for name in names)
        return sorted(each for row in rows.values() for each in row.get("plugin_ids", {}).get("SS", ()))

    def find(self, org_id: str, plugin_id: str) -> Plugin | None:
        return self.find_all(org_id, [plugin_id]).get(plugin_id)

    def find_all(self, org_id: str, plugin_ids: Iterable[str]) -> dict[str, Plugin]:
        """By id; what is not finished is as absent as what is unknown."""
        rows = self._table.batch_get(keys.plugin(org_id, plugin_id) for plugin_id in plugin_ids)
        plugins = [decode(Plugin, item) for item in rows.values() if UNFINISHED not in item]
        return {plugin.id: plugin for plugin in plugins}

    def find_fed(self, org_id: str, plugin_ids: Iterable[str]) -> dict[str, FedPlugin]:
        """By id, each with those of its targets that have stopped: the same read brings the row that tells."""
        beside = keys.stopped_targets(org_id)
        rows = self._table.batch_get([beside, *(keys.plugin(org_id, each) for each in plugin_ids)])
        stopped = read_stopped(rows.pop(beside, None))
        plugins = [decode(Plugin, item) for item in rows.values() if UNFINISHED not in item]
        return {plugin.id: stopped.fed(plugin) for plugin in plugins}

    def list_page(self, org_id: str, page: PageRequest) -> Page[FedPlugin]:
        found = self._table.query(keys.listing(org_id, "plg"), index=LIST, after=page.after, limit=page.limit)
        ids = [item["list_sk"]["S"] for item in found.items]
        plugins = self.find_fed(org_id, ids) if ids else {}
        return Page([plugins[i] for i in ids if i in plugins], ids[-1] if found.more and ids else None)

    def list_granted(self, org_id: str, principals: Iterable[str], page: PageRequest) -> Page[str]:
        """Ids of the plugins granted to any of the principals, in order: one query each, side by side."""
        edges = (keys.principal_edge(org_id, principal) for principal in sorted(principals))
        found = self._table.query_each(edges, index=EDGE, prefix="plg_", after=page.after, limit=page.limit)
        ids = sorted({item["edge_sk"]["S"] for part in found for item in part.items})
        more = any(part.more for part in found) or len(ids) > page.limit
        return Page(ids[: page.limit], ids[: page.limit][-1] if more else None)

    def list_reachable(self, org_id: str, principals: Iterable[str]) -> list[str]:
        """Ids of all plugins and marketplaces granted to any of the principals: one query each, side by side."""
        edges = (keys.principal_edge(org_id, principal) for principal in sorted(principals))
        # Ids sort by their kind: nothing that can be granted lies between marketplaces and plugins.
        found = self._table.query_each(edges, index=EDGE, prefix="mkt_", until="plg_\U0010ffff")
        return sorted({item["edge_sk"]["S"] for part in found for item in part.items})

    def join_marketplace(self, org_id: str, plugin_id: str, marketplace_id: str, work: UnitOfWork) -> None:
        """The plugin's own list of marketplaces; the membership row is written beside it."""
        work.update(
            keys.plugin(org_id, plugin_id),
            insert={"marketplace_ids": marketplace_id},
            increase={"revision": 1},
            when=Condition(PRESENT),
            otherwise=NotFound("plugin"),
        )

    def leave_marketplace(self, org_id: str, plugin_id: str, marketplace_id: str, work: UnitOfWork) -> None:
        key = keys.plugin(org_id, plugin_id)
        work.update(key, discard={"marketplace_ids": marketplace_id}, increase={"revision": 1})

    def update(self, plugin: Plugin, changes: Mapping[str, object], seen_revision: int, work: UnitOfWork) -> None:
        """Assign the changed fields over the state that was read; every change is one of content, too."""
        work.update(
            keys.plugin(plugin.org_id, plugin.id),
            assign=changes,
            increase={"revision": 1, "content_version": 1},
            when=where(revision=seen_revision),
            otherwise=Stale(),
        )

    def note_release(self, plugin: Plugin, release: Release, highest: str, work: UnitOfWork) -> None:
        """Count a release. Raises: Stale, on commit, when another one was as fast."""
        seen = plugin.release_count
        work.update(
            keys.plugin(plugin.org_id, plugin.id),
            assign={"release_count": release.number, "highest_version": highest},
            increase={"revision": 1},
            when=where(release_count=seen) if seen else Condition(f"{PRESENT} AND {_UNCOUNTED}", _COUNT, _ZERO),
            otherwise=Stale(),
        )

    def touch(
        self,
        org_id: str,
        plugin_id: str,
        work: UnitOfWork,
        *,
        fed_by: Iterable[str] = (),
        left_by: str | None = None,
    ) -> None:
        """What the plugin delivers is about to change; racing writers need not agree on anything else.

        `fed_by` are targets whose objects are in it from now on, `left_by` is one whose objects are no longer.
        """
        targets = frozenset(fed_by)
        work.update(
            keys.plugin(org_id, plugin_id),
            increase={"content_version": 1},
            insert={"target_ids": targets} if targets else None,
            discard={"target_ids": left_by} if left_by else None,
            when=Condition(PRESENT),
            otherwise=NotFound("plugin"),
        )

    def record_digest(self, plugin: Plugin, work: UnitOfWork) -> None:
        """Remember what was found out about the content version that was rendered, unless it has changed since."""
        found = {
            "digest": plugin.digest,
            "digest_of": plugin.digest_of,
            "digest_format": plugin.digest_format,
            "undeliverable": plugin.undeliverable,
        }
        work.update(
            keys.plugin(plugin.org_id, plugin.id),
            assign=found,
            when=where(content_version=plugin.content_version),
            otherwise=Stale(),
        )


class PluginMembershipRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, membership: PluginMembership, work: UnitOfWork) -> None:
        """Add it, or clear or stamp its `removed_at`: one logical row per pair."""
        key = keys.membership(membership.org_id, membership.plugin_id, membership.config_object_id)
        work.put(encode(key, membership))

    def find(self, org_id: str, plugin_id: str, object_id: str) -> PluginMembership | None:
        item = self._table.get(keys.membership(org_id, plugin_id, object_id))
        return decode(PluginMembership, item) if item else None

    def find_all(self, org_id: str, plugin_id: str, object_ids: Iterable[str]) -> dict[str, PluginMembership]:
        """By config object id, removed ones too."""
        rows = self._table.batch_get(keys.membership(org_id, plugin_id, each) for each in object_ids)
        memberships = [decode(PluginMembership, item) for item in rows.values()]
        return {one.config_object_id: one for one in memberships}

    def find_of_object(self, org_id: str, object_id: str, plugin_ids: Iterable[str]) -> dict[str, PluginMembership]:
        """One object's memberships by plugin id, in one read."""
        rows = self._table.batch_get(keys.membership(org_id, plugin_id, object_id) for plugin_id in plugin_ids)
        return {row.plugin_id: row for row in (decode(PluginMembership, item) for item in rows.values())}

    def list_page(self, org_id: str, plugin_id: str, page: PageRequest) -> Page[PluginMembership]:
        """Active and removed ones, in the objects' id order."""
        after = keys.MEMBERSHIP + page.after if page.after else None
        pk = keys.plugin(org_id, plugin_id).pk
        found = self._table.query(pk, prefix=keys.MEMBERSHIP, after=after, limit=page.limit)
        rows = [decode(PluginMembership, item) for item in found.items]
        return Page(rows, rows[-1].config_object_id if found.more else None)

    def list_object_ids(self, org_id: str, plugin_id: str, after: str | None, limit: int) -> Page[str]:
        """Ids of the objects in a plugin now, in order; at most `limit` rows are read."""
        beyond = keys.MEMBERSHIP + after if after else None
        pk = keys.plugin(org_id, plugin_id).pk
        found = self._table.query(pk, prefix=keys.MEMBERSHIP, after=beyond, limit=limit)
        last = found.items[-1]["config_object_id"]["S"] if found.more else None
        return Page(_active(found.items), last)

    def list_active(self, org_id: str, plugin_ids: Iterable[str]) -> dict[str, list[str]]:
        """The config objects of each plugin, whole: one query per plugin, side by side."""
        wanted = list(plugin_ids)
        partitions = [keys.plugin(org_id, plugin_id).pk for plugin_id in wanted]
        found = self._table.query_each(partitions, prefix=keys.MEMBERSHIP) if partitions else []
        return {plugin_id: _active(part.items) for plugin_id, part in zip(wanted, found, strict=True)}

    def list_joined_by_people(self, org_id: str, plugin_ids: Iterable[str]) -> set[str]:
        """Those of these plugins that hold what no sync has brought: one query per plugin, side by side."""
        wanted = list(plugin_ids)
        partitions = [keys.plugin(org_id, plugin_id).pk for plugin_id in wanted]
        found = self._table.query_each(partitions, prefix=keys.MEMBERSHIP) if partitions else []
        return {each for each, part in zip(wanted, found, strict=True) if any(map(_is_of_a_person, part.items))}

    def find_each(self, org_id: str, plugin_ids: Iterable[str], object_id: str) -> list[PluginMembership]:
        """An object's active memberships in these plugins."""
        rows = self._table.batch_get(keys.membership(org_id, plugin_id, object_id) for plugin_id in plugin_ids)
        memberships = [decode(PluginMembership, item) for item in rows.values()]
        return [one for one in memberships if one.removed_at is None]

    def find_with_plugin(self, org_id: str, plugin_id: str) -> tuple[Plugin, list[str]] | None:
        """The plugin and its config objects in one query: their rows are neighbours."""
        key = keys.plugin(org_id, plugin_id)
        rows = self._table.query(key.pk, prefix=keys.MEMBERSHIP, until=key.sk).items
        if not rows or key_of(rows[-1]) != key or UNFINISHED in rows[-1]:
            return None
        return decode(Plugin, rows[-1]), _active(rows[:-1])


def listing_of(plugin: Plugin) -> dict[str, object]:
    return {"list_pk": keys.listing(plugin.org_id, "plg"), "list_sk": plugin.id}


def _is_of_a_person(row: Item) -> bool:
    return "removed_at" not in row and row["source"]["S"] != MembershipSource.CONNECTOR


def _active(rows: Iterable[Item]) -> list[str]:
    """Read from the raw rows: a plugin may have thousands, and delivery needs no more of them than this."""
    return [row["config_object_id"]["S"] for row in rows if "removed_at" not in row]
