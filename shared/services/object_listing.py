"""Lists of config objects: one row per object the caller may see, at a bounded cost per page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.access import Actor
from shared.domain.config_object import ConfigObject
from shared.domain.paging import Page, PageRequest
from shared.domain.search import SearchQuery
from shared.domain.staleness import ShownObject
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.plugins import PluginMembershipRepository
from shared.repositories.postings import PostingRepository
from shared.services.object_filter import ObjectFilter
from shared.services.object_search import ObjectSearch
from shared.services.side_by_side import side_by_side
from shared.services.visibility import Visibility

_BUDGET: Final = 199
"""Rows read for one page of answers where not every row will pass: two batches, read side by side, with the row that
tells what is stale."""

_BUDGET_OF_FACT: Final = 99
"""The same where postings have already chosen: one batch, because choosing took a call more."""


@dataclass(frozen=True, slots=True)
class ObjectListing:
    objects: ConfigObjectRepository
    memberships: PluginMembershipRepository
    postings: PostingRepository
    search: ObjectSearch
    visibility: Visibility

    def list_page(self, actor: Actor, wanted: ObjectFilter, page: PageRequest) -> Page[ShownObject]:
        """In id order, or with `q` the best first; pages do not shift while rows change.

        Three round trips however large the org: keys, rows, and the plugins that may show them. Filter and access
        are applied to the rows read, at most `_BUDGET` of them: a page may come back short, with a cursor.

        Raises: Invalid for a `q` without a word, or with too many.
        """
        if wanted.q is not None:
            return self.search.list_page(actor, SearchQuery.read(wanted.q), wanted, page)
        budget = page.limit if actor.administers and wanted.is_one_fact else _budget(wanted)
        ids = self._ids(actor, wanted, page.after, budget)
        found, stopped = self.objects.find_shown(actor.org_id, ids.items)
        passing = [found[i] for i in ids.items if i in found and wanted.takes(found[i])]
        shown = _cut(self.visibility.visible(actor, passing), page.limit, ids.next_after)
        return Page([stopped.shown(one) for one in shown.items], shown.next_after)

    def _ids(self, actor: Actor, wanted: ObjectFilter, after: str | None, budget: int) -> Page[str]:
        """Ids in order: of the plugin asked for, of the objects that have a fact, or of the org."""
        if wanted.plugin_id is not None:
            return self.memberships.list_object_ids(actor.org_id, wanted.plugin_id, after, budget)
        fact = wanted.fact
        if fact is None:
            return self.objects.list_ids(actor.org_id, after, budget)
        indexed, unindexed = side_by_side(
            lambda: self.postings.list_ids(actor.org_id, fact, after, budget),
            lambda: self.objects.list_unindexed(actor.org_id, after, budget),
        )
        return _merged(indexed, unindexed, budget)


def _budget(wanted: ObjectFilter) -> int:
    return _BUDGET_OF_FACT if wanted.fact and not wanted.plugin_id else _BUDGET


def _merged(one: Page[str], other: Page[str], budget: int) -> Page[str]:
    """Both in one order, as far as both are known."""
    ends = [page.next_after for page in (one, other) if page.next_after is not None]
    ids = sorted(i for i in {*one.items, *other.items} if not ends or i <= min(ends))
    if len(ids) > budget:
        return Page(ids[:budget], ids[budget - 1])
    return Page(ids, min(ends, default=None))


def _cut(shown: Sequence[ConfigObject], limit: int, rest: str | None) -> Page[ConfigObject]:
    if len(shown) > limit:
        return Page(shown[:limit], shown[limit - 1].id)
    return Page(shown, rest)
