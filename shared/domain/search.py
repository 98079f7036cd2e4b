"""By which words and facts a config object is found: the terms of an object, and what a query asks of them.

A word's term is its rank and the word (`0deploy`); a fact's is its name and value (`status:archived`), so the two
never meet. Words are compared as Unicode compares them for a person: compatibility forms, case and accents aside.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from shared.domain.config_object import ConfigObject, ObjectStatus
from shared.domain.errors import Invalid

MAX_WORDS: Final = 45
"""Of one object, best rank first: with its facts, what leaves and what joins fits one transaction of 100 steps."""

MAX_QUERY: Final = 200
MAX_QUERY_WORDS: Final = 8
_MAX_LENGTH: Final = 40
"""Characters of a word that count; longer ones are cut alike on both sides."""

_WORD: Final = re.compile(r"[^\W_]+(?:\+\+|#(?![^\W_]))?")
"""Letters and digits; `c++` and `c#` are words of their own."""

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FILLERS: Final = frozenset(["a", "an", "and", "as", "by", "for", "from", "in", "is", "of", "or", "the", "to", "with"])
"""Words that every description has: they would crowd out those that tell objects apart."""


class Rank(IntEnum):
    """Where a word stands; lower is found first."""

    TITLE = 0
    DESCRIPTION = 1
    TEXT = 2


class Place(NamedTuple):
    """Where an object stands among the answers of a query: in this order, and in no other answer's place."""

    rank: int
    word: str
    id: str

    @classmethod
    def read(cls, text: str) -> "Place":
        rank, word, object_id = text.split(" ")
        return cls(int(rank), word, object_id)

    @property
    def text(self) -> str:
        return f"{self.rank} {self.word} {self.id}"


class Found(NamedTuple):
    """A word of an object, by the best rank that it has there."""

    rank: int
    word: str


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Every word must begin a word of the object; a word of one character must be one. `driver` leads the search."""

    words: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "SearchQuery":
        """Raises: Invalid, naming `q`."""
        if len(text) > MAX_QUERY:
            raise Invalid.field("q", f"must have at most {MAX_QUERY} characters")
        asked = list(dict.fromkeys(_fold(word) for word in _words(text)))
        if not asked:
            raise Invalid.field("q", "has no word to search for; give letters or digits")
        words = [word for word in asked if word not in _FILLERS] or asked
        if len(words) > MAX_QUERY_WORDS:
            raise Invalid.field("q", f"must have at most {MAX_QUERY_WORDS} words")
        return cls(tuple(words))

    @property
    def driver(self) -> str:
        """The longest word: the one that the fewest objects have."""
        return max(self.words, key=len)

    def place(self, entity: ConfigObject) -> Place | None:
        """Where the object stands among the answers; None when it is none of them."""
        held = [found for term in current_terms(entity) if (found := word_of(term))]
        first = min((one for one in held if _begins(self.driver, one.word)), default=None)
        if first is None or not all(any(_begins(word, one.word) for one in held) for word in self.words):
            return None
        return Place(first.rank, first.word, entity.id)


def current_terms(entity: ConfigObject) -> Iterable[str]:
    """The terms as they are now; the row of an object whose postings are up to date says them."""
    return entity.indexed.split() if entity.indexed and entity.unindexed_since is None else terms_of(entity)


def terms_of(entity: ConfigObject) -> frozenset[str]:
    """The terms that the object is to be found by."""
    words = [f"{rank}{word}" for word, rank in _ranked(entity).items()]
    return frozenset([*words, *_facts(entity)])


def indexed_form(terms: Iterable[str]) -> str:
    """Terms as a row keeps them; no term has a blank."""
    return " ".join(sorted(terms))


def word_of(term: str) -> Found | None:
    """None for the term of a fact."""
    return Found(int(term[0]), term[1:]) if term[0].isdigit() else None


def instance_term(instance_id: str) -> str:
    return f"instance:{instance_id}"


def status_term(status: str) -> str:
    return f"status:{status}"


def mode_term(mode: str) -> str:
    return f"mode:{mode}"


def type_term(name: str) -> str:
    return f"type:{name}"


def _facts(entity: ConfigObject) -> list[str]:
    """What most objects are (active) is no term: the list index finds those."""
    facts = [type_term(entity.type), mode_term(entity.source_mode)]
    if entity.source is not None:
        facts.append(instance_term(entity.source.connector_instance_id))
    if entity.status != ObjectStatus.ACTIVE:
        facts.append(status_term(entity.status))
    return facts


def _ranked(entity: ConfigObject) -> dict[str, int]:
    """Words by their best rank, at most MAX_WORDS of them."""
    found: dict[str, int] = {}
    for rank, text in zip(Rank, (entity.title, entity.description or "", entity.searchable), strict=True):
        for word in _split(text):
            if word not in found and (rank == Rank.TITLE or word not in _FILLERS):
                found[word] = rank
            if len(found) == MAX_WORDS:
                return found
    return found


def _split(text: str) -> Iterable[str]:
    """Every word, and the parts of those written in camel case."""
    for word in _words(text):
        yield _fold(word)
        parts = _HUMP.split(word)
        if len(parts) > 1:
            yield from (_fold(part) for part in parts if len(part) > 1)


def _words(text: str) -> list[str]:
    return _WORD.findall(_unaccented(text))


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFKC", "".join(char for char in apart if not unicodedata.combining(char)))


def _fold(word: str) -> str:
    return word.casefold()[:_MAX_LENGTH]


def _begins(wanted: str, word: str) -> bool:
    return word.startswith(wanted) if len(wanted) > 1 else word == wanted
