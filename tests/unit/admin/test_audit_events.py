"""Who did what: every change leaves one event in its own transaction, and those who may read find it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.access import OrgRole
from shared.domain.audit import AuditActor, AuditActorKind, AuditEvent, Outcome
from shared.domain.ids import make_id, time_of
from shared.domain.token import TokenKind
from shared.repositories.audit_trail import add_event
from shared.services.directory import TokenDraft
from tests.fixtures.calls import Calls
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person, join
from tests.unit.admin.contents import skill

KEPT = timedelta(days=400)


@pytest.fixture
def api(api_as: ApiAs, alice: Person) -> Api:
    return api_as(alice)


def happened(depot: Services, person: Person, at: datetime, action: str = "createPlugin", number: int = 0) -> str:
    """An event of a time of one's choice."""
    event_id = make_id("aud", int(at.timestamp() * 1000), number)
    actor = AuditActor(AuditActorKind.MEMBER, person.id)
    plugin_id = "plg_" + event_id.partition("_")[2]
    event = AuditEvent(event_id, person.org_id, actor, action, Outcome.DONE, plugin_id, "request-1", at)
    with depot.begin().as_upkeep() as work:
        add_event(event, KEPT, work)
    return event_id


def age(depot: Services, person: Person, monkeypatch: pytest.MonkeyPatch, days: int) -> datetime:
    """Let so many days pass since the org was founded; when it is then."""
    founded = datetime.fromtimestamp(time_of(person.org_id) / 1000, UTC)
    now = founded + timedelta(days=days)
    monkeypatch.setattr(type(depot.mint), "now", lambda _: now)
    return now


def test_a_change_tells_who_did_what_to_which_thing_in_which_request(api: Api, alice: Person) -> None:
    made = api.post("/plugins", {"name": "reviews"}, x_request_id="request-of-alice")

    (event,) = api.get("/audit-events?action=createPlugin").items

    assert event.actor == {"kind": "member", "id": alice.id}
    assert (event.resource, event.outcome) == (made.item.id, "done")
    assert event.requestId == "request-of-alice"
    assert event.createdAt[:10] == made.item.createdAt[:10]


def test_what_an_event_tells_is_called_as_in_the_rest_of_the_api(api: Api) -> None:
    api.post("/plugins", {"name": "reviews", "deliveryMode": "released"})

    (event,) = api.get("/audit-events?action=createPlugin").items

    assert (event.metadata["deliveryMode"], event.metadata["status"]) == ("released", "active")


def test_a_grant_tells_who_got_which_role(api: Api, bob: Person, plugin_id: str) -> None:
    api.post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "editor"})

    (event,) = api.get(f"/audit-events?resource={plugin_id}&action=givePluginAccess").items

    assert event.metadata["principal"] == bob.id
    assert event.metadata["role"] == "editor"
    assert bob.id in event.metadata["touched"]


def test_a_personal_token_is_named_beside_its_member_and_a_service_token_by_itself(
    depot: Services, api: Api, alice: Person, api_as: ApiAs
) -> None:
    draft = TokenDraft(TokenKind.SERVICE, "ci", role=OrgRole.ADMIN)
    token, secret = depot.directory.create_token(alice.org_id, draft)
    service = Person(token.id, alice.org_id, alice.org_slug, secret)

    api.post("/plugins", {"name": "by-hand"})
    api_as(service).post("/plugins", {"name": "by-ci"})

    newest, other = api.get("/audit-events?action=createPlugin").items
    assert newest.actor == {"kind": "token", "id": token.id}
    assert other.actor["kind"] == "member"
    assert other.metadata["token"].startswith("tok_")


def test_what_is_refused_or_changes_nothing_leaves_no_event(api: Api, plugin_id: str, object_id: str) -> None:
    before = api.get("/audit-events").items

    api.post("/plugins", {"name": "reviews"})  # the name is taken
    api.post(f"/plugins/{plugin_id}/restore")
    api.post(f"/config-objects/{object_id}/versions", skill())
    assert api.patch("", {}).status == 200

    assert api.get("/audit-events").items == before


@pytest.mark.usefixtures("quick_moto")
def test_a_bulk_creation_leaves_an_event_per_object(api: Api, alice: Person) -> None:
    made = api.post("/config-objects/bulk", {"items": [skill() for _ in range(5)]})

    events = api.get("/audit-events?action=createConfigObjects").items

    assert sorted(event.resource for event in events) == sorted(one.item["id"] for one in made.items)
    assert {event.actor["id"] for event in events} == {alice.id}


def test_members_of_one_transaction_are_named_by_its_one_event(api: Api, plugin_id: str) -> None:
    made = [api.post("/config-objects", skill()).item.id for _ in range(3)]

    api.post(f"/plugins/{plugin_id}/config-objects/bulk", {"items": [{"configObjectId": one} for one in made]})

    (event,) = api.get("/audit-events?action=addPluginMembers").items
    assert event.resource == plugin_id
    assert event.metadata["touched"] == made


def test_only_owners_and_admins_read_them(api_as: ApiAs, depot: Services, alice: Person, bob: Person) -> None:
    admin = join(depot, alice, "dora", OrgRole.ADMIN)

    assert api_as(admin).get("/audit-events").status == 200
    refused = api_as(bob).get("/audit-events")
    assert (refused.status, refused.code) == (403, "missing_capability")


def test_another_orgs_events_are_never_listed(api: Api, api_as: ApiAs, mallory: Person, plugin_id: str) -> None:
    api_as(mallory).post("/plugins", {"name": "theirs"})

    assert api_as(mallory).get(f"/audit-events?resource={plugin_id}").items == []
    assert {one.resource for one in api.get("/audit-events?action=createPlugin").items} == {plugin_id}


@pytest.mark.parametrize("query", ["", "actor={alice}", "action=createPlugin"])
def test_pages_are_newest_first_and_show_each_event_once_while_others_come(
    api: Api, depot: Services, alice: Person, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    now = age(depot, alice, monkeypatch, 100)
    made = [happened(depot, alice, now - timedelta(days=9 * place), number=place) for place in range(10)]
    seen: list[str] = []
    cursor = ""

    while True:
        answer = api.get(f"/audit-events?limit=3&{query.format(alice=alice.id)}{cursor}")
        seen += [one.id for one in answer.items]
        happened(depot, alice, now, number=100 + len(seen))
        if (following := answer.json["nextCursor"]) is None:
            break
        cursor = f"&cursor={following}"

    assert [one for one in seen if one in made] == made
    assert len(seen) == len(set(seen))


def test_since_is_included_and_until_is_not(
    api: Api, depot: Services, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = age(depot, alice, monkeypatch, 300)
    times = [now - timedelta(days=30 * place) for place in range(9)]
    made = [happened(depot, alice, at, number=place) for place, at in enumerate(times)]
    span = {"since": times[5], "until": times[2]}
    query = "&".join(f"{name}={at.isoformat().replace('+00:00', 'Z')}" for name, at in span.items())

    found = {
        name: [one.id for one in api.get(f"/audit-events?{query}{more}").items]
        for name, more in {"months": "", "actor": f"&actor={alice.id}"}.items()
    }

    assert found == {"months": made[3:6], "actor": made[3:6]}


def test_a_span_that_ends_before_it_begins_is_refused(api: Api) -> None:
    answer = api.get("/audit-events?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z")

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "until")


@pytest.mark.parametrize(("query", "most"), [("", 17), ("actor={alice}", 3), ("actor={alice}&action=createPlugin", 4)])
def test_a_page_costs_the_same_whatever_there_is(
    api: Api,
    depot: Services,
    alice: Person,
    calls: Calls,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
    most: int,
) -> None:
    now = age(depot, alice, monkeypatch, 399)
    path = f"/audit-events?limit=50&{query.format(alice=alice.id)}"
    costs = []

    for count in (3, 120):
        for place in range(count):
            happened(depot, alice, now - timedelta(hours=3 * place), number=place)
        api.get(path)
        with calls.counting() as cost:
            answer = api.get(path)
        costs.append(cost)

    assert len(answer.items) == 50
    assert all(cost.dynamodb <= most and cost.depth <= 4 for cost in costs)
    assert costs[1].dynamodb <= 4  # what fills the page is read, and no more


def test_a_year_of_silence_is_passed_in_one_page(
    api: Api, depot: Services, alice: Person, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = age(depot, alice, monkeypatch, 399)
    old = happened(depot, alice, now - timedelta(days=390))
    api.get("/audit-events")  # the first use of a token is noted

    with calls.counting() as cost:
        found = api.get("/audit-events").json

    assert old in [one["id"] for one in found["items"]]
    assert found["nextCursor"] is None
    assert cost.dynamodb <= 17
    assert cost.depth <= 4


def test_events_expire_when_the_deployment_says(api: Api, depot: Services, plugin_id: str) -> None:
    rows: list[Any] = depot.table.client.scan(TableName=depot.table.name)["Items"]

    kept = [
        int(row["expires_at"]["N"]) - datetime.fromisoformat(row["created_at"]["S"]).timestamp()
        for row in rows
        if row["pk"]["S"].startswith("AUD#")
    ]

    assert kept
    assert all(399.9 <= seconds / 86_400 <= 400 for seconds in kept)
