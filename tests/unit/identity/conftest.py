import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from urllib3 import PoolManager

from shared.identity.oidc import OidcVerifier
from tests.unit.far_side import FarSide, Reply, serving

JWKS = "GET /keys"
AUDIENCE = "plugin-depot"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass
class Clock:
    at: float = 1_000.0

    def now(self) -> float:
        return self.at


@cache
def private_key(algorithm: str) -> PrivateKey:
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(algorithm: str = "RS256", **more: object) -> dict[str, Any]:
    public = private_key(algorithm).public_key()
    made: Any = jwt.get_algorithm_by_name(algorithm).to_jwk(public, as_dict=True)
    return {name: value for name, value in made.items() if name != "key_ops"} | {"kid": algorithm, **more}


def jwks(*keys: Mapping[str, object]) -> Reply:
    return Reply(body=json.dumps({"keys": keys}).encode())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer() -> Iterator[FarSide]:
    with serving(FarSide()) as server:
        server.on(JWKS, jwks(*map(jwk, ("RS256", "PS256", "ES256", "EdDSA"))))
        yield server


@pytest.fixture
def pool() -> Iterator[PoolManager]:
    pool = PoolManager(retries=False)
    yield pool
    pool.clear()


@pytest.fixture
def verifier(issuer: FarSide, pool: PoolManager, clock: Clock) -> OidcVerifier:
    return OidcVerifier("https://id.acme.test", AUDIENCE, now=clock.now, jwks_url=f"{issuer.url}/keys", pool=pool)
