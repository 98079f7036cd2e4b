"""Connector setup and sync events through the admin API."""

import json
from typing import Any

import boto3
import pytest

from shared.bootstrap import Services
from shared.domain.access import OrgRole
from shared.domain.connector import TargetHealth
from tests.fixtures.github import INSTALLATION, FakeConnector
from tests.fixtures.people import ApiAs, Person, join

ACCOUNT = {"remoteId": str(INSTALLATION)}


def test_an_installation_is_bound_only_with_a_claim(
    depot: Services, api_as: ApiAs, alice: Person, github: FakeConnector
) -> None:
    before = api_as(alice).post("/connector-accounts", ACCOUNT)
    depot.directory.claim_installation(alice.org_id, "github", str(INSTALLATION))
    after = api_as(alice).post("/connector-accounts", ACCOUNT)
    again = api_as(alice).post("/connector-accounts", ACCOUNT)

    assert (before.status, after.status, again.status) == (404, 201, 409)
    assert (after.item.login, after.item.status) == ("acme", "active")


def test_setup_is_for_admins(api_as: ApiAs, bob: Person, account_id: str) -> None:
    answers = [
        api_as(bob).get("/connector-accounts"),
        api_as(bob).get(f"/connector-accounts/{account_id}"),
        api_as(bob).post("/connector-accounts", ACCOUNT),
        api_as(bob).post("/connector-instances", {"accountId": account_id, "name": "mine"}),
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(403, "missing_capability")}


def test_what_was_set_up_is_read_back(
    api_as: ApiAs, alice: Person, account_id: str, instance_id: str, target_id: str, mapping_id: str
) -> None:
    api = api_as(alice)
    lists = {
        "/connector-accounts": ("connector-accounts", account_id),
        "/connector-instances": ("connector-instances", instance_id),
        f"/connector-instances/{instance_id}/targets": ("connector-targets", target_id),
        f"/connector-targets/{target_id}/mappings": ("connector-mappings", mapping_id),
    }

    for path, (noun, made) in lists.items():
        (listed,) = api.get(path).items
        assert listed.id == made
        assert api.get(f"/{noun}/{made}").item == listed


def test_a_target_tracks_the_default_branch_unless_told(api_as: ApiAs, alice: Person, target_id: str) -> None:
    target = api_as(alice).get(f"/connector-targets/{target_id}").item

    assert (target.branch, target.ref, target.health) == ("main", "refs/heads/main", "healthy")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"repositoryFullName": "acme/unknown"}, "repositoryFullName"),
        ({"repositoryFullName": "acme"}, "repositoryFullName"),
        ({"repositoryFullName": "acme/reviews", "branch": "nowhere"}, "branch"),
        ({"repositoryFullName": "acme/reviews", "branch": "no where"}, "branch"),
    ],
)
def test_what_the_installation_cannot_read_is_no_target(
    api_as: ApiAs, alice: Person, instance_id: str, body: dict[str, Any], path: str
) -> None:
    answer = api_as(alice).post(f"/connector-instances/{instance_id}/targets", body)

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, path)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"selector": "", "objectType": "skill"}, "selector"),
        ({"selector": "a" * 2000, "objectType": "skill"}, "selector"),
        ({"selector": "/skills/*/SKILL.md", "objectType": "poem"}, "objectType"),
        ({"selector": "/x", "objectType": "skill", "pluginId": "x"}, "pluginId"),
    ],
)
def test_a_mapping_names_a_selector_and_a_type(
    api_as: ApiAs, alice: Person, target_id: str, body: dict[str, Any], path: str
) -> None:
    answer = api_as(alice).post(f"/connector-targets/{target_id}/mappings", body)

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, path)


def test_an_instance_is_seen_by_its_people_alone(api_as: ApiAs, bob: Person, instance_id: str, target_id: str) -> None:
    assert api_as(bob).get("/connector-instances").items == []
    assert api_as(bob).get(f"/connector-instances/{instance_id}").status == 404
    assert api_as(bob).get(f"/connector-targets/{target_id}").status == 404
    assert api_as(bob).post(f"/connector-targets/{target_id}/resync").status == 404


def test_a_resync_is_queued_and_its_event_tells_how_it_goes(api_as: ApiAs, alice: Person, target_id: str) -> None:
    answer = api_as(alice).post(f"/connector-targets/{target_id}/resync")

    event = api_as(alice).get(answer.headers["location"]).item
    assert answer.status == 202
    assert answer.json == {"ok": True, "queued": True, "job": {"id": event.id}}
    assert (event.status, event.trigger, event.targetId) == ("queued", "manual", target_id)


def test_the_queue_is_given_ids_alone(depot: Services, api_as: ApiAs, alice: Person, target_id: str) -> None:
    queue = boto3.client("sqs")
    queue.purge_queue(QueueUrl=depot.settings.queue_url)

    event_id = api_as(alice).post(f"/connector-targets/{target_id}/resync").json["job"]["id"]

    (message,) = queue.receive_message(QueueUrl=depot.settings.queue_url)["Messages"]
    assert json.loads(message["Body"])["sync_event_id"] == event_id
    assert set(json.loads(message["Body"])) == {"org_id", "target_id", "sync_event_id", "attempt"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("targetId={target}", True),
        ("instanceId={instance}", True),
        ("instanceId={instance}&targetId={target}&status=queued&trigger=manual", True),
        ("status=failed", False),
        ("targetId={target}&trigger=push", False),
    ],
)
def test_events_are_listed_by_where_and_how(
    api_as: ApiAs, alice: Person, instance_id: str, target_id: str, event_id: str, query: str, found: bool
) -> None:
    listed = api_as(alice).get("/connector-sync-events?" + query.format(target=target_id, instance=instance_id)).items

    assert [one.id for one in listed] == ([event_id] if found else [])


def test_events_are_listed_newest_first_page_by_page(api_as: ApiAs, alice: Person, target_id: str) -> None:
    made = [api_as(alice).post(f"/connector-targets/{target_id}/resync").json["job"]["id"] for _ in range(3)]

    first = api_as(alice).get(f"/connector-sync-events?targetId={target_id}&limit=2")
    second = api_as(alice).get(f"/connector-sync-events?targetId={target_id}&cursor={first.json['nextCursor']}&limit=2")

    assert [one.id for one in (*first.items, *second.items)] == made[::-1]


@pytest.mark.parametrize("query", ["", "&targetId={target}", "&instanceId={instance}"])
def test_events_since_a_time_are_those_made_then_and_later(
    api_as: ApiAs, alice: Person, target_id: str, instance_id: str, query: str
) -> None:
    api = api_as(alice)
    made = [api.post(f"/connector-targets/{target_id}/resync").json["job"]["id"] for _ in range(3)]
    middle = api.get(f"/connector-sync-events/{made[1]}").item.createdAt
    path = f"/connector-sync-events?since={middle}" + query.format(target=target_id, instance=instance_id)

    first = api.get(f"{path}&limit=1")
    second = api.get(f"{path}&limit=1&cursor={first.json['nextCursor']}")

    assert [one.id for one in (*first.items, *second.items)] == made[:0:-1]
    assert api.get(path.replace(middle, "2999-01-01T00:00:00Z")).items == []


def test_a_time_without_its_zone_is_refused_by_name(api_as: ApiAs, alice: Person) -> None:
    answer = api_as(alice).get("/connector-sync-events?since=2026-01-01T00:00:00")

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "since")


def test_health_says_what_is_to_be_done(api_as: ApiAs, alice: Person, depot: Services, target_id: str) -> None:
    api = api_as(alice)
    fine = api.get(f"/connector-targets/{target_id}").item
    target = depot.target_rows.find(alice.org_id, target_id)
    assert target is not None
    with depot.begin() as work:
        depot.target_rows.update(target, {"health": TargetHealth.BRANCH_MISSING}, work)

    broken = api.get(f"/connector-targets/{target_id}").item

    assert (fine.health, fine.healthReason) == ("healthy", None)
    assert (broken.health, broken.healthReason) == ("branch_missing", TargetHealth.BRANCH_MISSING.reason)


def test_every_health_but_the_good_one_has_a_reason() -> None:
    assert [health for health in TargetHealth if health.reason is None] == [TargetHealth.HEALTHY]


@pytest.mark.parametrize("name", ["targetId", "instanceId"])
def test_events_of_what_may_not_be_seen_are_not_found(
    api_as: ApiAs, bob: Person, target_id: str, instance_id: str, event_id: str, name: str
) -> None:
    hidden = {"targetId": target_id, "instanceId": instance_id}[name]

    assert api_as(bob).get(f"/connector-sync-events?{name}={hidden}").status == 404
    assert api_as(bob).get("/connector-sync-events").items == []
    assert api_as(bob).get(f"/connector-sync-events/{event_id}").status == 404


def test_an_open_event_needs_no_retry(api_as: ApiAs, alice: Person, event_id: str) -> None:
    answer = api_as(alice).post(f"/connector-sync-events/{event_id}/retry")

    assert (answer.status, answer.code) == (409, "conflict")


def test_an_admin_sees_what_an_owner_sees(depot: Services, api_as: ApiAs, alice: Person, event_id: str) -> None:
    admin = join(depot, alice, "dana", OrgRole.ADMIN)

    assert [one.id for one in api_as(admin).get("/connector-sync-events").items] == [event_id]
