"""Which way blobs take: queries for texts, an archive for many, single calls for the rest."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence

import pytest
from urllib3 import PoolManager

from local.github.stand_in import INSTALLATION_ID
from shared.connectors.github.blobs import BATCH, BATCH_BYTES, Weight, batches, fetch
from shared.connectors.github.graphql import graphql_url_of
from shared.connectors.github.reader import GitHubReader
from shared.connectors.github.transport import Transport
from shared.domain.errors import RateLimited
from shared.domain.source_tree import EntryKind, TreeEntry, blob_sha
from tests.unit.connectors.github.conftest import Clock
from tests.unit.connectors.github.served import MAIN, NAME, Served, wanted
from tests.unit.far_side import FarSide, Reply

TEXTS = {f"docs/{number}.md": f"Page {number}.\n".encode() for number in range(30)}
ODD = {
    "binary.png": b"\x89PNG\0\x01",
    "latin.md": "caf\xe9".encode("latin-1"),
    "marked.md": b"\xef\xbb\xbf# Marked\r\n",
    "long.md": b"x" * 512_001,
    "empty.md": b"",
}


HEAVY = os.urandom(16 * 1024 * 1024)


class Limited:
    """Answers texts, then refuses."""

    def texts(self, shas: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        return ((sha, b"") for sha in shas if sha != "odd")

    def archived(self, revision: str, sizes: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
        raise AssertionError((revision, sizes))

    def single(self, sha: str) -> bytes:
        raise RateLimited(sha, 60)


def read(reader: GitHubReader, *, but: str = "") -> dict[str, bytes]:
    """Every blob of the head, by path; `but` one."""
    listing = reader.tree(reader.head(MAIN))
    files = [entry for entry in wanted(listing.entries) if entry.path != but]
    got = dict(reader.blobs(listing.revision, files))
    return {entry.path: got[entry.sha] for entry in files}


def test_a_few_texts_come_in_one_query(served: Served) -> None:
    reader = served.reader(TEXTS)

    assert read(reader) == TEXTS

    assert served.github.requests[-1] == "POST /graphql"
    assert len(served.github.requests) == 4


def test_what_a_query_cuts_or_does_not_spell_as_it_is_comes_singly(served: Served) -> None:
    reader = served.reader({**TEXTS, **ODD, "model.bin": HEAVY})

    assert read(reader, but="model.bin") == {**TEXTS, **ODD}

    assert served.asked("/graphql") == 1
    assert served.asked("/git/blobs/") == 3  # the binary, the Latin one, the long one


def test_many_texts_of_a_small_repository_come_in_one_archive(served: Served) -> None:
    files = {f"{number}.md": str(number).encode() for number in range(500)}
    reader = served.reader(files)

    assert read(reader) == files

    assert (served.asked("/graphql"), served.asked("/tarball/")) == (0, 1)


def test_a_heavy_repository_is_never_downloaded_for_some_texts(served: Served) -> None:
    texts = {f"docs/{number}.md": str(number).encode() for number in range(250)}
    reader = served.reader({**texts, "model.bin": HEAVY})

    assert read(reader, but="model.bin") == texts

    assert (served.asked("/graphql"), served.asked("/tarball/")) == (3, 0)


def test_texts_that_an_archive_leaves_out_or_rewrites_come_in_batches(served: Served) -> None:
    attributes = b"quiet/** export-ignore\nstamped/** export-subst\n"
    quiet = {f"quiet/{number}.md": f"Quiet {number}".encode() for number in range(200)}
    stamped = {f"stamped/{number}.md": f"$Format:%H$ {number}".encode() for number in range(150)}
    loud = {f"loud/{number}.md": f"Loud {number}".encode() for number in range(200)}
    files = {".gitattributes": attributes, **quiet, **stamped, **loud}
    reader = served.reader(files)

    assert read(reader) == files

    assert served.asked("/git/blobs/") == 0
    assert len(served.github.requests) <= 10


def test_many_binaries_are_told_by_a_query_and_come_in_an_archive(served: Served) -> None:
    files = {f"images/{number}.png": b"\0%d" % number for number in range(60)}
    reader = served.reader(files)

    assert read(reader) == files

    assert (served.asked("/graphql"), served.asked("/tarball/"), served.asked("/git/blobs/")) == (1, 1, 0)


def test_a_query_that_github_cannot_answer_is_replaced_by_single_calls(served: Served) -> None:
    reader = served.reader(ODD | {"a.md": b"A"})
    served.github.fail_next("/graphql", 502, times=3)

    assert read(reader) == ODD | {"a.md": b"A"}


def test_a_token_without_a_node_id_still_reads(far_side: FarSide, reader: GitHubReader) -> None:
    for data in (b"a", b"b"):
        far_side.on(f"GET /repositories/7/git/blobs/{blob_sha(data)}", Reply(body=data))

    got = dict(reader.blobs("c" * 40, entries(b"a", b"b")))

    assert sorted(got.values()) == [b"a", b"b"]


def test_a_query_over_the_hourly_limit_waits_for_its_reset(served: Served) -> None:
    reader = served.reader(TEXTS)
    listing = reader.tree(reader.head(MAIN))
    served.github.conditions.switch(remaining=0, reset_in_seconds=90)

    with pytest.raises(RateLimited) as limited:
        dict(reader.blobs(listing.revision, wanted(listing.entries)))

    assert limited.value.retry_after == 90


@pytest.mark.parametrize(("headers", "wait"), [({"Retry-After": "7"}, 7), ({}, 60)])
def test_a_query_over_a_secondary_limit_waits_as_told(served: Served, headers: dict[str, str], wait: int) -> None:
    reader = served.reader(TEXTS)
    served.github.fail_next("/graphql", 200, headers=headers)

    with pytest.raises(RateLimited) as limited:
        read(reader)

    assert limited.value.retry_after == wait


def test_what_is_left_of_graphql_is_not_taken_for_what_is_left_of_rest(served: Served) -> None:
    reader = served.reader(TEXTS)
    read(reader)

    allowance = served.connector.allowance(INSTALLATION_ID)

    assert allowance is not None
    assert allowance.limit - allowance.remaining == 2  # the head, the tree


def test_a_renamed_repository_is_still_queried(served: Served) -> None:
    reader = served.reader(TEXTS)
    listing = reader.tree(reader.head(MAIN))
    served.github.lifecycle.rename(served.github.repository(NAME), "renamed")

    got = dict(reader.blobs(listing.revision, wanted(listing.entries)))

    assert len(got) == len(TEXTS)
    assert served.asked("/git/blobs/") == 0


@pytest.mark.parametrize(
    ("base", "endpoint"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://git.acme.example/api/v3/", "https://git.acme.example/api/graphql"),
        ("https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"),
    ],
)
def test_each_base_has_its_graphql_endpoint(base: str, endpoint: str) -> None:
    assert graphql_url_of(base) == endpoint


def test_an_enterprise_server_is_queried_beside_its_rest_base(
    far_side: FarSide, clock: Clock, pool: PoolManager
) -> None:
    far_side.on("POST /api/graphql", Reply(body=json.dumps({"data": {}}).encode()))
    server = Transport(
        f"{far_side.url}/api/v3", sleep=clock.pauses.append, random=lambda: 1.0, now=clock.now, pool=pool
    )

    assert server.query(b"{}", token="t") == {"data": {}}


def test_batches_keep_within_their_limits() -> None:
    small = {str(number): 10 for number in range(2 * BATCH + 50)}
    large = {f"large{number}": 500_000 for number in range(20)}

    found = batches(small | large | {"cut": 512_001})

    sizes = small | large
    assert [sha for batch in found for sha in batch] == list(sizes)
    assert all(len(batch) <= BATCH for batch in found)
    assert all(sum(sizes[sha] for sha in batch) <= BATCH_BYTES for batch in found)


def test_a_caller_that_stops_has_what_came_before() -> None:
    got: dict[str, bytes] = {}
    with pytest.raises(RateLimited):
        got.update(fetch(Limited(), "head", {"a": 1, "odd": 1, "b": 1}, Weight(3, 3)))

    assert set(got) == {"a", "b"}


def entries(*contents: bytes) -> list[TreeEntry]:

    return [TreeEntry(data.decode(), 0o100644, EntryKind.BLOB, blob_sha(data), len(data)) for data in contents]
