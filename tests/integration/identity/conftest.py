"""A real identity provider: Cognito user pools of the emulator, which signs tokens (RS256) and publishes its keys."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import pytest

from local import emulator, processes
from local.state import HOST, Ports, State

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".local" / "emulator-venv" / "bin" / "python"
PASSWORD = "Correct-horse-7"  # of users that live as long as the test

_numbers = count(1)


@dataclass(frozen=True)
class UserPool:
    """One pool with one app; `jwks_url` is where its keys are in the emulator."""

    client: Any = field(repr=False)
    endpoint: str
    id: str
    app: str

    @property
    def issuer(self) -> str:
        return f"https://cognito-idp.{emulator.REGION}.amazonaws.com/{self.id}"

    @property
    def jwks_url(self) -> str:
        return f"{self.endpoint}/{self.id}/.well-known/jwks.json"

    def add_app(self) -> str:
        flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        made = self.client.create_user_pool_client(
            UserPoolId=self.id, ClientName=f"app-{next(_numbers)}", ExplicitAuthFlows=flows
        )
        return str(made["UserPoolClient"]["ClientId"])

    def add_user(self, email: str, *, verified: bool = True) -> None:
        attributes = {"email": email, "email_verified": str(verified).lower(), "name": email.partition("@")[0]}
        named = [{"Name": name, "Value": value} for name, value in attributes.items()]
        pool = {"UserPoolId": self.id, "Username": email}
        self.client.admin_create_user(**pool, UserAttributes=named, MessageAction="SUPPRESS")
        self.client.admin_set_user_password(**pool, Password=PASSWORD, Permanent=True)

    def add_to_group(self, email: str, group: str) -> None:
        self.client.create_group(UserPoolId=self.id, GroupName=group)
        self.client.admin_add_user_to_group(UserPoolId=self.id, Username=email, GroupName=group)

    def sign_in(self, email: str, app: str | None = None) -> dict[str, str]:
        """Cognito's tokens by name: IdToken, AccessToken, RefreshToken."""
        answer = self.client.admin_initiate_auth(
            UserPoolId=self.id,
            ClientId=app or self.app,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
        )
        tokens: dict[str, str] = answer["AuthenticationResult"]
        return tokens


@pytest.fixture(scope="session")
def cognito(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of an emulator of this session's own."""
    if not PYTHON.exists():
        pytest.skip("the emulator is not installed: make setup")
    state = State(tmp_path_factory.mktemp("cognito"))
    front, port, github = _free_ports()
    ports = Ports(front, port, github)
    try:
        emulator.start(state, ports, PYTHON)
        yield f"http://{HOST}:{ports.emulator}"
    finally:
        processes.stop(state, emulator.NAME)


@pytest.fixture
def pool(cognito: str) -> UserPool:
    """A pool in which Zoe, whose address is verified, and Yan, whose is not, have signed up."""
    client = boto3.client("cognito-idp", endpoint_url=cognito, region_name=emulator.REGION, **_NOBODY)
    pool_id = client.create_user_pool(PoolName=f"people-{next(_numbers)}")["UserPool"]["Id"]
    bare = UserPool(client, cognito, pool_id, "")
    made = UserPool(client, cognito, pool_id, bare.add_app())
    made.add_user("zoe@zed.example")
    made.add_user("yan@zed.example", verified=False)
    return made


_NOBODY = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


def _free_ports() -> list[int]:
    probes = [socket.create_server((HOST, 0)) for _ in range(3)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
