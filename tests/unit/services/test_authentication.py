"""Who is asking: every kind of credential, good and bad, in its own org and in another."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from shared.bootstrap import Services, utc_now
from shared.domain.access import Actor, ActorKind, OrgRole
from shared.domain.errors import NotFound, Unauthenticated
from shared.domain.organization import MemberStatus
from shared.domain.token import Token, TokenKind, hash_secret, read_token, spell_token
from shared.repositories.credentials import CredentialRepository
from shared.repositories.keys import member as member_key
from shared.services.authentication import Authentication
from shared.services.directory import TokenDraft
from tests.fixtures.calls import Calls
from tests.fixtures.people import Person, delivery_token, join

JWT = "head.claims.signature"


@dataclass(frozen=True)
class Claims:
    issuer: str
    subject: str
    email: str | None = None
    name: str | None = None
    groups: frozenset[str] | None = None


class Verifier:
    """Trusts one JWT and says that it is Bob's."""

    def verify(self, token: str) -> Claims:
        if token != JWT:
            raise Unauthenticated("The signature is wrong.")
        return Claims("https://id.example", "bob")


@pytest.fixture
def authentication(depot: Services) -> Authentication:
    return replace(depot.authentication, jwt_verifier=Verifier())


def service_token(depot: Services, person: Person, role: str | None) -> str:
    token_id = depot.mint.new_id("tok")
    text = spell_token(token_id, TokenKind.SERVICE, None, depot.mint.random_bits(160))
    presented = read_token(text)
    assert presented is not None
    kept = hash_secret(presented.secret)
    with depot.begin().as_upkeep() as work:
        token = Token(token_id, person.org_id, TokenKind.SERVICE, "ci", kept, utc_now(), role=role)
        CredentialRepository(depot.table).add(token, work)
    return text


def set_member(depot: Services, member_id: str, **fields: object) -> None:
    with depot.begin().as_upkeep() as work:
        work.update(member_key(member_id), assign=fields)


def token_id_of(text: str) -> str:
    presented = read_token(text)
    assert presented is not None
    return presented.token_id


@pytest.mark.parametrize("spell", [lambda person: person.org_id, lambda person: person.org_slug], ids=["id", "slug"])
def test_a_personal_token_is_its_member_with_role_and_teams(
    authentication: Authentication, bob: Person, team_of: Callable[..., str], spell: Callable[[Person], str]
) -> None:
    team = team_of(bob)

    actor = authentication.authenticate(bob.token, spell(bob))

    assert actor == Actor(ActorKind.MEMBER, bob.org_id, bob.id, OrgRole.MEMBER, frozenset({team}), bob.id)
    assert actor.token_id == token_id_of(bob.token)


def test_a_delivery_token_reads_for_its_member(depot: Services, authentication: Authentication, bob: Person) -> None:
    text = delivery_token(depot, bob)

    actor = authentication.authenticate(text, bob.org_id)

    assert (actor.kind, actor.id, actor.member_id) == (ActorKind.DELIVERY, token_id_of(text), bob.id)
    assert bob.id in actor.principals


def test_a_delivery_token_of_a_team_reads_for_the_team_alone(
    depot: Services, authentication: Authentication, bob: Person, team_of: Callable[..., str]
) -> None:
    team = team_of(bob)
    _, text = depot.directory.create_token(bob.org_id, TokenDraft(TokenKind.DELIVERY, "team", team_id=team))

    actor = authentication.authenticate(text, bob.org_id)

    assert (actor.kind, actor.role, actor.team_ids) == (ActorKind.DELIVERY, None, frozenset({team}))
    assert bob.id not in actor.principals


@pytest.mark.parametrize("role", [None, "admin"])
def test_a_service_token_has_a_role_of_its_own(
    depot: Services, authentication: Authentication, bob: Person, role: str | None
) -> None:
    text = service_token(depot, bob, role)

    actor = authentication.authenticate(text, bob.org_slug)

    assert actor == Actor(ActorKind.SERVICE, bob.org_id, token_id_of(text), OrgRole(role) if role else None)


def test_a_good_token_finds_no_other_org(authentication: Authentication, bob: Person, mallory: Person) -> None:
    for foreign in (mallory.org_id, mallory.org_slug, "org_0000000000000000000000000", "nowhere", ""):
        with pytest.raises(NotFound, match="No such organization"):
            authentication.authenticate(bob.token, foreign)


def test_a_revoked_token_is_refused_on_its_next_request(
    depot: Services, authentication: Authentication, bob: Person
) -> None:
    authentication.authenticate(bob.token, bob.org_id)

    depot.directory.revoke_token(bob.org_id, token_id_of(bob.token))

    with pytest.raises(Unauthenticated):
        authentication.authenticate(bob.token, bob.org_id)


def test_another_org_cannot_revoke_it(depot: Services, authentication: Authentication, bob: Person) -> None:
    with pytest.raises(NotFound):
        depot.directory.revoke_token("org_other", token_id_of(bob.token))

    assert authentication.authenticate(bob.token, bob.org_id).id == bob.id


def test_an_expired_token_is_refused(depot: Services, authentication: Authentication, bob: Person) -> None:
    ended = utc_now() - timedelta(seconds=1)
    draft = TokenDraft(TokenKind.PERSONAL, "old", member_id=bob.id, expires_at=ended)
    _, text = depot.directory.create_token(bob.org_id, draft)

    with pytest.raises(Unauthenticated):
        authentication.authenticate(text, bob.org_id)


@pytest.mark.parametrize("status", [MemberStatus.REMOVED, MemberStatus.INVITED])
def test_the_tokens_of_who_is_no_active_member_are_refused(
    depot: Services, authentication: Authentication, bob: Person, status: MemberStatus
) -> None:
    texts = [bob.token, delivery_token(depot, bob)]

    set_member(depot, bob.id, status=status)

    for text in texts:
        with pytest.raises(Unauthenticated):
            authentication.authenticate(text, bob.org_id)


def test_who_has_left_signs_in_nowhere(depot: Services, authentication: Authentication, bob: Person) -> None:
    set_member(depot, bob.id, status=MemberStatus.REMOVED)

    with pytest.raises(NotFound):
        authentication.authenticate(JWT, bob.org_id)


def test_a_token_that_names_a_member_it_is_not_for_is_refused(
    authentication: Authentication, alice: Person, bob: Person
) -> None:
    presented = read_token(bob.token)
    assert presented is not None
    secret = _bits(presented.secret)
    forged = spell_token(presented.token_id, TokenKind.PERSONAL, alice.id, secret)

    with pytest.raises(Unauthenticated):
        authentication.authenticate(forged, bob.org_id)


@pytest.mark.parametrize("text", ["", "dpt_p", "nonsense", "dpt_p" + "0" * 90, "a.b"])
def test_what_is_no_credential_costs_no_read(calls: Calls, authentication: Authentication, text: str) -> None:
    with calls.counting() as cost, pytest.raises(Unauthenticated):
        authentication.authenticate(text, "acme")

    assert cost.dynamodb == 0


@pytest.mark.parametrize("named", ["id", "slug"])
def test_a_token_is_authenticated_in_one_read(
    calls: Calls, depot: Services, authentication: Authentication, bob: Person, named: str
) -> None:
    texts = [bob.token, delivery_token(depot, bob), service_token(depot, bob, "admin")]

    for text in texts:
        authentication.authenticate(text, bob.org_id)  # its first use in an hour is noted
        with calls.counting() as cost:
            authentication.authenticate(text, bob.org_id if named == "id" else bob.org_slug)
        assert dict(cost.operations) == {"dynamodb.BatchGetItem": 1}


def test_a_jwt_is_the_member_that_its_person_is_here(authentication: Authentication, bob: Person) -> None:
    by_id, by_slug = (authentication.authenticate(JWT, org) for org in (bob.org_id, bob.org_slug))

    assert by_id == by_slug == Actor(ActorKind.MEMBER, bob.org_id, bob.id, OrgRole.MEMBER, frozenset(), bob.id)


def test_a_jwt_finds_no_org_that_its_person_is_not_in(
    authentication: Authentication, bob: Person, mallory: Person
) -> None:
    for org in (mallory.org_id, mallory.org_slug, "nowhere"):
        with pytest.raises(NotFound, match="No such organization"):
            authentication.authenticate(JWT, org)


def test_a_person_is_a_member_of_each_org_apart(
    depot: Services, authentication: Authentication, bob: Person, mallory: Person
) -> None:
    there = join(depot, mallory, "bob", OrgRole.ADMIN)

    assert authentication.authenticate(JWT, mallory.org_id).id == there.id
    assert authentication.authenticate(JWT, bob.org_id).id == bob.id


def test_a_jwt_that_does_not_verify_is_refused(authentication: Authentication, bob: Person) -> None:
    with pytest.raises(Unauthenticated, match="signature"):
        authentication.authenticate("another.one.here", bob.org_id)


def test_a_sign_in_by_id_costs_two_reads(calls: Calls, authentication: Authentication, bob: Person) -> None:
    with calls.counting() as cost:
        authentication.authenticate(JWT, bob.org_id)

    assert (cost.dynamodb, cost.depth) == (2, 2)


def test_a_use_is_noted_once_an_hour(
    depot: Services, calls: Calls, authentication: Authentication, bob: Person
) -> None:
    with calls.counting() as cost:
        for _ in range(3):
            authentication.authenticate(bob.token, bob.org_id)

    token = depot.credential_rows.find_token(bob.org_id, token_id_of(bob.token))
    assert cost.operations["dynamodb.UpdateItem"] == 1
    assert token
    assert token.last_used_at


def test_without_an_identity_provider_no_jwt_is_good(depot: Services, bob: Person) -> None:
    with pytest.raises(Unauthenticated):
        replace(depot.authentication, jwt_verifier=None).authenticate(JWT, bob.org_id)


def _bits(secret: str) -> int:
    number = 0
    for character in secret:
        number = number << 5 | "0123456789abcdefghjkmnpqrstvwxyz".index(character)
    return number
