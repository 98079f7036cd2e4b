"""People sign in with tokens that a real OpenID provider issued, through the real handler."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from functions.admin.handler import handler
from shared.bootstrap import Services
from shared.domain.access import OrgRole
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person
from tests.integration.identity.conftest import UserPool

Call = Callable[..., Api]


@pytest.fixture
def call(depot: Services, pool: UserPool, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls the admin API of a deployment that trusts the pool's tokens for its app."""
    trusting = {"oidc_issuer": pool.issuer, "oidc_audience": pool.app, "oidc_jwks_url": pool.jwks_url}
    monkeypatch.setattr(depot, "settings", replace(depot.settings, **trusting))

    def connect(token: str, base: str = "") -> Api:
        return Api(handler, base, {"authorization": f"Bearer {token}"})

    return connect


def test_who_signs_in_founds_an_org_and_works_in_it(call: Call, pool: UserPool) -> None:
    token = pool.sign_in("zoe@zed.example")["IdToken"]

    made = call(token).post("/v1/orgs", {"name": "Zed"}).item

    me, owners = call(token).get("/v1/me").item, call(token, f"/v1/orgs/{made.id}").get("/members").items
    assert (me.email, [seat["role"] for seat in me.orgs]) == ("zoe@zed.example", [OrgRole.OWNER])
    assert [(one.email, one.displayName) for one in owners] == [("zoe@zed.example", "zoe")]
    assert call(token, "/v1/orgs/zed").post("/plugins", {"name": "reviews"}).status == 201


def test_an_invited_address_joins_once_it_is_verified(call: Call, pool: UserPool, api_as: ApiAs, alice: Person) -> None:
    for name in ("zoe", "yan"):
        api_as(alice).post("/members", {"email": f"{name}@zed.example"})

    answers = [
        call(pool.sign_in(f"{name}@zed.example")["IdToken"], "/v1/orgs/acme").get("/plugins") for name in ("zoe", "yan")
    ]

    assert [one.status for one in answers] == [200, 404]


def test_a_group_of_the_pool_is_a_team_here(
    depot: Services, call: Call, pool: UserPool, api_as: ApiAs, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(depot, "settings", replace(depot.settings, oidc_groups_claim="cognito:groups"))
    team = api_as(alice).post("/teams", {"name": "Platform"}).item.id
    api_as(alice).post("/members", {"email": "zoe@zed.example"})
    pool.add_to_group("zoe@zed.example", "platform")

    assert call(pool.sign_in("zoe@zed.example")["IdToken"], "/v1/orgs/acme").get("/plugins").status == 200

    assert [one.email for one in api_as(alice).get(f"/teams/{team}/members").items] == ["zoe@zed.example"]


def test_a_token_for_another_app_is_refused(call: Call, pool: UserPool) -> None:
    token = pool.sign_in("zoe@zed.example", pool.add_app())["IdToken"]

    assert call(token).get("/v1/me").status == 401


def test_an_access_token_names_no_audience_and_is_refused(call: Call, pool: UserPool) -> None:
    assert call(pool.sign_in("zoe@zed.example")["AccessToken"]).get("/v1/me").status == 401


def test_a_changed_token_is_refused(call: Call, pool: UserPool) -> None:
    header, claims, signature = pool.sign_in("zoe@zed.example")["IdToken"].split(".")
    forged = _decoded(claims) | {"email": "alice@acme.example"}

    for token in (f"{header}.{_encoded(forged)}.{signature}", f"{header}.{claims}."):
        assert call(token).get("/v1/me").status == 401


@pytest.mark.parametrize("changes", [{"alg": "none"}, {"alg": "HS256"}, {"kid": "another"}])
def test_a_token_that_claims_another_key_is_refused(call: Call, pool: UserPool, changes: dict[str, str]) -> None:
    header, claims, signature = pool.sign_in("zoe@zed.example")["IdToken"].split(".")

    answer = call(f"{_encoded(_decoded(header) | changes)}.{claims}.{signature}").get("/v1/me")

    assert (answer.status, answer.code) == (401, "unauthenticated")


def _decoded(part: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _encoded(part: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
