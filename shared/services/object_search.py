"""Search of config objects by words: the best first, at a cost that follows the answers and not the org."""

from dataclasses import dataclass
from typing import Final

from shared.domain.access import Actor
from shared.domain.paging import Page, PageRequest
from shared.domain.search import Place, SearchQuery
from shared.domain.staleness import ShownObject
from shared.repositories.config_objects import ConfigObjectRepository
from shared.repositories.postings import PostingRepository
from shared.services.object_filter import ObjectFilter
from shared.services.side_by_side import side_by_side
from shared.services.visibility import Visibility

_BUDGET: Final = 99
"""Rows read for one page: what one BatchGetItem takes, beside the row that tells what is stale."""

MAX_UNINDEXED: Final = 400
"""Objects of which a search knows before they are indexed; of a larger bulk the rest is found once it is."""


@dataclass(frozen=True, slots=True)
class ObjectSearch:
    """Answers come from the postings and from the objects whose postings are out of date, all checked on their rows.

    An object stands in one place only, the first of its words that begin with the query's driver: whatever the
    postings say, it is shown on the page on which that place is.
    """

    objects: ConfigObjectRepository
    postings: PostingRepository
    visibility: Visibility

    def list_page(self, actor: Actor, query: SearchQuery, wanted: ObjectFilter, page: PageRequest) -> Page[ShownObject]:
        """Titles before descriptions before text, then by word, then by id; a page may be short, with a cursor."""
        after = Place.read(page.after) if page.after else None
        known, unindexed = side_by_side(
            lambda: self.postings.list_places(actor.org_id, query.driver, after, _BUDGET),
            lambda: self.objects.list_unindexed(actor.org_id, None, MAX_UNINDEXED).items,
        )
        known = known.first(max(_BUDGET - len(unindexed), _BUDGET // 2))
        wanted_ids = {*(place.id for place in known.items), *unindexed}
        rows, stopped = self.objects.find_shown(actor.org_id, wanted_ids)
        places = {one.id: place for one in rows.values() if wanted.takes(one) and (place := query.place(one))}
        here = sorted(place for place in places.values() if known.hold(place) and (after is None or place > after))
        visible = self.visibility.visible(actor, [rows[place.id] for place in here])
        shown = [stopped.shown(one) for one in visible[: page.limit]]
        if len(visible) > page.limit:
            return Page(shown, places[visible[page.limit - 1].id].text)
        return Page(shown, known.end.text if known.end else None)
