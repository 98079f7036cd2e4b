"""Who gets in: credentials, orgs by id and slug, and what a delivery token is not for."""

from datetime import UTC, datetime

import pytest

from functions.admin.handler import handler
from shared.bootstrap import Services
from shared.domain.access import OrgRole
from shared.domain.token import TokenKind, read_token
from shared.services.directory import TokenDraft
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person, delivery_token, join, personal_token


def _with(token: str, base: str = "") -> Api:
    return Api(handler, base, {"authorization": f"Bearer {token}"})


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer dpt_p0000", "Bearer a.b.c"])
@pytest.mark.parametrize("path", ["/v1/orgs/acme/plugins", "/v1/orgs/nowhere/plugins", "/v1/me"])
def test_who_is_not_known_is_challenged(alice: Person, header: str, path: str) -> None:
    answer = Api(handler).get(path, authorization=header)

    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer realm=")


def test_an_org_goes_by_id_or_slug(alice: Person) -> None:
    by_id, by_slug = (_with(alice.token).get(f"/v1/orgs/{org}/plugins") for org in (alice.org_id, alice.org_slug))

    assert (by_id.status, by_slug.status) == (200, 200)


def test_a_location_keeps_the_caller_s_way_of_naming_the_org(alice: Person) -> None:
    answer = _with(alice.token).post("/v1/orgs/acme/plugins", {"name": "x"})

    assert answer.headers["location"] == f"/v1/orgs/acme/plugins/{answer.item.id}"


@pytest.mark.parametrize("org", ["globex", "nowhere", "org_01m83cm181mw5y2cd4zh3yt3tz", "a%2Fb", "a" * 300])
def test_an_org_that_is_not_the_caller_s_is_not_found(alice: Person, mallory: Person, org: str) -> None:
    answer = _with(alice.token).get(f"/v1/orgs/{org}/plugins")

    assert (answer.status, answer.code) == (404, "not_found")


def test_a_revoked_token_is_refused_at_once(depot: Services, alice: Person) -> None:
    presented = read_token(alice.token)
    assert presented is not None
    depot.directory.revoke_token(alice.org_id, presented.token_id)

    assert _with(alice.token).get("/v1/orgs/acme/plugins").status == 401


def test_an_expired_token_is_refused(depot: Services, alice: Person) -> None:
    draft = TokenDraft(TokenKind.PERSONAL, "old", member_id=alice.id, expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    _, text = depot.directory.create_token(alice.org_id, draft)

    assert _with(text).get("/v1/orgs/acme/plugins").status == 401


@pytest.mark.parametrize("path", ["/v1/orgs/acme/plugins", "/v1/orgs/acme/connector-accounts", "/v1/me"])
def test_a_delivery_token_has_no_access_to_the_admin_api(depot: Services, alice: Person, path: str) -> None:
    answer = _with(delivery_token(depot, alice)).get(path)

    assert (answer.status, answer.code) == (403, "missing_capability")


def test_me_tells_role_and_capabilities(alice: Person, depot: Services) -> None:
    member = join(depot, alice, "bob")

    owner_is, member_is = (_with(one.token).get("/v1/me").item for one in (alice, member))

    (owner_seat,), (member_seat,) = owner_is.orgs, member_is.orgs
    assert (owner_is.subject, owner_is.email) == ("alice", "alice@acme.example")
    assert (owner_seat["orgId"], owner_seat["slug"], owner_seat["role"]) == (alice.org_id, "acme", "owner")
    assert (
        set(member_seat["capabilities"]) == {"config_object.create", "plugin.create"} < set(owner_seat["capabilities"])
    )


def test_an_admin_may_do_everything_but_change_owners(depot: Services, alice: Person) -> None:
    admin = join(depot, alice, "dana", OrgRole.ADMIN)

    (seat,) = _with(admin.token).get("/v1/me").item.orgs

    assert (seat["role"], seat["memberId"]) == ("admin", admin.id)
    assert "directory.manage" in seat["capabilities"]


def test_another_token_of_the_same_person_is_the_same_person(depot: Services, api_as: ApiAs, alice: Person) -> None:
    made = api_as(alice).post("/plugins", {"name": "mine"}).item.id
    other = _with(personal_token(depot, alice.org_id, alice.id), f"/v1/orgs/{alice.org_id}")

    assert other.get(f"/plugins/{made}").status == 200
