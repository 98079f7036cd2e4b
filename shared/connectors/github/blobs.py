"""Chooses the way that blobs take: some in GraphQL batches, many in one archive, the odd ones singly.

A batch brings texts alone; an archive brings everything that its attributes do not leave out or rewrite, but the whole
repository with it. What neither brings is asked for by itself, last: a caller that is stopped there has the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from shared.connectors.github.graphql import LONGEST_TEXT

BATCH: Final = 100
"""Blobs of one query: GitHub gives up on queries that take it more than ten seconds."""
BATCH_BYTES: Final = 4 * 1024 * 1024

# What the choice weighs, in seconds. Round trips to GitHub and its archives' pace are rough on purpose: only their
# proportion counts. The time per member of an archive is that of unpacking it here.
_CALL: Final = 0.3
_PER_BYTE: Final = 1 / (10 * 1024 * 1024)
_PER_MEMBER: Final = 0.000_1

Found = Iterator[tuple[str, bytes]]
"""Ids of blobs with their bytes."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What an archive of a commit brings along: so many files of so many bytes."""

    files: int
    size: int


class Ways(Protocol):
    """The three ways to a blob. The first two leave out what they cannot bring."""

    def texts(self, shas: Sequence[str]) -> Found: ...
    def archived(self, revision: str, sizes: Mapping[str, int]) -> Found: ...
    def single(self, sha: str) -> bytes: ...


def fetch(ways: Ways, revision: str, sizes: Mapping[str, int], weight: Weight) -> Found:
    """Each blob of `sizes` (id → bytes) once; `weight` is that of the whole `revision` they are from."""
    left = dict(sizes)
    by_archive = _is_archive_cheaper(_expected(left), weight)
    if by_archive:
        yield from _taken(left, ways.archived(revision, left))
    for batch in batches(left):
        yield from _taken(left, ways.texts(batch))
    if not by_archive and _is_archive_cheaper(len(left) * _CALL, weight):
        yield from _taken(left, ways.archived(revision, left))
    for sha in left:
        yield sha, ways.single(sha)


def batches(sizes: Mapping[str, int]) -> list[list[str]]:
    """Blobs that one query each may bring; none for a lone blob, which comes as cheap and surely by itself."""
    found: list[list[str]] = []
    room = 0
    for sha, size in sizes.items():
        if size > LONGEST_TEXT:
            continue
        if not found or len(found[-1]) == BATCH or size > room:
            found.append([])
            room = BATCH_BYTES
        found[-1].append(sha)
        room -= size
    return [batch for batch in found if len(batch) > 1]


def _taken(left: dict[str, int], found: Found) -> Found:
    for sha, data in found:
        del left[sha]
        yield sha, data


def _expected(sizes: Mapping[str, int]) -> float:
    """Seconds without an archive, if all texts are such."""
    groups = batches(sizes)
    single = len(sizes) - sum(map(len, groups))
    return (len(groups) + single) * _CALL + sum(sizes.values()) * _PER_BYTE


def _is_archive_cheaper(seconds: float, weight: Weight) -> bool:
    """An archive is two calls: its address, and its bytes."""
    return 2 * _CALL + weight.size * _PER_BYTE + weight.files * _PER_MEMBER < seconds
