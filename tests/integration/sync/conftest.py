"""A deployment with GitHub beside it."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from local.github import GitHubStandIn, generate_app_key
from shared.bootstrap import services
from tests.fixtures.people import Person, found_organization
from tests.fixtures.stack import BUCKET, create_table
from tests.integration.sync.clock import Clock
from tests.integration.sync.queue import Queue
from tests.integration.sync.rows import Rows
from tests.integration.sync.world import Post, World

WEBHOOK_SECRET = "It's a Secret to Everybody"


@pytest.fixture(scope="session")
def app_key(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The app's private and public key."""
    path = tmp_path_factory.mktemp("app") / "key.pem"
    public = generate_app_key(path)
    return path.read_text(), public


@pytest.fixture
def world(
    aws: dict[str, str],
    quick_moto: None,
    app_key: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[World]:
    """An empty deployment and an empty GitHub, its webhook pointing at the deployment."""
    name = f"sync-{abs(hash(request.node.nodeid)):x}"
    create_table(name)
    clock, post = Clock(), Post()
    queue = Queue(name, clock)
    for variable, value in (aws | {"DEPOT_TABLE": name, "DEPOT_QUEUE_URL": queue.url}).items():
        monkeypatch.setenv(variable, value)
    private, public = app_key
    now = lambda: clock().timestamp()  # noqa: E731  # both sides look at one clock
    with GitHubStandIn(tmp_path / "github", 1, public, post, WEBHOOK_SECRET, now=now) as github:
        world = World(github, post, queue, Rows(name, BUCKET), clock, private)
        world.restart()
        yield world
        world.pool.clear()
    services.cache_clear()
    boto3.client("dynamodb").delete_table(TableName=name)


@pytest.fixture
def alice(world: World) -> Person:
    """The owner of Acme."""
    return found_organization(world.depot, "acme", "alice")


@pytest.fixture
def mallory(world: World) -> Person:
    """The owner of Globex, another tenant."""
    return found_organization(world.depot, "globex", "mallory")


@pytest.fixture
def secrets() -> Iterator[None]:
    """Puts the webhook's secret back after a test that changes it."""
    yield
    value = json.dumps({"current": WEBHOOK_SECRET})
    boto3.client("secretsmanager").put_secret_value(SecretId="webhook", SecretString=value)
