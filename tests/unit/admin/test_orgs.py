"""Orgs: founding one, seeing one's own, and its settings."""

import pytest

from shared.bootstrap import Services
from shared.domain.access import OrgRole
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person, SignIn, delivery_token, join


def test_whoever_signs_in_founds_an_org_and_owns_it(sign_in: SignIn) -> None:
    zoe = sign_in("zoe", "zoe@zed.example", name="Zoe")

    made = zoe.post("/v1/orgs", {"name": "Zed Works"})

    (seat,) = zoe.get("/v1/me").item.orgs
    assert (made.status, made.item.slug) == (201, "zed-works")
    assert made.headers["location"] == f"/v1/orgs/{made.item.id}"
    assert (seat["orgId"], seat["role"]) == (made.item.id, "owner")
    assert zoe.get(made.headers["location"]).item.name == "Zed Works"


def test_an_owner_may_have_no_proven_address(sign_in: SignIn) -> None:
    made = sign_in("zoe").post("/v1/orgs", {"name": "Zed"}).item

    (owner,) = sign_in("zoe", base=f"/v1/orgs/{made.id}").get("/members").items

    assert (owner.subject, owner.email, owner.role, owner.status) == ("zoe", None, "owner", "active")


def test_a_person_with_a_personal_token_founds_an_org(alice: Person, sign_in: SignIn) -> None:
    api = Api(sign_in("alice").handler, "", {"authorization": f"Bearer {alice.token}"})

    made = api.post("/v1/orgs", {"name": "Second"}).item

    assert {org.id for org in sign_in("alice").get("/v1/orgs").items} == {alice.org_id, made.id}


@pytest.mark.parametrize("slug", ["admin", "orgs", "A", "a b", "-a", "", "x" * 64, "plugin-depot"])
def test_a_slug_that_cannot_be_one_is_refused(sign_in: SignIn, slug: str) -> None:
    answer = sign_in("zoe").post("/v1/orgs", {"name": "Zed", "slug": slug})

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "slug")


def test_a_slug_belongs_to_one_org(alice: Person, sign_in: SignIn) -> None:
    answer = sign_in("zoe").post("/v1/orgs", {"name": "Other", "slug": "acme"})

    assert (answer.status, answer.code) == (409, "conflict")
    assert alice.org_id not in answer.json["detail"]
    assert sign_in("zoe").get("/v1/orgs").items == []


def test_founding_again_with_the_same_key_founds_nothing(sign_in: SignIn) -> None:
    zoe = sign_in("zoe")

    first, again = (zoe.post("/v1/orgs", {"name": "Zed"}, idempotency_key="k-1") for _ in range(2))
    other = sign_in("yan").post("/v1/orgs", {"name": "Yonder"}, idempotency_key="k-1")

    assert (first.item.id, again.headers["idempotent-replayed"]) == (again.item.id, "true")
    assert other.status == 201


def test_own_orgs_come_in_pages(sign_in: SignIn) -> None:
    zoe = sign_in("zoe")
    made = [zoe.post("/v1/orgs", {"name": f"Zed {number}"}).item.id for number in range(3)]

    first = zoe.get("/v1/orgs?limit=2").json
    rest = zoe.get(f"/v1/orgs?limit=2&cursor={first['nextCursor']}").json

    assert [org["id"] for org in first["items"] + rest["items"]] == sorted(made)
    assert rest["nextCursor"] is None


def test_a_token_is_of_one_org(alice: Person, mallory: Person, api_as: ApiAs) -> None:
    api = Api(api_as(alice).handler, "", {"authorization": f"Bearer {alice.token}"})

    assert [org.slug for org in api.get("/v1/orgs").items] == ["acme"]


def test_who_is_nobody_founds_nothing(depot: Services, alice: Person, api_as: ApiAs) -> None:
    for token, status in ((delivery_token(depot, alice), 403), ("nonsense", 401)):
        api = Api(api_as(alice).handler, "", {"authorization": f"Bearer {token}"})
        assert api.post("/v1/orgs", {"name": "Zed"}).status == status


@pytest.mark.parametrize("org", ["org_id", "org_slug"])
def test_an_org_has_a_name_and_settings(alice: Person, bob: Person, api_as: ApiAs, org: str) -> None:
    answer = Api(api_as(bob).handler, "", api_as(bob).headers).get(f"/v1/orgs/{getattr(bob, org)}")

    assert answer.headers["etag"] == '"1"'
    assert answer.item.settings == {
        "capabilities": {"config_object.create": "member", "plugin.create": "member"},
        "defaultDeliveryMode": "rolling",
    }


def test_another_org_is_not_found(alice: Person, mallory: Person, api_as: ApiAs) -> None:
    api = Api(api_as(alice).handler, "", api_as(alice).headers)

    assert [api.get(f"/v1/orgs/{org}").status for org in (mallory.org_id, "globex", "nowhere")] == [404] * 3


def test_admins_say_who_may_create(api_as: ApiAs, alice: Person, bob: Person) -> None:
    changed = api_as(alice).patch("", {"name": "Acme Inc", "settings": {"capabilities": {"plugin.create": "admin"}}})

    refused = api_as(bob).post("/plugins", {"name": "mine"})
    assert (changed.item.name, changed.item.settings["capabilities"]["plugin.create"]) == ("Acme Inc", "admin")
    assert (refused.status, refused.code) == (403, "missing_capability")
    assert api_as(alice).post("/plugins", {"name": "mine"}).status == 201


def test_a_setting_that_is_left_out_stays(api_as: ApiAs, alice: Person) -> None:
    api_as(alice).patch("", {"settings": {"capabilities": {"plugin.create": "admin"}}})

    changed = api_as(alice).patch("", {"settings": {"defaultDeliveryMode": "released"}}).item

    assert changed.settings["capabilities"]["plugin.create"] == "admin"
    assert changed.settings["defaultDeliveryMode"] == "released"


def test_new_plugins_are_delivered_as_the_org_says(api_as: ApiAs, alice: Person) -> None:
    api_as(alice).patch("", {"settings": {"defaultDeliveryMode": "released"}})

    bodies = [{"name": "said", "deliveryMode": "rolling"}, {"name": "unsaid"}]
    modes = [api_as(alice).post("/plugins", body).item.deliveryMode for body in bodies]

    assert modes == ["rolling", "released"]


@pytest.mark.parametrize(
    "settings",
    [
        {"capabilities": {"audit.read": "member"}},
        {"capabilities": {"plugin.create": "owner"}},
        {"capabilities": {"fly": "member"}},
        {"defaultDeliveryMode": "never"},
        {"theme": "dark"},
    ],
)
def test_what_is_no_setting_is_refused(api_as: ApiAs, alice: Person, settings: dict[str, object]) -> None:
    assert api_as(alice).patch("", {"settings": settings}).status == 400


def test_a_stale_change_is_refused(api_as: ApiAs, alice: Person) -> None:
    api_as(alice).patch("", {"name": "One"}, if_match='"1"')

    assert api_as(alice).patch("", {"name": "Two"}, if_match='"1"').status == 412


def test_members_change_no_settings(depot: Services, api_as: ApiAs, alice: Person, bob: Person) -> None:
    admin = join(depot, alice, "dana", OrgRole.ADMIN)

    answers = [api_as(one).patch("", {"name": "Renamed"}) for one in (bob, admin)]

    assert [(one.status) for one in answers] == [403, 200]


def test_the_base_takes_what_it_says(api_as: ApiAs, alice: Person) -> None:
    wrong = api_as(alice).delete("")

    assert (wrong.status, wrong.headers["allow"]) == (405, "GET, HEAD, PATCH")
    assert api_as(alice).get("/").status == 404
