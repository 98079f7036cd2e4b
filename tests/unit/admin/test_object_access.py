"""Who may use an object by a grant of their own, and the plugins it is in."""

import pytest

from tests.fixtures.people import ApiAs, Person

VIEWER = {"role": "viewer"}


def test_a_grant_on_an_object_opens_and_closes_at_once(
    api_as: ApiAs, alice: Person, bob: Person, object_id: str
) -> None:
    access = f"/config-objects/{object_id}/access"
    given = api_as(alice).post(access, {"memberId": bob.id, **VIEWER})
    opened = api_as(bob).get(f"/config-objects/{object_id}").status

    taken = api_as(alice).delete(f"{access}/{given.item.id}")

    assert (given.status, given.item.memberId, opened) == (201, bob.id, 200)
    assert taken.item.removedAt is not None
    assert api_as(bob).get(f"/config-objects/{object_id}").status == 404


def test_a_pair_has_one_grant_that_is_revived(api_as: ApiAs, alice: Person, bob: Person, object_id: str) -> None:
    access = f"/config-objects/{object_id}/access"
    first = api_as(alice).post(access, {"memberId": bob.id, **VIEWER}).item
    api_as(alice).delete(f"{access}/{first.id}")

    again = api_as(alice).post(access, {"memberId": bob.id, "role": "editor"}).item

    assert (again.id, again.role, again.removedAt) == (first.id, "editor", None)
    assert len(api_as(alice).get(access).items) == 2


def test_the_last_manager_of_an_object_stays_unless_an_admin_says_so(
    api_as: ApiAs, alice: Person, bob: Person, object_id: str
) -> None:
    access = f"/config-objects/{object_id}/access"
    (own,) = api_as(alice).get(access).items
    bobs = api_as(alice).post(access, {"memberId": bob.id, "role": "manager"}).item
    api_as(bob).delete(f"{access}/{own.id}")

    refused = api_as(bob).delete(f"{access}/{bobs.id}")
    by_an_admin = api_as(alice).delete(f"{access}/{bobs.id}")

    assert (refused.status, refused.code) == (409, "conflict")
    assert by_an_admin.status == 200


def test_sharing_an_object_with_everybody_is_for_admins(
    api_as: ApiAs, alice: Person, bob: Person, object_id: str
) -> None:
    access = f"/config-objects/{object_id}/access"
    api_as(alice).post(access, {"memberId": bob.id, "role": "manager"})

    refused = api_as(bob).post(access, {"orgWide": True, **VIEWER})

    assert (refused.status, refused.code) == (403, "missing_capability")
    assert api_as(alice).post(access, {"orgWide": True, **VIEWER}).item.orgWide is True


def test_what_was_only_shown_is_not_shared_further(
    api_as: ApiAs, alice: Person, bob: Person, carol: Person, object_id: str, plugin_id: str
) -> None:
    api_as(alice).post(f"/config-objects/{object_id}/plugins", {"pluginId": plugin_id})
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "manager"})
    own_plugin = api_as(bob).post("/plugins", {"name": "own"}).item.id

    shared = api_as(bob).post(f"/config-objects/{object_id}/access", {"memberId": carol.id, **VIEWER})
    joined = api_as(bob).post(f"/config-objects/{object_id}/plugins", {"pluginId": own_plugin})

    assert [(one.status, one.code) for one in (shared, joined)] == [(403, "missing_role")] * 2


def test_an_object_joins_and_leaves_a_plugin(api_as: ApiAs, alice: Person, object_id: str, plugin_id: str) -> None:
    plugins = f"/config-objects/{object_id}/plugins"
    joined = [api_as(alice).post(plugins, {"pluginId": plugin_id}) for _ in range(2)]
    (shown,) = api_as(alice).get(plugins).items

    left = [api_as(alice).delete(f"{plugins}/{plugin_id}") for _ in range(2)]

    assert [one.status for one in (*joined, *left)] == [201, 201, 200, 200]
    assert (shown.pluginId, shown.plugin["name"]) == (plugin_id, "reviews")
    assert left[0].item == left[1].item
    assert api_as(alice).get(plugins).items == []


def test_only_plugins_that_one_may_see_are_listed(
    api_as: ApiAs, alice: Person, bob: Person, object_id: str, plugin_id: str
) -> None:
    plugins = f"/config-objects/{object_id}/plugins"
    open_one = api_as(alice).post("/plugins", {"name": "open"}).item.id
    for one in (plugin_id, open_one):
        api_as(alice).post(plugins, {"pluginId": one})
    api_as(alice).post(f"/plugins/{open_one}/access", {"memberId": bob.id, **VIEWER})

    shown = api_as(bob).get(plugins)

    assert [one.pluginId for one in shown.items] == [open_one]


def test_the_plugins_of_an_object_come_in_pages(api_as: ApiAs, alice: Person, object_id: str) -> None:
    plugins = f"/config-objects/{object_id}/plugins"
    made = sorted(api_as(alice).post("/plugins", {"name": f"p{number}"}).item.id for number in range(3))
    for one in made:
        api_as(alice).post(plugins, {"pluginId": one})

    first = api_as(alice).get(f"{plugins}?limit=2")
    second = api_as(alice).get(f"{plugins}?limit=2&cursor={first.json['nextCursor']}")

    assert [one.pluginId for one in (*first.items, *second.items)] == made
    assert second.json["nextCursor"] is None


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/access", None),
        ("POST", "/access", {"orgWide": True, "role": "viewer"}),
        ("GET", "/plugins", None),
        ("GET", "/versions/compare?from=latest&to=latest", None),
    ],
)
def test_a_hidden_object_is_not_found_whatever_is_asked_of_it(
    api_as: ApiAs, bob: Person, object_id: str, method: str, path: str, body: object
) -> None:
    answer = api_as(bob).send(method, f"/config-objects/{object_id}{path}", body)

    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_who_may_use_an_object_is_for_its_managers_to_know(
    api_as: ApiAs, alice: Person, bob: Person, object_id: str, role: str
) -> None:
    access = f"/config-objects/{object_id}/access"
    given = api_as(alice).post(access, {"memberId": bob.id, "role": role}).item

    answers = [
        api_as(bob).get(access),
        api_as(bob).post(access, {"memberId": bob.id, "role": "manager"}),
        api_as(bob).delete(f"{access}/{given.id}"),
    ]

    assert {(one.status, one.code) for one in answers} == {(403, "missing_role")}
