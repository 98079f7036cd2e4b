"""Content storage: named by what it holds, written once, read side by side."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.bootstrap import Services
from shared.domain.content import sha256_hex
from shared.domain.errors import Retryable
from shared.storage.content_store import ContentStore, archive_key, catalog_key, pack_key


@pytest.fixture
def store(depot: Services) -> ContentStore:
    return depot.content


class Puts:
    """Answers each put with the next of these error codes, None for success."""

    def __init__(self, *codes: str | None) -> None:
        self.codes = list(codes)
        self.asked: list[dict[str, Any]] = []

    def put_object(self, **request: Any) -> None:
        self.asked.append(request)
        code = self.codes.pop(0)
        if code is not None:
            raise ClientError({"Error": {"Code": code, "Message": code}}, "PutObject")


def test_content_is_found_by_its_own_hash(store: ContentStore) -> None:
    digest = store.put_blob("org_1", b"# Review")

    assert digest == sha256_hex(b"# Review")
    assert store.get_blob("org_1", digest) == b"# Review"


def test_another_org_finds_nothing(store: ContentStore) -> None:
    digest = store.put_blob("org_1", b"ours")

    with pytest.raises(Retryable):
        store.get_blob("org_2", digest)


def test_content_that_is_there_is_not_written_again(store: ContentStore) -> None:
    assert store.put_blob("org_1", b"same") == store.put_blob("org_1", b"same")


def test_every_write_is_conditional_and_names_its_content() -> None:
    client = Puts(None)

    ContentStore(lambda: client, "bucket").put_blob("org_1", b"x")

    (asked,) = client.asked
    assert asked["IfNoneMatch"] == "*"
    assert asked["Key"] == f"orgs/org_1/blobs/{sha256_hex(b'x')}"


def test_whoever_was_first_wrote_the_same_bytes() -> None:
    ContentStore(lambda: Puts("PreconditionFailed"), "bucket").put_blob("org_1", b"x")


def test_a_write_that_met_a_deletion_is_repeated() -> None:
    client = Puts("ConditionalRequestConflict", None)

    ContentStore(lambda: client, "bucket").put_blob("org_1", b"x")

    assert len(client.asked) == 2


def test_a_write_that_keeps_meeting_deletions_is_worth_a_later_retry() -> None:
    with pytest.raises(Retryable):
        ContentStore(lambda: Puts(*["ConditionalRequestConflict"] * 9), "bucket").put_blob("org_1", b"x")


def test_other_refusals_are_not_hidden() -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        ContentStore(lambda: Puts("AccessDenied"), "bucket").put_blob("org_1", b"x")


@pytest.mark.parametrize("count", [0, 1, 40])
def test_many_contents_are_stored_and_read_by_name(store: ContentStore, count: int) -> None:
    contents = [f"file {number}".encode() for number in range(count)]

    store.put_blobs("org_1", [*contents, *contents])

    names = [sha256_hex(content) for content in contents]
    assert store.get_blobs("org_1", [*names, *names]) == dict(zip(names, contents, strict=True))


def test_no_client_is_opened_before_content_is_asked_for() -> None:
    opened: list[Puts] = []

    def open_client() -> Puts:
        opened.append(Puts(*[None] * 40))
        return opened[-1]

    store = ContentStore(open_client, "bucket")
    before = len(opened)
    store.put_blobs("org_1", [bytes([number]) for number in range(40)])

    assert (before, len(opened)) == (0, 1)


def test_equal_contents_are_sent_once() -> None:
    client = Puts(None, None)

    ContentStore(lambda: client, "bucket").put_blobs("org_1", [b"a", b"b", b"a"])

    assert sorted(asked["Body"] for asked in client.asked) == [b"a", b"b"]


def test_a_rendering_can_be_asked_for_before_it_exists(store: ContentStore) -> None:
    key = pack_key("org_1", "1" * 40)

    before = (store.find_rendering(key), store.get_rendering(key))
    store.put_rendering(key, b"PACK", "application/octet-stream")

    assert before == (None, None)
    assert (store.find_rendering(key), store.get_rendering(key)) == (sha256_hex(b"PACK"), b"PACK")


def test_a_rendering_says_that_it_may_expire() -> None:
    client = Puts(None)

    ContentStore(lambda: client, "bucket").put_rendering("orgs/org_1/packs/1.pack", b"PACK", "application/octet-stream")

    assert client.asked[0]["Tagging"] == "kind=rendered"


def test_renderings_lie_below_their_org() -> None:
    keys = [archive_key("org_1", "sha256:ab", ".tar.gz"), pack_key("org_1", "cd"), catalog_key("org_1", "ef")]

    assert keys == ["orgs/org_1/archives/ab.tar.gz", "orgs/org_1/packs/cd.pack", "orgs/org_1/catalogs/ef.json"]


def test_a_download_names_its_file_and_its_end(store: ContentStore) -> None:
    url = store.presign("orgs/org_1/archives/ab.zip", "reviews.zip")

    assert "X-Amz-Expires=300" in url
    assert "reviews.zip" in url
