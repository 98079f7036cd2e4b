"""Marketplaces and the plugins that they hold, through the admin API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import skill

Share = Callable[..., None]


@pytest.fixture
def held(api_as: ApiAs, alice: Person, marketplace_id: str, plugin_id: str) -> str:
    """Alice's plugin, in her marketplace."""
    assert api_as(alice).post(f"/marketplaces/{marketplace_id}/plugins", {"pluginId": plugin_id}).status == 201
    return plugin_id


@pytest.fixture
def share(api_as: ApiAs, alice: Person, marketplace_id: str) -> Share:
    """Gives a person a role on Alice's marketplace."""

    def give(person: Person, role: str = "viewer") -> None:
        body = {"memberId": person.id, "role": role}
        assert api_as(alice).post(f"/marketplaces/{marketplace_id}/access", body).status == 201

    return give


def test_a_marketplace_is_its_creators_alone(api_as: ApiAs, alice: Person, bob: Person) -> None:
    body = {"name": "Acme.Tools", "description": "For all", "owner": "Platform", "logo": "/logos/a.svg"}

    made = api_as(alice).post("/marketplaces", body)

    path = f"/marketplaces/{made.item.id}"
    assert (made.status, made.item.slug, made.item.status) == (201, "acme-tools", "active")
    assert made.headers["location"].endswith(path)
    assert api_as(alice).get(path).item == made.item
    assert [one.id for one in api_as(alice).get("/marketplaces").items] == [made.item.id]
    assert (api_as(bob).get(path).status, api_as(bob).get("/marketplaces").items) == (404, [])


def test_members_make_no_marketplaces(api_as: ApiAs, bob: Person) -> None:
    answer = api_as(bob).post("/marketplaces", {"name": "tools"})

    assert (answer.status, answer.code) == (403, "missing_capability")


def test_a_name_is_taken_once_per_creator(api_as: ApiAs, alice: Person, marketplace_id: str) -> None:
    answers = [api_as(alice).post("/marketplaces", {"name": name}) for name in ("tools", "Tools")]

    assert [(one.status, one.code) for one in answers] == [(409, "name_taken")] * 2
    assert all(marketplace_id in one.json["detail"] for one in answers)


def test_no_two_marketplaces_of_an_org_share_an_address(api_as: ApiAs, alice: Person, marketplace_id: str) -> None:
    slugs = [api_as(alice).post("/marketplaces", {"name": name}).item.slug for name in ("acme", "to_ols", "to.ols")]

    assert [slug.split("-")[0] for slug in slugs] == ["acme", "to", "to"]
    assert len({"acme", "tools", *slugs}) == 5


@pytest.mark.parametrize(
    "name",
    ["npm", "agent_skills", "claudeai-x", "a b", "ümlaut", "claude-official", "Anthropic.Marketplace", "CON", ""],
)
def test_a_name_that_the_clients_refuse_is_refused(api_as: ApiAs, alice: Person, name: str) -> None:
    answer = api_as(alice).post("/marketplaces", {"name": name})

    assert (answer.status, [one["path"] for one in answer.json["errors"]]) == (400, ["name"])


@pytest.mark.parametrize(
    ("logo", "status"),
    [
        ("https://cdn.example/logo.png", 200),
        ("/logos/tools.svg", 200),
        (None, 200),
        ("http://cdn.example/logo.png", 400),
        ("https://cdn.example:99999/logo.png", 400),
        ("https:cdn.example/logo.png", 400),
        ("//cdn.example/logo.png", 400),
        ("/\\cdn.example/logo.png", 400),
        ("data:image/svg+xml,<svg onload=alert(1)>", 400),
        ("javascript:alert(1)", 400),
        ("JavaScript:alert(1)", 400),
        ("https://trusted.example@evil.example/a.png", 400),
        ("https:///a.png", 400),
        ("https://[", 400),
        ("logo.png", 400),
        ("/a\nb", 400),
    ],
)
def test_a_logo_is_https_or_a_path_from_the_root(
    api_as: ApiAs, alice: Person, marketplace_id: str, logo: str | None, status: int
) -> None:
    changed = api_as(alice).patch(f"/marketplaces/{marketplace_id}", {"logo": logo})
    made = api_as(alice).post("/marketplaces", {"name": "other", "logo": logo})

    assert (changed.status, made.status) == (status, {200: 201}.get(status, status))


def test_a_change_leaves_what_it_does_not_name(api_as: ApiAs, alice: Person, marketplace_id: str) -> None:
    path = f"/marketplaces/{marketplace_id}"
    seen = api_as(alice).patch(path, {"description": "one"}).headers["etag"]

    changed = api_as(alice).patch(path, {"owner": "Platform"}, if_match=seen)
    late = api_as(alice).patch(path, {"owner": "Others"}, if_match=seen)

    assert (changed.item.description, changed.item.owner, late.status) == ("one", "Platform", 412)
    assert changed.item == api_as(alice).get(path).item
    assert api_as(alice).patch(path, {"name": "renamed"}).status == 400


def test_a_plugin_is_added_once_and_knows_its_marketplaces(
    api_as: ApiAs, alice: Person, marketplace_id: str, held: str
) -> None:
    path = f"/marketplaces/{marketplace_id}/plugins"

    again = api_as(alice).post(path, {"pluginId": held})

    assert again.status == 201
    assert [(one.pluginId, one.plugin["name"]) for one in api_as(alice).get(path).items] == [(held, "reviews")]
    assert api_as(alice).get(f"/plugins/{held}").item.marketplaceIds == [marketplace_id]


def test_a_removed_plugin_is_no_longer_held(api_as: ApiAs, alice: Person, marketplace_id: str, held: str) -> None:
    path = f"/marketplaces/{marketplace_id}/plugins"

    removed = [api_as(alice).delete(f"{path}/{held}") for _ in range(2)]

    assert [one.status for one in removed] == [200, 200]
    assert removed[0].item == removed[1].item
    assert api_as(alice).get(path).items == []
    assert api_as(alice).get(f"/plugins/{held}").item.marketplaceIds == []
    assert api_as(alice).post(path, {"pluginId": held}).item.removedAt is None


def test_a_marketplace_shows_its_plugins_and_what_is_in_them(
    api_as: ApiAs, alice: Person, bob: Person, share: Share, marketplace_id: str, held: str
) -> None:
    inside = api_as(alice).post("/config-objects", skill(pluginIds=[held])).item.id
    paths = [f"/plugins/{held}", f"/config-objects/{inside}", f"/plugins/{held}/resolved"]
    before = [api_as(bob).get(path).status for path in paths]

    share(bob)

    assert before == [404, 404, 404]
    assert [api_as(bob).get(path).status for path in paths] == [200, 200, 200]
    assert [one.id for one in api_as(bob).get("/plugins").items] == [held]
    assert [one.id for one in api_as(bob).get("/config-objects").items] == [inside]
    assert [one.pluginId for one in api_as(bob).get(f"/marketplaces/{marketplace_id}/resolved").items] == [held]


@pytest.mark.parametrize("verb", ["archive", "delete"])
def test_a_marketplace_that_is_put_aside_shows_nothing_until_it_is_restored(
    api_as: ApiAs, alice: Person, bob: Person, share: Share, marketplace_id: str, held: str, verb: str
) -> None:
    share(bob)
    api_as(alice).post(f"/marketplaces/{marketplace_id}/{verb}")

    seen = (api_as(bob).get(f"/plugins/{held}").status, api_as(bob).get("/plugins").items)
    offered = api_as(alice).get(f"/marketplaces/{marketplace_id}/resolved").items
    back = api_as(alice).post(f"/marketplaces/{marketplace_id}/restore").item

    assert (seen, offered, back.status) == ((404, []), [], "active")
    assert api_as(bob).get(f"/plugins/{held}").status == 200
    assert [one.id for one in api_as(alice).get("/marketplaces").items] == [marketplace_id]


def test_a_deleted_marketplace_frees_its_name_and_its_address(
    api_as: ApiAs, alice: Person, marketplace_id: str
) -> None:
    api_as(alice).post(f"/marketplaces/{marketplace_id}/delete")
    listed = api_as(alice).get("/marketplaces").items
    heir = api_as(alice).post("/marketplaces", {"name": "tools"}).item

    refused = api_as(alice).post(f"/marketplaces/{marketplace_id}/restore")

    assert (listed, heir.slug, refused.status) == ([], "tools", 409)
    assert heir.id in refused.json["detail"]


def test_managing_a_marketplace_lets_nobody_edit_its_plugins(
    api_as: ApiAs, bob: Person, share: Share, held: str
) -> None:
    share(bob, "manager")

    answer = api_as(bob).patch(f"/plugins/{held}", {"description": "mine"})

    assert (answer.status, answer.code) == (403, "missing_role")


def test_adding_needs_editor_on_both(
    api_as: ApiAs, alice: Person, bob: Person, share: Share, marketplace_id: str, held: str
) -> None:
    path = f"/marketplaces/{marketplace_id}/plugins"
    own = api_as(bob).post("/plugins", {"name": "own"}).item.id
    share(bob)
    as_viewer = api_as(bob).post(path, {"pluginId": own})
    share(bob, "editor")

    of_another = api_as(bob).post(path, {"pluginId": held})
    added = api_as(bob).post(path, {"pluginId": own})

    assert [one.status for one in (as_viewer, of_another, added)] == [403, 403, 201]
    assert (as_viewer.code, of_another.code) == ("missing_role", "missing_role")


def test_every_plugin_of_a_bulk_gets_its_own_answer(
    api_as: ApiAs, alice: Person, bob: Person, share: Share, marketplace_id: str, plugin_id: str
) -> None:
    share(bob, "editor")
    own = api_as(bob).post("/plugins", {"name": "own"}).item.id
    body = {"items": [{"pluginId": each} for each in (own, plugin_id)]}

    answer = api_as(bob).post(f"/marketplaces/{marketplace_id}/plugins/bulk", body)

    assert answer.status == 207
    assert [(one["status"], (one["error"] or {}).get("code")) for one in answer.json["items"]] == [
        (201, None),
        (404, "not_found"),
    ]


def test_what_is_shared_with_all_is_collected_where_that_is_wanted(api_as: ApiAs, alice: Person) -> None:
    shared, other = (api_as(alice).post("/plugins", {"name": name}).item.id for name in ("shared", "other"))
    api_as(alice).post(f"/plugins/{shared}/access", {"orgWide": True, "role": "viewer"})
    body: dict[str, Any] = {"name": "everything", "collectsOrgWide": True}
    path = f"/marketplaces/{api_as(alice).post('/marketplaces', body).item.id}"
    api_as(alice).post(f"{path}/plugins", {"pluginId": other})

    collecting = [one.name for one in api_as(alice).get(f"{path}/resolved").items]
    api_as(alice).patch(path, {"collectsOrgWide": False})

    assert collecting == ["shared", "other"]
    assert [one.name for one in api_as(alice).get(f"{path}/resolved").items] == ["other"]


def test_pages_of_plugins_merge_grants_and_marketplaces(
    api_as: ApiAs, alice: Person, bob: Person, share: Share, marketplace_id: str
) -> None:
    share(bob)
    made = []
    for number in range(6):
        plugin_id = api_as(alice).post("/plugins", {"name": f"p{number}"}).item.id
        made.append(plugin_id)
        if number % 3 != 1:
            api_as(alice).post(f"/marketplaces/{marketplace_id}/plugins", {"pluginId": plugin_id})
        if number % 3 != 2:
            api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})

    first = api_as(bob).get("/plugins?limit=4")
    rest = api_as(bob).get(f"/plugins?limit=4&cursor={first.json['nextCursor']}")

    assert [one.id for one in (*first.items, *rest.items)] == made
    assert (len(first.items), rest.json["nextCursor"]) == (4, None)


def test_taking_a_grant_back_closes_the_marketplace_at_once(
    api_as: ApiAs, alice: Person, bob: Person, share: Share, marketplace_id: str, held: str
) -> None:
    share(bob)
    grants = api_as(alice).get(f"/marketplaces/{marketplace_id}/access").items
    (given,) = [one for one in grants if one.memberId == bob.id]

    api_as(alice).delete(f"/marketplaces/{marketplace_id}/access/{given.id}")

    assert [api_as(bob).get(path).status for path in (f"/marketplaces/{marketplace_id}", f"/plugins/{held}")] == [
        404,
        404,
    ]
