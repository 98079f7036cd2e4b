import json

import pytest
from urllib3 import PoolManager

from shared.domain.errors import Retryable, Unauthenticated
from shared.identity.key_set import KeySet, is_safe
from tests.unit.far_side import FarSide, Reply
from tests.unit.identity.conftest import JWKS, Clock, jwk, jwks

DISCOVERY = "GET /.well-known/openid-configuration"


@pytest.fixture
def keys(issuer: FarSide, pool: PoolManager, clock: Clock) -> KeySet:
    return KeySet("https://id.acme.test", f"{issuer.url}/keys", pool, clock.now)


def test_keys_are_fetched_once_in_ten_minutes(issuer: FarSide, keys: KeySet, clock: Clock) -> None:
    for _ in range(3):
        keys.key("RS256")
    assert issuer.paths() == [JWKS]

    clock.at += 600
    keys.key("RS256")

    assert issuer.paths() == [JWKS, JWKS]


def test_a_new_key_is_found_without_waiting_for_the_ten_minutes(issuer: FarSide, keys: KeySet, clock: Clock) -> None:
    keys.key("RS256")
    issuer.on(JWKS, jwks(jwk(kid="rotated")))

    clock.at += 61

    assert keys.key("rotated")["kid"] == "rotated"


def test_unknown_key_ids_cost_at_most_one_fetch_a_minute(issuer: FarSide, keys: KeySet) -> None:
    for number in range(20):
        with pytest.raises(Unauthenticated, match="token_key_unknown"):
            keys.key(f"made-up-{number}")

    assert len(issuer.asked) == 1


def test_a_key_that_the_issuer_withdrew_is_gone_after_ten_minutes(issuer: FarSide, keys: KeySet, clock: Clock) -> None:
    keys.key("RS256")
    issuer.on(JWKS, jwks(jwk(kid="rotated")))
    clock.at += 600

    with pytest.raises(Unauthenticated):
        keys.key("RS256")


@pytest.mark.parametrize(
    "broken",
    [Reply(503), Reply(200, b"<html>"), Reply(200, b"[]"), Reply(200, b'{"keys": [1]}'), Reply(200, b'{"keys": []}'),
     Reply(200, b"{", promised=9, cut=True), Reply(302, headers={"location": "http://127.0.0.1/"})],
)  # fmt: skip
def test_while_the_issuer_is_down_its_last_keys_serve_for_a_day(
    issuer: FarSide, keys: KeySet, clock: Clock, broken: Reply
) -> None:
    keys.key("RS256")
    issuer.on(JWKS, broken)

    clock.at += 86_399
    assert keys.key("RS256")["kid"] == "RS256"

    clock.at += 1
    with pytest.raises(Retryable):
        keys.key("RS256")


def test_an_issuer_that_never_answered_is_worth_another_try(issuer: FarSide, keys: KeySet, clock: Clock) -> None:
    good = jwks(jwk())
    issuer.on(JWKS, Reply(500), good)
    with pytest.raises(Retryable):
        keys.key("RS256")

    clock.at += 60

    assert keys.key("RS256")["kid"] == "RS256"


def test_keys_are_discovered_from_the_issuer(issuer: FarSide, pool: PoolManager, clock: Clock) -> None:
    found = {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys"}
    issuer.on(DISCOVERY, Reply(200, json.dumps(found).encode()))

    assert KeySet(issuer.url, None, pool, clock.now).key("RS256")["kid"] == "RS256"


@pytest.mark.parametrize(
    "found",
    [
        {"issuer": "https://id.evil.test", "jwks_uri": "{url}/keys"},
        {"issuer": "{url}", "jwks_uri": "http://id.acme.test/keys"},
        {"issuer": "{url}", "jwks_uri": "file:///etc/passwd"},
        {"issuer": "{url}"},
    ],
)
def test_a_discovery_document_that_cannot_be_trusted_is_not_followed(
    issuer: FarSide, pool: PoolManager, clock: Clock, found: dict[str, str]
) -> None:
    issuer.on(DISCOVERY, Reply(200, json.dumps(found).replace("{url}", issuer.url).encode()))

    with pytest.raises(Retryable):
        KeySet(issuer.url, None, pool, clock.now).key("RS256")

    assert issuer.paths() == [DISCOVERY]


@pytest.mark.parametrize(("url", "safe"), [("https://a/k", True), ("http://a/k", False), ("http://127.0.0.1/k", True)])
def test_keys_come_over_https_or_from_this_machine(url: str, safe: bool) -> None:
    assert is_safe(url) is safe
