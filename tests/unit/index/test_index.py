"""The index function: from the stream's records to postings, whatever is lost, late, repeated or cut short."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.index.handler import handler as index
from shared.bootstrap import Services
from shared.domain.errors import Retryable, Stale
from tests.fixtures.people import ApiAs, Person
from tests.fixtures.stack import Listener
from tests.unit.index.conftest import Record, Skills

ALL_DONE: dict[str, Any] = {"batchItemFailures": []}


class Stopped(BaseException):
    """The function is no more; nothing catches this."""


def told(*records: Record) -> dict[str, Any]:
    return index({"Records": list(records)}, None)


def test_a_new_object_gets_its_postings(skills: Skills) -> None:
    made = skills.create("deploy-service")

    assert told(skills.record(made)) == ALL_DONE

    assert skills.is_indexed(made)
    assert {"0deploy", "0service", "1does", "type:skill", "mode:cloud"} <= skills.postings(made)


def test_a_renamed_object_loses_the_postings_of_its_old_name(skills: Skills) -> None:
    made = skills.create("deploy-service")
    told(skills.record(made))
    skills.rename(made, "release-notes")

    told(skills.record(made))

    assert skills.is_indexed(made)
    assert "0deploy" not in skills.postings(made)


def test_only_the_postings_that_differ_are_written(skills: Skills, depot: Services) -> None:
    made = skills.create("deploy-service")
    told(skills.record(made))
    skills.rename(made, "deploy-services")
    work = depot.begin()

    depot.posting_rows.index(skills.find(made), work)

    assert len(work) == 2 + 1  # `services` for `service`, and the object's row


def test_what_does_not_change_the_terms_is_no_news(skills: Skills) -> None:
    made = skills.create("deploy-service")
    told(skills.record(made))

    skills.api.post(f"/config-objects/{made}/versions", {"input": _other_body()})

    assert "edge_pk" not in skills.record(made)["dynamodb"]["NewImage"]


def test_old_and_repeated_news_changes_nothing(skills: Skills) -> None:
    made = skills.create("deploy-service")
    old = skills.record(made)
    skills.rename(made, "release-notes")
    told(skills.record(made))

    assert told(old, old) == ALL_DONE

    assert skills.is_indexed(made)


@pytest.mark.parametrize("renamed", [False, True])
def test_a_function_stopped_after_any_call_leaves_nothing_wrong(
    skills: Skills, listeners: list[Listener], renamed: bool
) -> None:
    made = skills.create("deploy-service")
    if renamed:
        told(skills.record(made))
        skills.rename(made, "release-notes")

    for calls in range(2):
        with pytest.raises(Stopped):
            _stopped_after(calls, listeners, skills.record(made))
        assert skills.search("release" if renamed else "deploy") == [made]
        assert skills.search("deploy" if renamed else "release") == []

    assert told(skills.record(made)) == ALL_DONE
    assert skills.is_indexed(made)


def test_a_write_meanwhile_is_not_overwritten(skills: Skills, depot: Services) -> None:
    made = skills.create("deploy-service")
    seen = skills.find(made)
    skills.rename(made, "release-notes")

    with pytest.raises(Stale), depot.begin() as work:
        depot.posting_rows.index(seen, work)

    assert skills.postings(made) == set()
    assert skills.search("release") == [made]


def test_an_index_run_meanwhile_is_no_obstacle_to_a_write(skills: Skills, depot: Services) -> None:
    made = skills.create("deploy-service")
    seen = skills.find(made)
    told(skills.record(made))

    with depot.begin() as work:
        depot.object_rows.replace(replace(seen, title="changed", revision=seen.revision + 1), seen.revision, work)

    assert skills.search("changed") == [made]
    told(skills.record(made))
    assert skills.is_indexed(made)


def test_one_object_that_fails_does_not_bring_back_the_others(
    skills: Skills, depot: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = skills.create("deploy-service"), skills.create("release-notes")
    postings, whole = depot.posting_rows, depot.posting_rows.index
    monkeypatch.setattr(postings, "index", lambda one, work: _busy() if one.id == bad else whole(one, work))
    record = skills.record(bad)

    answer = told(skills.record(good), record)

    assert answer == {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    assert skills.is_indexed(good)


def test_the_sweep_announces_again_what_the_stream_lost(
    skills: Skills, depot: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = skills.create("deploy-service")
    before = skills.record(made)["dynamodb"]["NewImage"]
    later = depot.mint.now() + timedelta(minutes=16)
    monkeypatch.setattr(type(depot.mint), "now", lambda _: later)

    assert depot.indexing.announce_overdue() == 1

    after = skills.record(made)["dynamodb"]["NewImage"]
    assert {name for name in after if after[name] != before[name]} == {"due_sk"}
    assert depot.indexing.announce_overdue() == 0


def test_another_orgs_objects_are_never_found(skills: Skills, api_as: ApiAs, mallory: Person, depot: Services) -> None:
    theirs = Skills(depot, api_as(mallory), mallory.org_id)
    own, foreign = skills.create("deploy-service"), theirs.create("deploy-service")
    told(skills.record(own), theirs.record(foreign))

    assert skills.search("deploy") == [own]
    assert theirs.search("deploy") == [foreign]


def _stopped_after(calls: int, listeners: list[Listener], record: Record) -> None:
    left = iter(range(calls))

    def spend(_: Any) -> None:
        if next(left, None) is None:
            raise Stopped

    listeners.append(spend)
    try:
        told(record)
    finally:
        listeners.remove(spend)


def _busy() -> None:
    raise Retryable("The table is busy.")


def _other_body() -> dict[str, str]:
    return {"rawSourceText": "---\nname: deploy-service\ndescription: What deploy-service does.\n---\nOther.\n"}
