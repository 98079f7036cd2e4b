"""Refusals that somebody should hear of: told once an hour in the caller's own org, never as noise."""

from datetime import timedelta
from typing import Any

import pytest

from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from shared.domain.token import read_token
from tests.fixtures.calls import Calls
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person, delivery_token


def refused(api: Api) -> list[Any]:
    return [one for one in api.get("/audit-events").items if one.outcome == "refused"]


def token_id(secret: str) -> str:
    presented = read_token(secret)
    assert presented is not None
    return presented.token_id


def with_token(person: Person, secret: str) -> Person:
    return Person(person.id, person.org_id, person.org_slug, secret)


def test_a_missing_role_is_told_with_who_what_and_where(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str
) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})

    answer = api_as(bob).post(f"/plugins/{plugin_id}/archive")

    (event,) = refused(api_as(alice))
    assert (answer.status, event.action, event.resource) == (403, "archivePlugin", plugin_id)
    assert event.actor == {"kind": "member", "id": bob.id}
    assert event.metadata["reason"] == "missing_role"
    assert event.requestId == answer.headers["x-request-id"]


def test_a_missing_capability_is_told(api_as: ApiAs, alice: Person, bob: Person) -> None:
    api_as(bob).get("/audit-events")

    (event,) = refused(api_as(alice))
    assert (event.action, event.metadata["reason"]) == ("listAuditEvents", "missing_capability")


def test_a_delivery_token_at_the_admin_api_is_told(depot: Services, api_as: ApiAs, alice: Person, bob: Person) -> None:
    secret = delivery_token(depot, bob)

    assert api_as(with_token(bob, secret)).get("/plugins").status == 403

    (event,) = refused(api_as(alice))
    assert event.actor == {"kind": "token", "id": token_id(secret)}


@pytest.mark.parametrize("why", ["revoked", "wrong_secret", "member_left"])
def test_a_known_token_that_is_not_good_is_told_in_its_org(
    depot: Services, api_as: ApiAs, alice: Person, bob: Person, why: str
) -> None:
    secret, presented = bob.token, token_id(bob.token)
    if why == "revoked":
        depot.directory.revoke_token(bob.org_id, presented)
    elif why == "member_left":
        api_as(alice).delete(f"/members/{bob.id}")
    else:
        other = delivery_token(depot, bob)
        monkeyed = depot.credential_rows.find_token(bob.org_id, token_id(other))
        assert monkeyed is not None
        depot.table.client.update_item(
            TableName=depot.table.name,
            Key={"pk": {"S": f"TOKEN#{presented}"}, "sk": {"S": "TOKEN"}},
            UpdateExpression="SET secret_hash = :hash",
            ExpressionAttributeValues={":hash": {"S": monkeyed.secret_hash}},
        )

    assert api_as(with_token(bob, secret)).get("/plugins").status == 401
    assert api_as(with_token(bob, secret), delivery).get("/delivery/plugins").status == 401

    (event,) = refused(api_as(alice))
    assert (event.resource, event.metadata["why"]) == (presented, why)
    assert secret not in repr(event)


def test_a_token_at_another_org_is_told_at_home_alone(
    api_as: ApiAs, alice: Person, mallory: Person, plugin_id: str
) -> None:
    stray = Person(mallory.id, alice.org_id, alice.org_slug, mallory.token)

    assert api_as(stray).get(f"/plugins/{plugin_id}").status == 404

    (event,) = refused(api_as(mallory))
    assert event.metadata["reason"] == "another_organization"
    assert alice.org_id not in repr(event)
    assert refused(api_as(alice)) == []


def test_the_last_owner_the_last_manager_and_a_foreign_installation_are_told(
    api_as: ApiAs, alice: Person, bob: Person
) -> None:
    api = api_as(alice)
    own = api_as(bob).post("/plugins", {"name": "bobs"}).item.id
    (grant,) = api_as(bob).get(f"/plugins/{own}/access").items

    assert api.delete(f"/members/{alice.id}").status == 409
    assert api_as(bob).delete(f"/plugins/{own}/access/{grant.id}").status == 409
    assert api.post("/connector-accounts", {"remoteId": "4711"}).status == 404

    told = {event.metadata["reason"] for event in refused(api)}
    assert told == {"last_owner", "last_manager", "foreign_installation"}


def test_hidden_things_and_strangers_are_no_news(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> None:
    assert api_as(bob).get(f"/plugins/{plugin_id}").status == 404
    assert api_as(with_token(bob, "dpt_nonsense")).get("/plugins").status == 401

    assert refused(api_as(alice)) == []


def test_a_flood_costs_one_write_an_hour(
    depot: Services, api_as: ApiAs, alice: Person, bob: Person, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = api_as(bob)
    api.get("/audit-events")

    with calls.counting() as cost:
        for _ in range(20):
            api.get("/audit-events")
    depot.refusals.told.clear()  # another process, which has not heard of it
    api.get("/audit-events")
    assert len(refused(api_as(alice))) == 1
    later = depot.mint.now() + timedelta(hours=1)
    monkeypatch.setattr(type(depot.mint), "now", lambda _: later)
    api.get("/audit-events")

    assert cost.operations == {"dynamodb.BatchGetItem": 20}
    assert len(refused(api_as(alice))) == 2
