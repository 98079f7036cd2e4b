"""Groups of the identity provider put people into the teams of these names, and out again."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.bootstrap import Services, utc_now
from shared.services.mint import Mint
from tests.fixtures.calls import Calls
from tests.fixtures.people import ApiAs, Person, SignIn

ORG = "/v1/orgs/acme"


@pytest.fixture
def team_id(api_as: ApiAs, alice: Person) -> str:
    """A team of nobody's, called Platform Tools."""
    return str(api_as(alice).post("/teams", {"name": "Platform Tools"}).item.id)


@pytest.fixture
def members(api_as: ApiAs, alice: Person, team_id: str) -> Callable[[], list[str]]:
    """The ids of who is in the team."""
    return lambda: [one.id for one in api_as(alice).get(f"/teams/{team_id}/members").items]


def test_who_signs_in_with_a_group_is_in_its_team(
    sign_in: SignIn,
    members: Callable[[], list[str]],
    bob: Person,
    api_as: ApiAs,
    alice: Person,
    plugin_id: str,
    team_id: str,
) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"teamId": team_id, "role": "viewer"})

    seen = sign_in("bob", base=ORG, groups=["platform-tools", "Domain Users", "x" * 300]).get(f"/plugins/{plugin_id}")

    assert (seen.status, members()) == (200, [bob.id])
    assert api_as(bob).get(f"/plugins/{plugin_id}").status == 200  # his tokens know it, too


def test_who_loses_the_group_loses_the_team(sign_in: SignIn, members: Callable[[], list[str]], bob: Person) -> None:
    sign_in("bob", base=ORG, groups=["platform-tools"]).get("/plugins")
    sign_in("bob", base=ORG, groups=None).get("/plugins")
    untold = members()

    sign_in("bob", base=ORG, groups=[]).get("/plugins")

    assert (untold, members()) == ([bob.id], [])


@pytest.mark.parametrize("first", ["by hand", "by group"])
def test_who_was_added_by_hand_stays(
    sign_in: SignIn,
    api_as: ApiAs,
    alice: Person,
    bob: Person,
    members: Callable[[], list[str]],
    team_id: str,
    first: str,
) -> None:
    def add() -> None:
        assert api_as(alice).put(f"/teams/{team_id}/members/{bob.id}").status == 200

    def arrive() -> None:
        sign_in("bob", base=ORG, groups=["platform-tools"]).get("/plugins")

    for step in (add, arrive) if first == "by hand" else (arrive, add):
        step()

    sign_in("bob", base=ORG, groups=["others"]).get("/plugins")

    assert members() == [bob.id]


def test_a_team_that_is_made_later_is_found_within_the_hour(
    depot: Services, sign_in: SignIn, api_as: ApiAs, alice: Person, bob: Person
) -> None:
    sign_in("bob", base=ORG, groups=["late"]).get("/plugins")
    team = api_as(alice).post("/teams", {"name": "Late"}).item.id
    sign_in("bob", base=ORG, groups=["late"]).get("/plugins")
    before = api_as(alice).get(f"/teams/{team}/members").items

    later = Mint(lambda: utc_now() + timedelta(minutes=61), depot.mint.random_bits)
    depot.__dict__.update(mint=later)
    for name in ("group_teams", "authentication"):
        depot.__dict__.pop(name)
    sign_in("bob", base=ORG, groups=["late"]).get("/plugins")

    assert (before, [one.id for one in api_as(alice).get(f"/teams/{team}/members").items]) == ([], [bob.id])


def test_what_was_taken_away_by_hand_comes_back_with_the_next_change(
    sign_in: SignIn, api_as: ApiAs, alice: Person, bob: Person, members: Callable[[], list[str]], team_id: str
) -> None:
    sign_in("bob", base=ORG, groups=["platform-tools"]).get("/plugins")
    api_as(alice).delete(f"/teams/{team_id}/members/{bob.id}")
    sign_in("bob", base=ORG, groups=["platform-tools"]).get("/plugins")
    meanwhile = members()

    sign_in("bob", base=ORG, groups=["platform-tools", "more"]).get("/plugins")

    assert (meanwhile, members()) == ([], [bob.id])


def test_the_same_groups_cost_nothing(calls: Calls, sign_in: SignIn, bob: Person, team_id: str) -> None:
    costs = []
    for groups in (None, ["platform-tools"], ["platform-tools"]):
        with calls.counting() as cost:
            sign_in("bob", base=ORG, groups=groups).get("/plugins")
        costs.append(cost.dynamodb)

    assert costs[2] - costs[0] == 1  # the query of what the team was given
    assert costs[1] - costs[2] == 3  # slugs, teams, one transaction


def test_nobody_is_in_more_teams_than_a_member_can_be(depot: Services, sign_in: SignIn, bob: Person) -> None:
    names = [f"team-{number}" for number in range(45)]
    for name in names:
        depot.directory.add_team(bob.org_id, name, [])

    assert sign_in("bob", base=ORG, groups=names).get("/plugins").status == 200

    found = depot.member_rows.find(bob.org_id, bob.id)
    assert found is not None
    assert len(found.team_ids) == 40


def test_another_org_s_team_is_nobody_s_here(api_as: ApiAs, mallory: Person, sign_in: SignIn, bob: Person) -> None:
    theirs = api_as(mallory).post("/teams", {"name": "Theirs"}).item.id

    sign_in("bob", base=ORG, groups=["theirs", theirs]).get("/plugins")

    assert api_as(mallory).get(f"/teams/{theirs}/members").items == []
