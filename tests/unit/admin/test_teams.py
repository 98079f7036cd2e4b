"""Teams: who is in them, and that a deleted one lets nobody in."""

from collections.abc import Callable

import pytest

from shared.bootstrap import Services
from shared.domain.token import TokenKind
from shared.services.directory import TokenDraft
from shared.services.teams import Teams
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person, SignIn

TeamOf = Callable[..., str]


@pytest.fixture
def shown(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, team_of: TeamOf) -> str:
    """Bob's team, which may see the plugin of Alice."""
    team = team_of(bob)
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"teamId": team, "role": "viewer"})
    return team


def test_a_team_is_made_read_and_renamed(api_as: ApiAs, alice: Person, bob: Person) -> None:
    made = api_as(alice).post("/teams", {"name": "Platform Team"})

    renamed = api_as(alice).patch(f"/teams/{made.item.id}", {"name": "Platform"}, if_match=made.headers["etag"])

    assert (made.status, made.item.slug) == (201, "platform-team")
    assert api_as(bob).get(f"/teams/{made.item.id}").item.slug == "platform"
    assert renamed.headers["etag"] == api_as(bob).get(f"/teams/{made.item.id}").headers["etag"]


def test_a_name_is_one_team_s(api_as: ApiAs, alice: Person) -> None:
    first = api_as(alice).post("/teams", {"name": "Platform"}).item
    other = api_as(alice).post("/teams", {"name": "Other"}).item

    again = api_as(alice).post("/teams", {"name": "platform"})
    renamed = api_as(alice).patch(f"/teams/{other.id}", {"name": "PLATFORM"})

    assert [(one.status, one.code) for one in (again, renamed)] == [(409, "name_taken")] * 2
    assert first.id in again.json["detail"]


def test_a_name_is_free_again(api_as: ApiAs, alice: Person) -> None:
    first = api_as(alice).post("/teams", {"name": "One"}).item
    api_as(alice).patch(f"/teams/{first.id}", {"name": "Two"})
    second = api_as(alice).post("/teams", {"name": "One"})
    api_as(alice).delete(f"/teams/{first.id}")

    assert (second.status, api_as(alice).post("/teams", {"name": "Two"}).status) == (201, 201)


def test_a_stale_name_is_refused(api_as: ApiAs, alice: Person) -> None:
    made = api_as(alice).post("/teams", {"name": "One"}).item
    api_as(alice).patch(f"/teams/{made.id}", {"name": "Two"})

    assert api_as(alice).patch(f"/teams/{made.id}", {"name": "Three"}, if_match='"1"').status == 412


def test_teams_come_in_pages(api_as: ApiAs, alice: Person, bob: Person) -> None:
    made = [api_as(alice).post("/teams", {"name": f"Team {number}"}).item.id for number in range(3)]

    first = api_as(bob).get("/teams?limit=2").json
    rest = api_as(bob).get(f"/teams?limit=2&cursor={first['nextCursor']}").json

    assert [one["id"] for one in first["items"] + rest["items"]] == made


def test_members_make_and_change_no_teams(api_as: ApiAs, alice: Person, bob: Person, carol: Person) -> None:
    team = api_as(alice).post("/teams", {"name": "Platform"}).item.id

    answers = [
        api_as(bob).post("/teams", {"name": "Mine"}),
        api_as(bob).patch(f"/teams/{team}", {"name": "Mine"}),
        api_as(bob).delete(f"/teams/{team}"),
        api_as(bob).put(f"/teams/{team}/members/{bob.id}"),
    ]

    assert [(one.status, one.code) for one in answers] == [(403, "missing_capability")] * 4


def test_joining_and_leaving_are_idempotent(api_as: ApiAs, alice: Person, bob: Person) -> None:
    path = f"/teams/{api_as(alice).post('/teams', {'name': 'Platform'}).item.id}/members"

    joined = [api_as(alice).put(f"{path}/{bob.id}").item.teamIds for _ in range(2)]
    listed = [one.id for one in api_as(bob).get(path).items]
    left = [api_as(bob).delete(f"{path}/{bob.id}").item.teamIds for _ in range(2)]

    assert (joined[0], listed, left) == (joined[1], [bob.id], [[], []])
    assert api_as(bob).get(path).items == []


def test_a_team_s_members_come_in_pages(api_as: ApiAs, team_of: TeamOf, alice: Person, bob: Person) -> None:
    path = f"/teams/{team_of(alice, bob)}/members?limit=1"

    first = api_as(bob).get(path).json
    rest = api_as(bob).get(f"{path}&cursor={first['nextCursor']}").json

    assert [one["id"] for one in first["items"] + rest["items"]] == [alice.id, bob.id]


def test_who_joins_a_team_sees_what_it_sees(
    api_as: ApiAs, alice: Person, carol: Person, plugin_id: str, shown: str
) -> None:
    before = api_as(carol).get(f"/plugins/{plugin_id}").status
    api_as(alice).put(f"/teams/{shown}/members/{carol.id}")

    assert (before, api_as(carol).get(f"/plugins/{plugin_id}").status) == (404, 200)


def test_who_has_left_the_org_is_in_no_team(api_as: ApiAs, alice: Person, bob: Person, shown: str) -> None:
    api_as(alice).delete(f"/members/{bob.id}")

    assert api_as(alice).get(f"/teams/{shown}/members").items == []
    assert api_as(alice).put(f"/teams/{shown}/members/{bob.id}").status == 409


def test_a_deleted_team_is_gone_with_all_it_showed(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, shown: str
) -> None:
    deleted = api_as(alice).delete(f"/teams/{shown}")

    assert (deleted.status, api_as(alice).delete(f"/teams/{shown}").status) == (200, 404)
    assert api_as(bob).get(f"/plugins/{plugin_id}").status == 404
    assert api_as(alice).get(f"/members/{bob.id}").item.teamIds == []


@pytest.mark.parametrize("org", ["org_id", "org_slug"])
def test_a_team_lets_nobody_in_before_its_traces_are_gone(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, shown: str, monkeypatch: pytest.MonkeyPatch, org: str
) -> None:
    monkeypatch.setattr(Teams, "_clean", lambda *_: None)  # as if the request had been stopped after its first write

    api_as(alice).delete(f"/teams/{shown}")

    api = Api(api_as(bob).handler, f"/v1/orgs/{getattr(bob, org)}", api_as(bob).headers)
    assert api_as(alice).get(f"/members/{bob.id}").item.teamIds == [shown]
    assert api.get(f"/plugins/{plugin_id}").status == 404


def test_who_signs_in_has_no_deleted_team(
    sign_in: SignIn, api_as: ApiAs, alice: Person, plugin_id: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Teams, "_clean", lambda *_: None)
    api_as(alice).delete(f"/teams/{shown}")

    answers = [sign_in("bob", base=f"/v1/orgs/{org}").get(f"/plugins/{plugin_id}") for org in ("acme", alice.org_id)]

    assert [one.status for one in answers] == [404, 404]


def test_an_interrupted_deletion_is_finished_by_the_next(
    api_as: ApiAs, alice: Person, bob: Person, shown: str, team_of: TeamOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = team_of(alice, name="Other")
    with monkeypatch.context() as patch:
        patch.setattr(Teams, "_clean", lambda *_: None)
        api_as(alice).delete(f"/teams/{shown}")

    api_as(alice).delete(f"/teams/{other}")

    assert api_as(alice).get(f"/members/{bob.id}").item.teamIds == []


def test_a_deleted_team_s_token_is_revoked(depot: Services, api_as: ApiAs, alice: Person, shown: str) -> None:
    token, _ = depot.directory.create_token(alice.org_id, TokenDraft(TokenKind.DELIVERY, "ci", team_id=shown))

    api_as(alice).delete(f"/teams/{shown}")

    assert api_as(alice).get(f"/tokens/{token.id}").item.revokedAt is not None


def test_a_large_team_is_deleted_whole(depot: Services, api_as: ApiAs, alice: Person, team_of: TeamOf) -> None:
    team = team_of(alice)
    for number in range(60):
        email = f"member-{number}@acme.example"
        api_as(alice).put(f"/teams/{team}/members/{api_as(alice).post('/members', {'email': email}).item.id}")

    api_as(alice).delete(f"/teams/{team}")

    assert {one.id for one in api_as(alice).get("/members?limit=100").items if one.teamIds} == set()


def test_a_member_is_in_forty_teams_at_most(depot: Services, api_as: ApiAs, alice: Person, bob: Person) -> None:
    teams = [api_as(alice).post("/teams", {"name": f"Team {number}"}).item.id for number in range(41)]

    answers = [api_as(alice).put(f"/teams/{team}/members/{bob.id}").status for team in teams]

    assert (set(answers[:40]), answers[40]) == ({200}, 409)
    assert api_as(alice).delete(f"/members/{bob.id}").status == 200
