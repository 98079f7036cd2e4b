"""The connector against real git repositories behind GitHub's endpoints, faults and call budgets included."""

import pytest

from local.github import File
from local.github.writing import Files
from shared.connectors.github import webhook
from shared.domain.errors import RateLimited, Retryable
from shared.domain.source_errors import BranchMissing, SourceEmpty, SourceNotFound
from shared.domain.source_tree import SUBMODULE, SYMLINK, blob_sha
from shared.domain.webhook import Envelope
from tests.unit.connectors.github.served import MAIN, NAME, SECRET, Mail, Served, wanted

SKILLS = {f"skills/s{n:03}/{file}": f"{file} {n}".encode() for n in range(1_000) for file in ("SKILL.md", "run.sh")}


def test_a_push_in_a_large_repository_costs_four_calls(served: Served) -> None:
    reader = served.reader(SKILLS)
    served.github.commit(NAME, {"skills/s007/SKILL.md": b"new"})

    listing = reader.tree(reader.head(MAIN))
    (changed,) = [entry for entry in listing.entries if entry.path == "skills/s007/SKILL.md"]

    assert dict(reader.blobs(listing.revision, [changed])) == {blob_sha(b"new"): b"new"}
    assert len(served.github.requests) == 4


def test_a_first_sync_of_a_thousand_skills_costs_at_most_ten_calls(served: Served) -> None:
    reader = served.reader(SKILLS)

    listing = reader.tree(reader.head(MAIN))
    got = dict(reader.blobs(listing.revision, wanted(listing.entries)))

    assert got == {blob_sha(data): data for data in SKILLS.values()}
    assert len(served.github.requests) <= 10


def test_a_cut_listing_is_completed_by_one_call_per_cut_folder(served: Served) -> None:
    files = {f"part{part}/f{n:04}": b"x" for part in range(3) for n in range(2_000)}
    reader = served.reader(files)

    listing = reader.tree(reader.head(MAIN))

    assert listing.complete
    assert [entry.path for entry in wanted(listing.entries)] == sorted(files)
    assert len(served.github.requests) <= 2 + 2 + 3


def test_links_modes_and_submodules_are_listed_as_git_has_them(served: Served) -> None:
    files: Files = {"a": File(b"#!", mode="100755"), "b": File(b"a", "120000"), "c": File(b"1" * 40, "160000")}
    reader = served.reader(files)

    listing = reader.tree(reader.head(MAIN))

    assert [entry.mode for entry in listing.entries] == [0o100755, SYMLINK, SUBMODULE]
    assert set(dict(reader.blobs(listing.revision, wanted(listing.entries))).values()) == {b"#!", b"a"}


def test_a_commit_that_removed_every_file_is_an_empty_listing_not_a_lost_repository(served: Served) -> None:
    reader = served.reader({"a": b"1"})
    served.github.commit(NAME, {"a": None})

    listing = reader.tree(reader.head(MAIN))

    assert (listing.entries, listing.complete) == ((), True)


def test_a_repository_without_a_commit_is_empty(served: Served) -> None:
    with pytest.raises(SourceEmpty):
        served.reader(None).head(MAIN)


def test_a_missing_branch_is_told_from_a_missing_repository(served: Served) -> None:
    reader = served.reader({"a": b"1"})

    with pytest.raises(BranchMissing):
        reader.head("refs/heads/gone")
    with pytest.raises(SourceNotFound):
        served.reader_of(1).head(MAIN)


def test_a_rate_limit_is_told_with_its_wait(served: Served) -> None:
    reader = served.reader({"a": b"1"})
    served.github.fail_next("/repositories/", 429, headers={"Retry-After": "17"})

    with pytest.raises(RateLimited) as limited:
        reader.head(MAIN)

    assert limited.value.retry_after == 17


def test_two_failures_in_a_row_are_ridden_out(served: Served) -> None:
    reader = served.reader({"a": b"1"})
    served.github.fail_next("/repositories/", 502, times=1)
    served.github.fail_next("/repositories/", 0, times=1)

    assert len(reader.head(MAIN)) == 40


def test_a_longer_outage_is_retryable(served: Served) -> None:
    reader = served.reader({"a": b"1"})
    served.github.fail_next("/repositories/", 503, times=3)

    with pytest.raises(Retryable):
        reader.head(MAIN)


def test_a_token_is_refreshed_when_it_is_refused(served: Served) -> None:
    reader = served.reader({"a": b"1"})
    served.github.fail_next("/repositories/", 401)

    assert len(reader.head(MAIN)) == 40


def test_a_pushed_webhook_verifies_and_names_the_head(served: Served, mail: Mail) -> None:
    served.reader({"a": b"1"})
    head = served.github.commit(NAME, {"a": b"2"})
    headers, body = mail[-1]

    webhook.verify(headers, body, [SECRET])

    envelope: Envelope = webhook.normalize(headers, body)
    assert (envelope.event, envelope.ref, envelope.head_sha) == ("push", MAIN, head)
    assert envelope.repository_id == served.github.repository(NAME).id


def test_a_deleted_branch_s_webhook_says_so(served: Served, mail: Mail) -> None:
    served.reader({"a": b"1"})
    served.github.commit(NAME, {"a": b"2"}, branch="side")

    served.github.point_branch(NAME, "side", None)

    assert webhook.normalize(*mail[-1]).deleted
