"""Postings: which objects have a word or a fact. They follow from the objects' rows, a moment later."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from shared.domain.config_object import ConfigObject
from shared.domain.errors import Stale
from shared.domain.paging import Page
from shared.domain.search import Place, Rank, indexed_form, terms_of, word_of
from shared.repositories import keys
from shared.repositories.keys import Key
from shared.repositories.table import Table, attribute_key
from shared.repositories.unit_of_work import UnitOfWork, where

_MARK: Final = ("unindexed_since", "edge_pk", "edge_sk", "due_pk", "due_sk")


@dataclass(frozen=True, slots=True)
class Places:
    """In order, and all that there are up to `end`; None is the end of the search."""

    items: Sequence[Place]
    end: Place | None

    def first(self, count: int) -> "Places":
        return self if len(self.items) <= count else Places(self.items[:count], self.items[count - 1])

    def hold(self, place: Place) -> bool:
        return self.end is None or place <= self.end


class PostingRepository:
    def __init__(self, table: Table) -> None:
        self._table = table

    def list_ids(self, org_id: str, term: str, after: str | None, limit: int) -> Page[str]:
        """Ids, in order, of the objects that have a fact."""
        found = self._table.query(keys.fact_postings(org_id, term), after=after, limit=limit)
        ids = [key.sk for key in found.keys]
        return Page(ids, ids[-1] if found.more else None)

    def list_places(self, org_id: str, word: str, after: Place | None, limit: int) -> "Places":
        """Of the words that begin with `word` (that are it, if it is one character): one query per rank, at once."""
        ranks = [rank for rank in Rank if after is None or rank >= after.rank]
        with ThreadPoolExecutor(max_workers=len(ranks)) as pool:
            found = list(pool.map(lambda rank: self._of_rank(org_id, rank, word, after, limit), ranks))
        known = Places([], None)
        for part in found:
            known = Places([*known.items, *part.items], part.end)
            if part.end is not None:
                break
        return known

    def _of_rank(self, org_id: str, rank: int, word: str, after: Place | None, limit: int) -> "Places":
        prefix = word if len(word) > 1 else f"{word} "
        beyond = keys.word_posting(org_id, rank, after.word, after.id).sk if after and after.rank == rank else None
        found = self._table.query(keys.word_postings(org_id, rank, word), prefix=prefix, after=beyond, limit=limit)
        places = [Place(rank, *key.sk.split(" ")) for key in found.keys]
        return Places(places, places[-1] if found.more else None)

    def index(self, entity: ConfigObject, work: UnitOfWork) -> None:
        """Bring an object's postings up to date with its row, all at once; only those that differ are written.

        Raises: Stale, on commit, when the object was written or indexed since it was read.
        """
        wanted, existing = terms_of(entity), frozenset(entity.indexed.split())
        for key in _postings(entity, wanted - existing):
            work.put(attribute_key(key))
        for key in _postings(entity, existing - wanted):
            work.delete(key)
        seen = where(revision=entity.revision, unindexed_since=entity.unindexed_since)
        key = keys.config_object(entity.org_id, entity.id)
        work.update(key, assign={"indexed": indexed_form(wanted)}, remove=_MARK, when=seen, otherwise=Stale())


def _postings(entity: ConfigObject, terms: Iterable[str]) -> list[Key]:
    return [_posting(entity, term) for term in sorted(terms)]


def _posting(entity: ConfigObject, term: str) -> Key:
    word = word_of(term)
    if word is None:
        return keys.fact_posting(entity.org_id, term, entity.id)
    return keys.word_posting(entity.org_id, word.rank, word.word, entity.id)
