import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from urllib3 import PoolManager

from local.github import GitHubStandIn, Sizes
from shared.connectors.github.connector import GitHubConnector
from shared.connectors.github.reader import GitHubReader
from shared.connectors.github.transport import Transport
from tests.unit.connectors.github.served import SECRET, Mail, Served
from tests.unit.far_side import FarSide, Reply

TOKENS = "POST /app/installations/11/access_tokens"


@dataclass
class Clock:
    """Stands still unless told; pauses are remembered, not slept."""

    at: float = 1_700_000_000.0
    pauses: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_pem() -> str:
    return (
        private_key()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        .decode()
    )


def token_reply(value: str, expires_at: float) -> Reply:
    expires = datetime.fromtimestamp(expires_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Reply(201, json.dumps({"token": value, "expires_at": expires}).encode())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pool() -> Iterator[PoolManager]:
    pool = PoolManager(retries=False)
    yield pool
    pool.clear()


@pytest.fixture
def transport(far_side: FarSide, clock: Clock, pool: PoolManager) -> Transport:
    return Transport(far_side.url, sleep=clock.pauses.append, random=lambda: 1.0, now=clock.now, pool=pool)


@pytest.fixture
def connector(far_side: FarSide, clock: Clock, pool: PoolManager) -> GitHubConnector:
    far_side.on(TOKENS, token_reply("ghs_canary", clock.at + 3_600))
    return GitHubConnector(
        far_side.url,
        "123",
        private_pem,
        now=clock.now,
        sleep=clock.pauses.append,
        random=lambda: 1.0,
        pool=pool,
    )


@pytest.fixture
def reader(connector: GitHubConnector) -> GitHubReader:
    return connector.reader(11, 7)


@pytest.fixture
def mail() -> Mail:
    return []


@pytest.fixture
def github(tmp_path: Path, clock: Clock, mail: Mail) -> Iterator[GitHubStandIn]:
    spelled = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    public_pem = private_key().public_key().public_bytes(*spelled).decode()

    def receive(headers: Mapping[str, str], body: bytes) -> int:
        mail.append((headers, body))
        return 200

    sizes = Sizes(tree_entries=4_000)
    with GitHubStandIn(tmp_path, 123, public_pem, receive, SECRET, sizes=sizes, now=clock.now) as stand_in:
        yield stand_in


@pytest.fixture
def served(github: GitHubStandIn, clock: Clock, pool: PoolManager) -> Served:
    connector = GitHubConnector(
        github.url, "123", private_pem, now=clock.now, sleep=clock.pauses.append, random=lambda: 1.0, pool=pool
    )
    return Served(github, connector)
