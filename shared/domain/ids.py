"""Opaque, prefixed, time-sortable identifiers: `<prefix>_<26 characters>`.

The 26 characters are a ULID in lower case (48 bits of milliseconds, 80 of randomness, Crockford's
alphabet), so that ids of one kind sort by creation and can be typed into a URL.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
RANDOM_BITS: Final = 80
_SHAPE: Final = re.compile(rf"([a-z]{{3,4}})_([0-7][{ALPHABET}]{{25}})")

PREFIXES: Final = {
    "org": "organization", "mem": "member", "team": "team", "cfg": "config object", "ver": "version",
    "plg": "plugin", "rel": "release", "mkt": "marketplace", "grt": "grant", "cac": "connector account",
    "cin": "connector instance", "ctg": "connector target", "cmp": "connector mapping",
    "cbd": "connector binding", "syn": "sync event", "dsc": "discovery run", "tok": "token",
    "cli": "client", "aud": "audit event", "job": "job",
}  # fmt: skip


def make_id(prefix: str, at_ms: int, randomness: int) -> str:
    """Spell an id from a time in milliseconds since 1970 and 80 random bits."""
    if prefix not in PREFIXES:
        raise ValueError(f"unknown id prefix {prefix!r}")
    return f"{prefix}_{_encode(at_ms << RANDOM_BITS | randomness)}"


def id_after(previous: str, at_ms: int, randomness: int) -> str:
    """An id greater than `previous`, however far the two writers' clocks disagree.

    The rule of ULID's monotonic mode: within one millisecond, or behind it, count up by one.
    """
    prefix, _, body = previous.partition("_")
    now, last = at_ms << RANDOM_BITS | randomness, _decode(body)
    return f"{prefix}_{_encode(max(now, last + 1))}"


def first_id_at(prefix: str, at: datetime) -> str:
    """The lowest id that can have been made at a time."""
    return make_id(prefix, max(0, int(at.timestamp() * 1000)), 0)


def has_prefix(value: str, prefix: str) -> bool:
    """Whether `value` is a well-formed id of that kind."""
    match = _SHAPE.fullmatch(value)
    return match is not None and match.group(1) == prefix


def is_id(value: str) -> bool:
    """Whether `value` is a well-formed id of any kind."""
    match = _SHAPE.fullmatch(value)
    return match is not None and match.group(1) in PREFIXES


def time_of(value: str) -> int:
    """Milliseconds since 1970 that the id carries."""
    return _decode(value.partition("_")[2]) >> RANDOM_BITS


def moment_of(value: str) -> datetime:
    """The same as a time: what is listed in the order of its ids says when in that order, too."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time_of(value))


def _encode(number: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def _decode(body: str) -> int:
    number = 0
    for character in body:
        number = number << 5 | ALPHABET.index(character)
    return number
