"""Plugins through the admin API."""

from tests.fixtures.people import ApiAs, Person


def test_a_plugin_without_a_grant_is_not_found(api_as: ApiAs, alice: Person, bob: Person) -> None:
    created = api_as(alice).post("/plugins", {"name": "reviews"}).item

    answer = api_as(bob).get(f"/plugins/{created.id}")

    assert answer.status == 404
