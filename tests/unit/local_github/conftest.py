"""A stand-in on a free port, with one repository and a mailbox for its webhooks."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from local.github import File, GitHubStandIn, Sizes, generate_app_key, public_key_of
from local.github.writing import Files
from tests.unit.local_github.caller import APP_ID, Caller, Clock

FILES: Files = {
    "README.md": b"# Tools\n",
    "bin/run": File(b"#!/bin/sh\n", mode="100755"),
    "link": File(b"README.md", mode="120000"),
    "skills/review/SKILL.md": b"---\nname: review\n---\n",
    "vendored": File(b"1" * 40, mode="160000"),
}


class Mailbox:
    """Takes deliveries and answers them with `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.mail: list[tuple[Mapping[str, str], bytes]] = []

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        self.mail.append((headers, body))
        return self.status


@pytest.fixture(scope="session")
def private_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("app") / "key.pem"
    generate_app_key(path)
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def github(tmp_path: Path, private_key: Path, clock: Clock, mailbox: Mailbox) -> Iterator[GitHubStandIn]:
    stand_in = GitHubStandIn(
        tmp_path / "repositories",
        APP_ID,
        public_key_of(private_key),
        mailbox,
        "It's a Secret to Everybody",
        requests_per_hour=50,
        sizes=Sizes(tree_entries=6, blob_bytes=1_000_000),
        now=clock,
    )
    with stand_in:
        stand_in.add_repository("acme/tools", FILES)
        yield stand_in


@pytest.fixture
def caller(github: GitHubStandIn, private_key: Path) -> Iterator[Caller]:
    caller = Caller(github, private_key.read_text())
    yield caller
    caller.close()
