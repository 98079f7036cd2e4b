"""An invitation and the person it names: who becomes a member by signing in, and who does not."""

from dataclasses import replace

import pytest

from shared.bootstrap import Services
from shared.domain.access import OrgRole
from shared.services.directory import PersonDraft
from tests.fixtures.calls import Calls
from tests.fixtures.people import ISSUER, ApiAs, Person, SignIn

MILO = "milo@acme.example"


@pytest.fixture
def invited(api_as: ApiAs, alice: Person) -> str:
    """Milo, who was invited to Acme by address."""
    return str(api_as(alice).post("/members", {"email": MILO}).item.id)


@pytest.mark.parametrize("org", ["acme", "id"])
def test_an_invited_address_is_a_member_once_it_signs_in(
    sign_in: SignIn, api_as: ApiAs, alice: Person, invited: str, org: str
) -> None:
    base = f"/v1/orgs/{alice.org_id if org == 'id' else org}"

    answer = sign_in("m-1", "Milo@Acme.example", base=base, name="Milo").get("/plugins")

    member = api_as(alice).get(f"/members/{invited}").item
    assert answer.status == 200
    assert (member.status, member.subject, member.displayName) == ("active", "m-1", "Milo")


def test_who_asks_for_their_orgs_joins_those_that_invited_them(
    sign_in: SignIn, api_as: ApiAs, invited: str, alice: Person, mallory: Person
) -> None:
    api_as(mallory).post("/members", {"email": MILO})

    first, again = (sign_in("m-1", MILO).get("/v1/me").item.orgs for _ in range(2))

    assert {seat["slug"] for seat in first} == {"acme", "globex"}
    assert sorted(first, key=repr) == sorted(again, key=repr)


def test_an_invited_subject_needs_no_address(
    depot: Services, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn, api_as: ApiAs, alice: Person
) -> None:
    monkeypatch.setattr(depot, "settings", replace(depot.settings, oidc_issuer=ISSUER))
    member = api_as(alice).post("/members", {"subject": "m-1", "role": "admin"}).item

    seats = sign_in("m-1").get("/v1/me").item.orgs

    assert [(seat["memberId"], seat["role"]) for seat in seats] == [(member.id, "admin")]


@pytest.mark.parametrize("email", [None, "other@acme.example", ""])
def test_without_the_proven_address_nobody_joins(
    sign_in: SignIn, api_as: ApiAs, alice: Person, invited: str, email: str | None
) -> None:
    stranger = sign_in("m-2", email, base="/v1/orgs/acme")

    assert stranger.get("/plugins").status == 404
    assert sign_in("m-2", email).get("/v1/orgs").items == []
    assert api_as(alice).get(f"/members/{invited}").item.status == "invited"


def test_an_address_takes_nobody_over_who_has_signed_in(sign_in: SignIn, api_as: ApiAs, alice: Person) -> None:
    answer = sign_in("m-2", "alice@acme.example", base="/v1/orgs/acme").get("/plugins")

    assert answer.status == 404
    assert api_as(alice).get(f"/members/{alice.id}").item.subject == "alice"


def test_a_removed_member_s_address_opens_nothing(sign_in: SignIn, api_as: ApiAs, alice: Person, invited: str) -> None:
    api_as(alice).delete(f"/members/{invited}")

    assert sign_in("m-1", MILO, base="/v1/orgs/acme").get("/plugins").status == 404


def test_an_owner_counts_from_the_sign_in_on(sign_in: SignIn, api_as: ApiAs, alice: Person) -> None:
    heir = api_as(alice).post("/members", {"email": MILO, "role": "owner"}).item
    sign_in("m-1", MILO).get("/v1/me")

    assert api_as(alice).delete(f"/members/{alice.id}").status == 200
    assert sign_in("m-1", MILO, base="/v1/orgs/acme").delete(f"/members/{heir.id}").status == 409


def test_a_member_who_only_had_a_token_signs_in_with_their_address(
    depot: Services, sign_in: SignIn, api_as: ApiAs, alice: Person
) -> None:
    member = depot.directory.add_member(alice.org_id, PersonDraft(MILO, "Milo", OrgRole.MEMBER))

    seats = sign_in("m-1", MILO).get("/v1/me").item.orgs

    assert [seat["memberId"] for seat in seats] == [member.id]


def test_signing_in_again_costs_no_write(sign_in: SignIn, invited: str, calls: Calls) -> None:
    milo = sign_in("m-1", MILO, base="/v1/orgs/acme")
    milo.get("/plugins")

    with calls.counting() as cost:
        milo.get("")

    assert "dynamodb.TransactWriteItems" not in cost.operations
    assert (cost.dynamodb, cost.depth) == (4, 4)
