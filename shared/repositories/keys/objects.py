"""Config objects, their versions, and the postings that they are found by."""

from typing import Final

from shared.repositories.keys.key import Key


def config_object(org_id: str, object_id: str) -> Key:
    return Key(f"CFG#{org_id}#{object_id}", "OBJECT")


def unindexed(org_id: str) -> str:
    """The edge index partition of the config objects whose postings are out of date."""
    return f"UNINDEXED#{org_id}"


def fact_postings(org_id: str, term: str) -> str:
    return f"IDX#{org_id}#{term}"


def fact_posting(org_id: str, term: str, object_id: str) -> Key:
    return Key(fact_postings(org_id, term), object_id)


def word_postings(org_id: str, rank: int, word: str) -> str:
    return f"IDX#{org_id}#{rank}{word[:2]}"


def word_posting(org_id: str, rank: int, word: str, object_id: str) -> Key:
    """No word has a blank, so the words before it in the alphabet have their postings before its."""
    return Key(word_postings(org_id, rank, word), f"{word} {object_id}")


VERSION: Final = "VERSION#"


def version(org_id: str, object_id: str, version_id: str) -> Key:
    return Key(f"CFG#{org_id}#{object_id}", VERSION + version_id)
