"""Connector instances: changed, shared, put to rest and woken; a branch is tracked once."""

from typing import Any

import pytest

from shared.bootstrap import Services
from tests.fixtures.calls import Calls
from tests.fixtures.github import FakeConnector
from tests.fixtures.people import ApiAs, Person


def test_an_instance_is_renamed_by_who_has_read_it(api_as: ApiAs, alice: Person, instance_id: str) -> None:
    path = f"/connector-instances/{instance_id}"
    etag = api_as(alice).get(path).headers["etag"]

    first = api_as(alice).patch(path, {"name": "Platform", "autoImport": True}, if_match=etag)
    second = api_as(alice).patch(path, {"name": "Other"}, if_match=etag)

    assert (first.status, first.item.name, first.item.autoImport) == (200, "Platform", True)
    assert (second.status, second.code) == (412, "stale")
    assert api_as(alice).get(path).headers["etag"] == first.headers["etag"] != etag


@pytest.mark.parametrize("body", [{"name": ""}, {"status": "archived"}, {"autoImport": "maybe"}])
def test_what_is_no_change_of_an_instance_is_refused(
    api_as: ApiAs, alice: Person, instance_id: str, body: dict[str, Any]
) -> None:
    assert api_as(alice).patch(f"/connector-instances/{instance_id}", body).status == 400


def test_an_instance_is_shared_role_by_role(
    api_as: ApiAs, alice: Person, bob: Person, instance_id: str, target_id: str
) -> None:
    access, mine = f"/connector-instances/{instance_id}/access", api_as(bob)
    statuses: dict[str, list[int]] = {}

    for role in ("viewer", "editor", "manager"):
        api_as(alice).post(access, {"memberId": bob.id, "role": role})
        statuses[role] = [
            mine.get(f"/connector-targets/{target_id}").status,
            mine.patch(f"/connector-instances/{instance_id}", {"name": role}).status,
            mine.post(f"/connector-instances/{instance_id}/sync-now").status,
            mine.post(f"/connector-instances/{instance_id}/archive").status,
        ]

    assert statuses == {
        "viewer": [200, 403, 403, 403],
        "editor": [200, 200, 202, 403],
        "manager": [200, 200, 202, 200],
    }


def test_access_that_is_taken_back_ends_at_once(api_as: ApiAs, alice: Person, bob: Person, instance_id: str) -> None:
    access = f"/connector-instances/{instance_id}/access"
    given = api_as(alice).post(access, {"memberId": bob.id, "role": "viewer"}).item

    taken = api_as(alice).delete(f"{access}/{given.id}")

    assert taken.status == 200
    assert api_as(bob).get(f"/connector-instances/{instance_id}").status == 404
    assert len(api_as(alice).get(access).items) == 2


@pytest.mark.parametrize("verb", ["disable", "archive"])
def test_an_instance_at_rest_does_not_sync_until_it_is_enabled(
    api_as: ApiAs, alice: Person, instance_id: str, target_id: str, verb: str
) -> None:
    api, path = api_as(alice), f"/connector-instances/{instance_id}"

    rested = [api.post(f"{path}/{verb}") for _ in range(2)]
    refused = [api.post(f"{path}/sync-now"), api.post(f"/connector-targets/{target_id}/resync")]
    checked = api.get(f"/connector-targets/{target_id}").item.nextCheckAt
    enabled = api.post(f"{path}/enable")

    assert {answer.item.status for answer in rested} == {f"{verb}d"}
    assert [answer.status for answer in refused] == [409, 409]
    assert checked is None
    assert (enabled.status, enabled.item.status) == (200, "active")
    assert api.get(f"/connector-targets/{target_id}").item.nextCheckAt is not None
    assert [one.trigger for one in api.get("/connector-sync-events").items] == ["lifecycle"]


def test_an_archived_instance_is_not_merely_disabled(api_as: ApiAs, alice: Person, instance_id: str) -> None:
    api_as(alice).post(f"/connector-instances/{instance_id}/archive")

    answer = api_as(alice).post(f"/connector-instances/{instance_id}/disable")

    assert (answer.status, answer.code) == (409, "conflict")


def test_enabling_what_is_at_work_queues_nothing(
    api_as: ApiAs, alice: Person, instance_id: str, target_id: str
) -> None:
    api_as(alice).post(f"/connector-instances/{instance_id}/enable")

    assert api_as(alice).get("/connector-sync-events").items == []


def test_syncing_now_queues_one_run_for_each_target(
    api_as: ApiAs, alice: Person, github: FakeConnector, instance_id: str, target_id: str
) -> None:
    github.add("acme/tools")
    api, targets = api_as(alice), f"/connector-instances/{instance_id}/targets"
    other = api.post(targets, {"repositoryFullName": "acme/tools"}).item.id

    answer = api.post(f"/connector-instances/{instance_id}/sync-now")

    events = api.get(answer.headers["location"]).items
    assert answer.status == 202
    assert {one["id"] for one in answer.json["jobs"]} == {event.id for event in events}
    assert {(event.targetId, event.trigger, event.status) for event in events} == {
        (target_id, "manual", "queued"),
        (other, "manual", "queued"),
    }


def test_an_instance_without_targets_has_nothing_to_sync(api_as: ApiAs, alice: Person, instance_id: str) -> None:
    answer = api_as(alice).post(f"/connector-instances/{instance_id}/sync-now")

    assert (answer.status, answer.code) == (409, "conflict")


def test_a_branch_is_tracked_once_in_an_instance(
    api_as: ApiAs, alice: Person, instance_id: str, target_id: str
) -> None:
    again = api_as(alice).post(
        f"/connector-instances/{instance_id}/targets", {"repositoryFullName": "acme/reviews", "branch": "main"}
    )

    assert (again.status, again.code) == (409, "conflict")
    assert target_id in again.json["detail"]


def test_a_target_follows_another_branch_with_all_its_mappings(
    api_as: ApiAs, alice: Person, github: FakeConnector, instance_id: str, target_id: str, mapping_id: str
) -> None:
    github.heads["refs/heads/release"] = "b" * 40
    api, path = api_as(alice), f"/connector-targets/{target_id}"

    switched = api.patch(path, {"branch": "release"})
    free = api.post(f"/connector-instances/{instance_id}/targets", {"repositoryFullName": "acme/reviews"})
    back = api.patch(path, {"branch": None})

    assert (switched.item.branch, switched.item.followsDefault) == ("release", False)
    assert [one.id for one in api.get(f"{path}/mappings").items] == [mapping_id]
    assert [one.targetId for one in api.get("/connector-sync-events").items] == [target_id]
    assert (free.status, free.item.followsDefault) == (201, True)
    assert (back.status, free.item.id in back.json["detail"]) == (409, True)


def test_a_branch_that_is_not_there_is_refused(api_as: ApiAs, alice: Person, target_id: str) -> None:
    answer = api_as(alice).patch(f"/connector-targets/{target_id}", {"branch": "nowhere"})

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "branch")
    assert api_as(alice).get(f"/connector-targets/{target_id}").item.branch == "main"


def test_what_the_verbs_cost_does_not_depend_on_the_org(
    depot: Services, api_as: ApiAs, alice: Person, calls: Calls, instance_id: str, target_id: str
) -> None:
    api, path = api_as(alice), f"/connector-instances/{instance_id}"
    measured = {}

    for verb in ("sync-now", "disable", "enable", "archive"):
        with calls.counting() as cost:
            assert api.post(f"{path}/{verb}").status < 300
        measured[verb] = (cost.dynamodb, cost.of("sqs"))

    # Who asks, the instance (and its account), its targets twice (index, rows), what changes, and a run for each.
    assert measured == {"sync-now": (5, 1), "disable": (7, 0), "enable": (9, 1), "archive": (7, 0)}
