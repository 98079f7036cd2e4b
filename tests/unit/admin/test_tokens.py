"""Tokens: who makes, sees and revokes which, and what they are good for."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from shared.domain.access import OrgRole
from tests.fixtures.http import Answer, Api
from tests.fixtures.logs import LogLines
from tests.fixtures.people import ApiAs, Person, join

Make = Callable[..., Answer]


@pytest.fixture
def dana(depot: Services, alice: Person) -> Person:
    """An admin of Acme."""
    return join(depot, alice, "dana", OrgRole.ADMIN)


@pytest.fixture
def make(api_as: ApiAs) -> Make:
    """Makes a token as a person."""

    def create(person: Person, kind: str = "personal", **fields: Any) -> Answer:
        return api_as(person).post("/tokens", {"kind": kind, "name": "laptop", **fields})

    return create


def _with(answer: Answer, base: str = "/v1/orgs/acme", handler: Any = None) -> Api:
    from functions.admin.handler import handler as admin

    return Api(handler or admin, base, {"authorization": f"Bearer {answer.item.secret}"})


def test_a_personal_token_is_its_maker(make: Make, bob: Person) -> None:
    made = make(bob)

    (seat,) = _with(made, "").get("/v1/me").item.orgs
    assert (made.status, made.item.memberId, made.item.secret[:5]) == (201, bob.id, "dpt_p")
    assert seat["memberId"] == bob.id


def test_a_secret_is_shown_once_and_never_kept(
    depot: Services, make: Make, api_as: ApiAs, bob: Person, log_lines: LogLines
) -> None:
    made = make(bob)
    secret = made.item.secret[57:89]

    pages = depot.table.client.get_paginator("scan").paginate(TableName=depot.table.name)
    assert secret not in repr([item for page in pages for item in page["Items"]])
    assert secret not in repr(log_lines())
    assert secret not in repr([api_as(bob).get(path).body for path in ("/tokens", f"/tokens/{made.item.id}")])


def test_a_repeated_request_makes_one_token_and_shows_no_secret_again(make: Make, api_as: ApiAs, bob: Person) -> None:
    body = {"kind": "personal", "name": "laptop"}

    first, again = (api_as(bob).post("/tokens", body, idempotency_key="k-1") for _ in range(2))

    assert (again.status, again.item.id, again.item.secret) == (201, first.item.id, None)
    assert _with(first).get("").status == 200


def test_a_revoked_token_is_refused_on_its_next_request(make: Make, api_as: ApiAs, bob: Person) -> None:
    made = make(bob)
    before = _with(made).get("").status

    first, again = (api_as(bob).delete(f"/tokens/{made.item.id}") for _ in range(2))

    assert (before, _with(made).get("").status) == (200, 401)
    assert first.item.revokedAt == again.item.revokedAt


def test_a_token_tells_when_it_was_last_used(make: Make, api_as: ApiAs, bob: Person) -> None:
    made = make(bob)
    _with(made).get("")

    assert made.item.lastUsedAt is None
    assert api_as(bob).get(f"/tokens/{made.item.id}").item.lastUsedAt is not None


def test_everybody_sees_their_own_tokens_and_admins_all(
    make: Make, api_as: ApiAs, alice: Person, bob: Person, carol: Person
) -> None:
    own, anothers = make(bob).item.id, make(carol).item.id

    seen = {one.id for one in api_as(bob).get("/tokens").items}

    assert (own in seen, anothers in seen) == (True, False)
    assert {own, anothers} <= {one.id for one in api_as(alice).get("/tokens").items}


def test_another_s_token_is_not_found(make: Make, api_as: ApiAs, alice: Person, bob: Person, carol: Person) -> None:
    path = f"/tokens/{make(carol).item.id}"

    assert [api_as(bob).send(method, path).status for method in ("GET", "DELETE")] == [404, 404]
    assert [api_as(alice).send(method, path).status for method in ("GET", "DELETE")] == [200, 200]


@pytest.mark.parametrize(
    ("who", "body", "status"),
    [
        ("bob", {"kind": "service"}, 403),
        ("bob", {"kind": "delivery", "memberId": "carol"}, 403),
        ("bob", {"kind": "personal", "memberId": "carol"}, 403),
        ("bob", {"kind": "delivery", "teamId": "team"}, 403),
        ("bob", {"kind": "delivery"}, 201),
        ("bob", {"kind": "personal", "memberId": "bob"}, 201),
        ("dana", {"kind": "service"}, 201),
        ("dana", {"kind": "delivery", "teamId": "team"}, 201),
        ("dana", {"kind": "delivery", "memberId": "alice"}, 201),
        ("dana", {"kind": "personal", "memberId": "carol"}, 201),
        ("dana", {"kind": "personal", "memberId": "alice"}, 403),
        ("dana", {"kind": "personal", "memberId": "dana"}, 201),
        ("alice", {"kind": "personal", "memberId": "dana"}, 201),
    ],
)
def test_who_may_make_which_token(
    request: pytest.FixtureRequest,
    make: Make,
    team_of: Callable[..., str],
    who: str,
    body: dict[str, str],
    status: int,
) -> None:
    people = {name: request.getfixturevalue(name) for name in ("alice", "bob", "carol", "dana")}
    known = {name: person.id for name, person in people.items()} | {"team": team_of(people["carol"])}

    answer = make(people[who], **{name: known.get(value, value) for name, value in body.items()})

    assert answer.status == status
    assert status == 201 or answer.code == "missing_capability"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"kind": "personal", "role": "admin"}, "role"),
        ({"kind": "service", "role": "owner"}, "role"),
        ({"kind": "service", "memberId": "{alice}"}, "memberId"),
        ({"kind": "personal", "teamId": "{team}"}, "teamId"),
        ({"kind": "delivery", "memberId": "{alice}", "teamId": "{team}"}, "memberId"),
        ({"kind": "delivery", "scopes": ["admin:read"]}, "scopes"),
        ({"kind": "personal", "scopes": ["everything"]}, "scopes"),
        ({"kind": "personal", "scopes": []}, "scopes"),
        ({"kind": "personal", "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({"kind": "personal", "expiresAt": "2030-01-01T00:00:00"}, "expiresAt"),
        ({"kind": "personal", "marketplaceId": "mkt_01m83cm181mw5y2cd4zh3yt3tz"}, "marketplaceId"),
    ],
)
def test_what_does_not_fit_the_kind_is_refused(
    make: Make, team_of: Callable[..., str], alice: Person, body: dict[str, Any], path: str
) -> None:
    known = {"{alice}": alice.id, "{team}": team_of(alice)}

    answer = make(alice, **{name: known.get(str(value), value) for name, value in body.items()})

    assert (answer.status, answer.json["errors"][0]["path"].split(".")[0]) == (400, path)


def test_a_marketplace_that_is_not_there_cannot_be_named(make: Make, api_as: ApiAs, alice: Person) -> None:
    before = len(api_as(alice).get("/tokens").items)

    answer = make(alice, "delivery", marketplaceId="mkt_01m83cm181mw5y2cd4zh3yt3tz")

    assert (answer.status, len(api_as(alice).get("/tokens").items)) == (404, before)


@pytest.mark.parametrize(("role", "capabilities"), [("member", 2), ("admin", 11)])
def test_a_service_token_has_its_own_role(make: Make, alice: Person, role: str, capabilities: int) -> None:
    made = make(alice, "service", role=role)

    (seat,) = _with(made, "").get("/v1/me").item.orgs
    assert (seat["role"], seat["memberId"], len(seat["capabilities"])) == (role, None, capabilities)


def test_a_service_token_works_with_what_it_made(make: Make, api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    api = _with(make(alice, "service"))

    own = api.post("/plugins", {"name": "built"}).item.id

    assert [api.get(f"/plugins/{one}").status for one in (own, plugin_id)] == [200, 404]


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        (["admin:read"], [200, 403, 403]),
        (["admin:write"], [403, 201, 403]),
        (["delivery:read"], [403, 403, 200]),
        (None, [200, 201, 200]),
    ],
)
def test_a_token_is_good_for_its_scopes(
    make: Make, alice: Person, scopes: list[str] | None, expected: list[int]
) -> None:
    made = make(alice, **({"scopes": scopes} if scopes else {}))

    answers = [
        _with(made).get("/plugins"),
        _with(made).post("/plugins", {"name": "x"}),
        _with(made, handler=delivery).get("/delivery/plugins"),
    ]

    assert [one.status for one in answers] == expected
    assert {one.code for one in answers if one.status == 403} <= {"missing_capability"}


def test_me_needs_the_scope_to_read(make: Make, alice: Person) -> None:
    made = make(alice, scopes=["admin:write"])

    assert _with(made, "").get("/v1/me").status == 403


def test_a_token_makes_none_that_may_do_more(make: Make, alice: Person) -> None:
    api = _with(make(alice, scopes=["admin:write"]))
    body = {"kind": "personal", "name": "more"}

    refused, made = api.post("/tokens", {**body, "scopes": ["admin:read"]}), api.post("/tokens", body)

    assert (refused.code, made.item.scopes) == ("missing_capability", ["admin:write"])


def test_a_delivery_token_of_a_team_reads_what_the_team_reads(
    make: Make, api_as: ApiAs, team_of: Callable[..., str], alice: Person, bob: Person, plugin_id: str
) -> None:
    team = team_of(bob)
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"teamId": team, "role": "viewer"})

    made = make(alice, "delivery", teamId=team)

    assert [one.id for one in _with(made, handler=delivery).get("/delivery/plugins").items] == [plugin_id]
    assert _with(made).get("/plugins").status == 403


def test_tokens_come_in_pages(make: Make, api_as: ApiAs, bob: Person) -> None:
    made = {make(bob).item.id for _ in range(2)}

    first = api_as(bob).get("/tokens?limit=2").json
    rest = api_as(bob).get(f"/tokens?limit=2&cursor={first['nextCursor']}").json

    assert made <= {one["id"] for one in first["items"] + rest["items"]}
    assert (len(first["items"]), len(rest["items"])) == (2, 1)
