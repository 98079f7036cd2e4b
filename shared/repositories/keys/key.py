"""A row's place in the table."""

import hashlib
from typing import Final, NamedTuple

_MAX_SORT_KEY: Final = 900
"""Bytes of a locator kept in a sort key as they are: DynamoDB allows 1,024 in all."""


class Key(NamedTuple):
    pk: str
    sk: str


def bounded(locator: str) -> str:
    """A locator as part of a sort key; git paths may be longer than a sort key can be."""
    if len(locator.encode()) <= _MAX_SORT_KEY:
        return locator
    return "sha256:" + hashlib.sha256(locator.encode()).hexdigest()
