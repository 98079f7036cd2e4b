"""Marketplaces and their memberships."""

from collections.abc import Iterable, Mapping
from dataclasses import fields

from shared.domain.errors import Conflict, NameTaken, NotFound, Stale
from shared.domain.lifecycle import Lifecycle
from shared.domain.marketplace import MAX_MARKETPLACES, Marketplace, MarketplaceMembership, MarketplaceView
from shared.domain.paging import Page, PageRequest
from shared.repositories import keys
from shared.repositories.codec import attribute_values, decode, encode
from shared.repositories.table import LIST, Table, attribute_key
from shared.repositories.unit_of_work import PRESENT, Condition, UnitOfWork, where

_VIEW = tuple(field.name for field in fields(MarketplaceView))


class MarketplaceRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, marketplace: Marketplace, work: UnitOfWork) -> None:
        key = keys.marketplace(marketplace.org_id, marketplace.id)
        work.add(encode(key, marketplace, _listing(marketplace)), Conflict("This marketplace already exists."))

    def reserve_name(self, marketplace: Marketplace, work: UnitOfWork) -> None:
        """Guard rows for the name, per creator, and for the slug: of racing claimants one wins."""
        for key in _guards(marketplace):
            row = attribute_key(key) | attribute_values({"resource_id": marketplace.id})
            work.add(row, NameTaken(marketplace.name, "another marketplace"))

    def release_name(self, marketplace: Marketplace, work: UnitOfWork) -> None:
        """Raises: Stale, on commit, when the name is no longer this marketplace's."""
        for key in _guards(marketplace):
            work.delete(key, when=where(resource_id=marketplace.id), otherwise=Stale())

    def find_by_name(self, marketplace: Marketplace) -> str | None:
        """The id that holds this creator's name, or else the slug."""
        rows = self._table.batch_get(_guards(marketplace))
        return next((rows[key]["resource_id"]["S"] for key in _guards(marketplace) if key in rows), None)

    def is_free(self, org_id: str, creator: str, name: str, slug: str) -> bool:
        """Whether neither the creator uses the name nor anybody the slug."""
        guards = [keys.name(org_id, "mkt", creator, name), keys.marketplace_slug(org_id, slug)]
        return not self._table.batch_get(guards)

    def find_by_slug(self, org_id: str, slug: str) -> str | None:
        item = self._table.get(keys.marketplace_slug(org_id, slug))
        return item["resource_id"]["S"] if item else None

    def find(self, org_id: str, marketplace_id: str) -> Marketplace | None:
        return self.find_all(org_id, [marketplace_id]).get(marketplace_id)

    def find_all(self, org_id: str, marketplace_ids: Iterable[str]) -> dict[str, Marketplace]:
        rows = self._table.batch_get(keys.marketplace(org_id, each) for each in marketplace_ids)
        found = [decode(Marketplace, item) for item in rows.values()]
        return {one.id: one for one in found}

    def find_views(self, org_id: str, marketplace_ids: Iterable[str]) -> dict[str, MarketplaceView]:
        rows = self._table.batch_get((keys.marketplace(org_id, each) for each in marketplace_ids), only=_VIEW)
        views = [decode(MarketplaceView, item) for item in rows.values()]
        return {view.id: view for view in views}

    def list_page(self, org_id: str, page: PageRequest) -> Page[Marketplace]:
        """All but deleted ones, in id order."""
        ids = self._ids(org_id, page.after, page.limit)
        found = self.find_all(org_id, ids.items)
        return Page([found[each] for each in ids.items if each in found], ids.next_after)

    def list_views(self, org_id: str) -> list[MarketplaceView]:
        """Of all but deleted ones: a query, and a batch where there are any."""
        ids = self._ids(org_id, None, MAX_MARKETPLACES).items
        return list(self.find_views(org_id, ids).values()) if ids else []

    def count(self, org_id: str) -> int:
        """How many there are, deleted ones aside; never more than the limit."""
        return len(self._ids(org_id, None, MAX_MARKETPLACES).items)

    def update(
        self, marketplace: Marketplace, changes: Mapping[str, object], seen_revision: int, work: UnitOfWork
    ) -> None:
        """Assign the changed fields over the state that was read; a deleted one leaves the org's list."""
        gone = changes.get("status", marketplace.status) == Lifecycle.DELETED
        listing = dict.fromkeys(("list_pk", "list_sk")) if gone else _listing(marketplace)
        work.update(
            keys.marketplace(marketplace.org_id, marketplace.id),
            assign={**changes, **listing},
            increase={"revision": 1},
            when=where(revision=seen_revision),
            otherwise=Stale(),
        )

    def hold_plugin(self, marketplace: Marketplace, plugin_id: str, work: UnitOfWork) -> None:
        """The marketplace's own list of plugins; the membership row is written beside it."""
        key = keys.marketplace(marketplace.org_id, marketplace.id)
        missing = NotFound("marketplace")
        increase = {"revision": 1}
        work.update(
            key, insert={"plugin_ids": plugin_id}, increase=increase, when=Condition(PRESENT), otherwise=missing
        )

    def hold_plugins(self, org_id: str, marketplace_id: str, plugin_ids: frozenset[str], work: UnitOfWork) -> None:
        """Several at once; their membership rows are written beside it."""
        work.update(
            keys.marketplace(org_id, marketplace_id),
            insert={"plugin_ids": plugin_ids},
            increase={"revision": 1},
            when=Condition(PRESENT),
            otherwise=NotFound("marketplace"),
        )

    def drop_plugin(self, marketplace: Marketplace, plugin_id: str, work: UnitOfWork) -> None:
        key = keys.marketplace(marketplace.org_id, marketplace.id)
        work.update(key, discard={"plugin_ids": plugin_id}, increase={"revision": 1})

    def _ids(self, org_id: str, after: str | None, limit: int) -> Page[str]:
        found = self._table.query(keys.listing(org_id, "mkt"), index=LIST, after=after, limit=limit)
        ids = [item["list_sk"]["S"] for item in found.items]
        return Page(ids, ids[-1] if found.more else None)


class MarketplaceMembershipRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, membership: MarketplaceMembership, work: UnitOfWork) -> None:
        """Add it, or clear or stamp its `removed_at`: one logical row per pair."""
        key = keys.marketplace_member(membership.org_id, membership.marketplace_id, membership.plugin_id)
        work.put(encode(key, membership))

    def find_all(self, org_id: str, marketplace_id: str, plugin_ids: Iterable[str]) -> dict[str, MarketplaceMembership]:
        """By plugin id, removed ones too."""
        rows = self._table.batch_get(keys.marketplace_member(org_id, marketplace_id, each) for each in plugin_ids)
        memberships = [decode(MarketplaceMembership, item) for item in rows.values()]
        return {one.plugin_id: one for one in memberships}


def _guards(marketplace: Marketplace) -> list[keys.Key]:
    org_id = marketplace.org_id
    name = keys.name(org_id, "mkt", marketplace.created_by, marketplace.name)
    return [name, keys.marketplace_slug(org_id, marketplace.slug)]


def _listing(marketplace: Marketplace) -> dict[str, object]:
    return {"list_pk": keys.listing(marketplace.org_id, "mkt"), "list_sk": marketplace.id}
