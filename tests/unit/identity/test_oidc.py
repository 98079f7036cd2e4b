import hashlib
import hmac
import json
import time

import pytest
from urllib3 import PoolManager

from shared.domain.errors import Unauthenticated
from shared.identity.oidc import ClaimNames, Claims, OidcVerifier, claim_names
from tests.unit.far_side import FarSide
from tests.unit.identity.conftest import AUDIENCE, JWKS, Clock, jwk, jwks
from tests.unit.identity.tokens import ISSUER, forged, token


def refusal(verifier: OidcVerifier, presented: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        verifier.verify(presented)
    return refused.value.message


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_a_token_signed_by_the_issuer_is_taken(verifier: OidcVerifier, algorithm: str) -> None:
    assert verifier.verify(token(algorithm)) == Claims(ISSUER, "u-1")


def test_a_token_tells_who_somebody_is(verifier: OidcVerifier) -> None:
    told = verifier.verify(token(email="ada@acme.test", email_verified=True, name="Ada", groups=["dev"]))

    assert told == Claims(ISSUER, "u-1", "ada@acme.test", "Ada")


@pytest.mark.parametrize("unproven", [False, "false", None, "yes", 0, "True "])
def test_an_address_that_was_never_proven_is_left_out(verifier: OidcVerifier, unproven: object) -> None:
    assert verifier.verify(token(email="boss@acme.test", email_verified=unproven)).email is None


def test_a_deployment_says_which_claims_tell_who_somebody_is(issuer: FarSide, pool: PoolManager, clock: Clock) -> None:
    names = claim_names('{"subject": "oid", "email": "upn", "emailVerified": "xms_edov", "name": "given_name"}')
    verifier = OidcVerifier(ISSUER, AUDIENCE, now=clock.now, jwks_url=f"{issuer.url}/keys", names=names, pool=pool)

    told = verifier.verify(token(oid="o-1", upn="ada@acme.test", xms_edov=True, given_name="Ada", email="x@y.test"))

    assert told == Claims(ISSUER, "o-1", "ada@acme.test", "Ada")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["dev", "ops", 7], {"dev", "ops"}),
        ("dev", {"dev"}),
        ([], set()),
        (None, None),
        ({"dev": True}, None),
    ],
)
def test_groups_are_told_where_a_deployment_names_their_claim(
    issuer: FarSide, pool: PoolManager, clock: Clock, said: object, told: set[str] | None
) -> None:
    names = ClaimNames(groups="roles")
    verifier = OidcVerifier(ISSUER, AUDIENCE, now=clock.now, jwks_url=f"{issuer.url}/keys", names=names, pool=pool)

    assert verifier.verify(token(roles=said, groups=["other"])).groups == told


def test_a_token_without_the_subject_s_claim_is_refused(issuer: FarSide, pool: PoolManager, clock: Clock) -> None:
    names = claim_names('{"subject": "oid"}')
    verifier = OidcVerifier(ISSUER, AUDIENCE, now=clock.now, jwks_url=f"{issuer.url}/keys", names=names, pool=pool)

    assert refusal(verifier, token()) == "token_claim_missing"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": int(time.time()) - 90}, "token_expired"),
        ({"iat": int(time.time()) + 900}, "token_not_yet_valid"),
        ({"nbf": int(time.time()) + 900}, "token_not_yet_valid"),
        ({"iss": "https://id.evil.test"}, "token_issuer_wrong"),
        ({"iss": f"{ISSUER}/"}, "token_issuer_wrong"),
        ({"aud": "another-app"}, "token_audience_wrong"),
        ({"exp": None}, "token_claim_missing"),
        ({"iat": None}, "token_claim_missing"),
        ({"sub": None}, "token_claim_missing"),
        ({"sub": ""}, "token_claim_missing"),
        ({"iss": None}, "token_claim_missing"),
        ({"aud": None}, "token_claim_missing"),
        ({"exp": "soon"}, "token_malformed"),
    ],
)
def test_a_wrong_claim_is_refused_with_its_reason(
    verifier: OidcVerifier, changes: dict[str, object], reason: str
) -> None:
    assert refusal(verifier, token(**changes)) == reason  # type: ignore[arg-type]  # claims of any type


def test_clocks_may_differ_by_a_minute(verifier: OidcVerifier) -> None:
    at = int(time.time())

    assert verifier.verify(token(exp=at - 20, iat=at + 20))


@pytest.mark.parametrize("presented", ["", "x", "a.b.c", "..", "é.é.é", "\ud800", "a" * 20_000])
def test_what_is_no_token_is_refused(verifier: OidcVerifier, presented: str) -> None:
    assert refusal(verifier, presented) in ("token_malformed", "token_too_long")


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS512", "RS1", "", None, 7])
def test_an_algorithm_that_needs_no_private_key_is_refused(verifier: OidcVerifier, algorithm: object) -> None:
    presented = forged({"alg": algorithm, "kid": "RS256"})

    assert refusal(verifier, presented) in ("token_algorithm_refused", "token_malformed")


def test_a_public_key_does_not_serve_as_a_shared_secret(verifier: OidcVerifier) -> None:
    unsigned = forged({"alg": "HS256", "kid": "RS256"}).rstrip(".")
    mac = hmac.new(json.dumps(jwk()).encode(), unsigned.encode(), hashlib.sha256).digest()

    assert refusal(verifier, forged({"alg": "HS256", "kid": "RS256"}, mac)) == "token_algorithm_refused"


@pytest.mark.parametrize(
    "key",
    [
        jwk("ES256", kid="RS256"),
        jwk("RS256", alg="PS256"),
        jwk("RS256", use="enc"),
        {"kty": "oct", "k": "c2VjcmV0", "kid": "RS256"},
    ],
)
def test_a_key_serves_only_what_it_is_for(verifier: OidcVerifier, issuer: FarSide, key: dict[str, object]) -> None:
    issuer.on(JWKS, jwks(key))

    assert refusal(verifier, token("RS256")) == "token_algorithm_refused"


def test_another_key_s_signature_is_refused(verifier: OidcVerifier) -> None:
    assert refusal(verifier, token("RS256", kid="PS256")) == "token_signature_wrong"


def test_a_changed_token_is_refused(verifier: OidcVerifier) -> None:
    header, _, signature = token().split(".")
    _, other, _ = token(sub="u-2").split(".")

    assert refusal(verifier, f"{header}.{other}.{signature}") == "token_signature_wrong"


def test_no_refusal_repeats_the_token(verifier: OidcVerifier) -> None:
    assert "canary" not in refusal(verifier, token(iss="canary"))
