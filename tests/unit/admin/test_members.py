"""Members: who is invited, who may change whom, and the last owner."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.bootstrap import Services
from shared.domain.access import OrgRole
from shared.domain.errors import DepotError
from shared.domain.organization import Member
from tests.fixtures.calls import Calls
from tests.fixtures.http import Answer
from tests.fixtures.people import ApiAs, Person, delivery_token, join
from tests.unit.admin.crowd import Crowd


@pytest.fixture
def dana(depot: Services, alice: Person) -> Person:
    """An admin of Acme."""
    return join(depot, alice, "dana", OrgRole.ADMIN)


@pytest.fixture
def olga(depot: Services, alice: Person) -> Person:
    """Another owner of Acme."""
    return join(depot, alice, "olga", OrgRole.OWNER)


def test_everybody_sees_who_is_in_the_org(api_as: ApiAs, alice: Person, bob: Person, mallory: Person) -> None:
    members = api_as(bob).get("/members").items

    assert [(one.id, one.role, one.status) for one in members] == [
        (alice.id, "owner", "active"),
        (bob.id, "member", "active"),
    ]


def test_members_come_in_pages(api_as: ApiAs, alice: Person, bob: Person, carol: Person) -> None:
    first = api_as(alice).get("/members?limit=2").json
    rest = api_as(alice).get(f"/members?limit=2&cursor={first['nextCursor']}").json

    assert [one["id"] for one in first["items"] + rest["items"]] == [alice.id, bob.id, carol.id]


def test_an_invited_member_is_there_before_they_sign_in(api_as: ApiAs, alice: Person) -> None:
    made = api_as(alice).post("/members", {"email": "Milo@acme.example", "displayName": "Milo"})

    assert (made.status, made.item.status, made.item.createdBy) == (201, "invited", alice.id)
    assert api_as(alice).get(f"/members/{made.item.id}").item.email == "Milo@acme.example"


def test_an_address_is_invited_once(api_as: ApiAs, alice: Person) -> None:
    first = api_as(alice).post("/members", {"email": "milo@acme.example"})

    again = api_as(alice).post("/members", {"email": "MILO@acme.example"})

    assert (again.status, again.code) == (409, "conflict")
    assert first.item.id in again.json["detail"]


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "a@b.example", "subject": "x"}, {"email": "nonsense"}, {"email": "a@b.example", "role": "boss"}],
)
def test_an_invitation_names_one_person_and_a_role(api_as: ApiAs, alice: Person, body: dict[str, str]) -> None:
    assert api_as(alice).post("/members", body).status == 400


def test_a_subject_is_invited_where_there_is_an_identity_provider(api_as: ApiAs, alice: Person) -> None:
    answer = api_as(alice).post("/members", {"subject": "00u1milo"})

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "subject")


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [("bob", "member", 403), ("dana", "member", 201), ("dana", "admin", 201), ("dana", "owner", 403)],
)
def test_admins_invite_and_owners_alone_invite_owners(
    api_as: ApiAs, request: pytest.FixtureRequest, who: str, role: str, status: int
) -> None:
    host = request.getfixturevalue(who)

    answer = api_as(host).post("/members", {"email": "milo@acme.example", "role": role})

    assert answer.status == status


@pytest.mark.parametrize(
    ("who", "whom", "role", "status"),
    [
        ("alice", "bob", "owner", 200),
        ("alice", "dana", "member", 200),
        ("dana", "bob", "admin", 200),
        ("dana", "bob", "owner", 403),
        ("dana", "alice", "member", 403),
        ("bob", "bob", "admin", 403),
        ("bob", "dana", "member", 403),
    ],
)
def test_a_role_is_changed_by_who_may(
    api_as: ApiAs, dana: Person, request: pytest.FixtureRequest, who: str, whom: str, role: str, status: int
) -> None:
    people = {name: request.getfixturevalue(name) for name in ("alice", "bob", "dana")}

    answer = api_as(people[who]).patch(f"/members/{people[whom].id}", {"role": role})

    assert answer.status == status
    assert status != 403 or answer.code == "missing_capability"


def test_everybody_may_change_how_they_are_called(api_as: ApiAs, bob: Person, carol: Person) -> None:
    own = api_as(bob).patch(f"/members/{bob.id}", {"displayName": "Bobby"})
    anothers = api_as(bob).patch(f"/members/{carol.id}", {"displayName": "Carolus"})

    assert (own.item.displayName, anothers.status) == ("Bobby", 403)


def test_a_stale_change_is_refused(api_as: ApiAs, alice: Person, bob: Person) -> None:
    etag = api_as(alice).get(f"/members/{bob.id}").headers["etag"]
    api_as(bob).patch(f"/members/{bob.id}", {"displayName": "Bobby"})

    assert api_as(alice).patch(f"/members/{bob.id}", {"role": "admin"}, if_match=etag).status == 412


def test_removal_ends_all_access_at_once(depot: Services, api_as: ApiAs, alice: Person, bob: Person) -> None:
    tokens = [bob.token, delivery_token(depot, bob)]

    removed = api_as(alice).delete(f"/members/{bob.id}")

    answers = [api_as(Person(bob.id, bob.org_id, "acme", token)).get("/plugins") for token in tokens]
    assert (removed.item.status, [one.status for one in answers]) == ("removed", [401, 401])
    assert bob.id not in [one.id for one in api_as(alice).get("/members").items]


def test_who_has_left_stays_as_history(api_as: ApiAs, alice: Person, bob: Person) -> None:
    first, again = (api_as(alice).delete(f"/members/{bob.id}") for _ in range(2))

    kept = api_as(alice).get(f"/members/{bob.id}").item
    assert (kept.displayName, kept.removedAt) == ("Bob", first.item.removedAt)
    assert again.item.removedAt == first.item.removedAt
    assert api_as(alice).patch(f"/members/{bob.id}", {"role": "admin"}).status == 409


def test_who_comes_back_is_a_new_member_without_the_old_ways_in(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str, team_of: Callable[..., str]
) -> None:
    team_of(bob)
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})
    api_as(alice).delete(f"/members/{bob.id}")

    back = api_as(alice).post("/members", {"email": "bob@acme.example"})

    assert (back.status, back.item.id != bob.id, back.item.teamIds) == (201, True, [])
    assert api_as(bob).get("/plugins").status == 401


def test_everybody_may_leave_and_admins_remove(api_as: ApiAs, alice: Person, bob: Person, carol: Person) -> None:
    anothers, own = api_as(bob).delete(f"/members/{carol.id}"), api_as(bob).delete(f"/members/{bob.id}")

    assert (anothers.code, own.item.status) == ("missing_capability", "removed")


def test_an_admin_removes_no_owner(api_as: ApiAs, alice: Person, olga: Person, dana: Person) -> None:
    assert api_as(dana).delete(f"/members/{olga.id}").status == 403


@pytest.mark.parametrize(
    "leave",
    [
        lambda api, member: api.delete(f"/members/{member}"),
        lambda api, member: api.patch(f"/members/{member}", {"role": "admin"}),
    ],
    ids=["leaving", "stepping down"],
)
def test_the_last_owner_stays(api_as: ApiAs, alice: Person, leave: Callable[..., Answer]) -> None:
    api_as(alice).post("/members", {"email": "heir@acme.example", "role": "owner"})

    answer = leave(api_as(alice), alice.id)

    assert (answer.status, answer.code) == (409, "conflict")
    assert api_as(alice).get(f"/members/{alice.id}").item.role == "owner"


def test_with_another_owner_an_owner_may_leave(api_as: ApiAs, alice: Person, olga: Person) -> None:
    first, last = api_as(alice).delete(f"/members/{alice.id}"), api_as(olga).delete(f"/members/{olga.id}")

    assert (first.status, last.status) == (200, 409)


@pytest.mark.parametrize(
    "step",
    [
        lambda members, actor, whom: members.remove(actor, whom),
        lambda members, actor, whom: members.update(actor, whom, {"role": OrgRole.ADMIN}),
    ],
    ids=["leaving", "stepping down"],
)
def test_of_two_owners_who_go_at_once_one_stays(
    depot: Services, quick_moto: None, api_as: ApiAs, alice: Person, olga: Person, step: Callable[..., Member]
) -> None:
    def go(owner: Person) -> str:
        actor = depot.authentication.authenticate(owner.token, "acme")
        try:
            return step(depot.members, actor, owner.id).id
        except DepotError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(go, [alice, olga]))

    (gone,) = [one.id for one in (alice, olga) if one.id in ended]
    owners = {one.id for one in api_as(alice if gone == olga.id else olga).get("/members").items if one.role == "owner"}
    assert sorted(ended) == ["conflict", gone]
    assert owners == {alice.id, olga.id} - {gone}


def test_listing_fifty_members_costs_the_same_in_every_org(
    depot: Services, api_as: ApiAs, alice: Person, bob: Person, calls: Calls
) -> None:
    api_as(bob).get("/members?limit=50")
    crowd = Crowd(depot, alice.org_id).people_like(bob.id)
    crowd(120)

    with calls.counting() as cost:
        answer = api_as(bob).get("/members?limit=50")

    assert len(answer.items) == 50
    assert cost.dynamodb == 3
    assert cost.depth <= 4
