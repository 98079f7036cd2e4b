"""Who may use a plugin: grants through the admin API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.people import ApiAs, Person

VIEWER = {"role": "viewer"}


def test_each_kind_of_grant_lets_its_people_in(
    api_as: ApiAs, alice: Person, bob: Person, carol: Person, team_of: Callable[..., str], plugin_id: str
) -> None:
    access = f"/plugins/{plugin_id}/access"

    api_as(alice).post(access, {"teamId": team_of(bob), **VIEWER})
    by_team = [api_as(one).get(f"/plugins/{plugin_id}").status for one in (bob, carol)]
    api_as(alice).post(access, {"orgWide": True, **VIEWER})
    by_org = [api_as(one).get(f"/plugins/{plugin_id}").status for one in (bob, carol)]

    assert (by_team, by_org) == ([200, 404], [200, 200])


def test_a_grant_that_is_taken_back_takes_effect_at_once(
    api_as: ApiAs, alice: Person, bob: Person, plugin_id: str
) -> None:
    given = api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, **VIEWER}).item

    taken = [api_as(alice).delete(f"/plugins/{plugin_id}/access/{given.id}") for _ in range(2)]

    assert [answer.status for answer in taken] == [200, 200]
    assert taken[0].item.removedAt == taken[1].item.removedAt is not None
    assert api_as(bob).get(f"/plugins/{plugin_id}").status == 404


def test_giving_again_is_the_same_grant(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> None:
    access = f"/plugins/{plugin_id}/access"
    first = api_as(alice).post(access, {"memberId": bob.id, **VIEWER}).item
    api_as(alice).delete(f"{access}/{first.id}")

    again = api_as(alice).post(access, {"memberId": bob.id, "role": "editor"}).item

    assert (again.id, again.role, again.removedAt) == (first.id, "editor", None)
    assert len(api_as(alice).get(access).items) == 2


@pytest.mark.parametrize(
    "body",
    [
        VIEWER,
        {"orgWide": False, **VIEWER},
        {"memberId": "mem_01m83cm181mw5y2cd4zh3yt3tz", "orgWide": True, **VIEWER},
        {"orgWide": True},
        {"orgWide": True, "role": "owner"},
        {"memberId": "plg_01m83cm181mw5y2cd4zh3yt3tz", **VIEWER},
    ],
)
def test_a_grant_names_exactly_one_and_a_role(
    api_as: ApiAs, alice: Person, plugin_id: str, body: dict[str, Any]
) -> None:
    assert api_as(alice).post(f"/plugins/{plugin_id}/access", body).status == 400


@pytest.mark.parametrize("name", ["memberId", "teamId"])
def test_nobody_of_another_org_is_given_anything(
    api_as: ApiAs, alice: Person, mallory: Person, team_of: Callable[..., str], plugin_id: str, name: str
) -> None:
    stranger = {"memberId": mallory.id, "teamId": team_of(mallory)}[name]

    answer = api_as(alice).post(f"/plugins/{plugin_id}/access", {name: stranger, **VIEWER})

    assert answer.status == 404
    assert len(api_as(alice).get(f"/plugins/{plugin_id}/access").items) == 1


def test_sharing_with_the_whole_org_is_for_its_admins(api_as: ApiAs, bob: Person) -> None:
    own = api_as(bob).post("/plugins", {"name": "own"}).item.id

    answer = api_as(bob).post(f"/plugins/{own}/access", {"orgWide": True, **VIEWER})

    assert (answer.status, answer.code) == (403, "missing_capability")


def test_the_last_manager_stays(api_as: ApiAs, alice: Person, bob: Person) -> None:
    own = api_as(bob).post("/plugins", {"name": "own"}).item.id
    (grant,) = api_as(bob).get(f"/plugins/{own}/access").items

    assert api_as(bob).delete(f"/plugins/{own}/access/{grant.id}").status == 409
    assert api_as(alice).delete(f"/plugins/{own}/access/{grant.id}").status == 200
