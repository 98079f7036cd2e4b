"""The product's own GitHub connector against the stand-in: both sides must mean the same."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from urllib3 import PoolManager

from local.github import GitHubStandIn, Sizes, generate_app_key
from shared.connectors.github import webhook
from shared.connectors.github.connector import GitHubConnector
from shared.domain.errors import RateLimited
from shared.domain.source_tree import TreeListing

INSTALLATION = 4_242_424
SKILLS = {f"skills/s{n}/SKILL.md": f"# Skill {n}\n" for n in range(40)}


@pytest.fixture
def mail() -> list[tuple[Mapping[str, str], bytes]]:
    return []


@pytest.fixture
def github(tmp_path: Path, mail: list[tuple[Mapping[str, str], bytes]]) -> Iterator[GitHubStandIn]:
    def receive(headers: Mapping[str, str], body: bytes) -> int:
        mail.append((headers, body))
        return 200

    public_key = generate_app_key(tmp_path / "key.pem")
    sizes = Sizes(tree_entries=60)
    with GitHubStandIn(tmp_path / "root", 1, public_key, receive, "secret", sizes=sizes) as stand_in:
        stand_in.add_repository("acme/tools", SKILLS)
        yield stand_in


@pytest.fixture
def connector(github: GitHubStandIn, tmp_path: Path) -> Iterator[GitHubConnector]:
    pool = PoolManager(retries=False)
    yield GitHubConnector(
        github.url,
        "1",
        (tmp_path / "key.pem").read_text,
        now=time.time,
        sleep=lambda _: None,
        random=lambda: 0.0,
        pool=pool,
    )
    pool.clear()


def blob_paths(tree: TreeListing) -> set[str]:
    return {entry.path for entry in tree.entries if entry.mode == 0o100644}


def test_a_cut_tree_is_walked_and_all_its_files_are_read(github: GitHubStandIn, connector: GitHubConnector) -> None:
    reader = connector.reader(INSTALLATION, github.repository("acme/tools").id)
    head = reader.head("refs/heads/main")

    tree = reader.tree(head)
    wanted = [entry for entry in tree.entries if entry.mode == 0o100644]
    contents = {data.decode() for _, data in reader.blobs(head, wanted)}

    assert blob_paths(tree) == set(SKILLS)
    assert contents == set(SKILLS.values())


def test_an_exhausted_allowance_is_understood(github: GitHubStandIn, connector: GitHubConnector) -> None:
    reader = connector.reader(INSTALLATION, github.repository("acme/tools").id)
    github.fail_next("/repositories/", 403, headers={"Retry-After": "7"})

    with pytest.raises(RateLimited):
        reader.head("refs/heads/main")


def test_a_push_event_is_verified_and_understood(
    github: GitHubStandIn, mail: list[tuple[Mapping[str, str], bytes]]
) -> None:
    head = github.commit("acme/tools", {"skills/s1/SKILL.md": None})

    [(headers, body)] = mail
    lower = {name.lower(): value for name, value in headers.items()}
    webhook.verify(lower, body, ["secret"])
    envelope = webhook.normalize(lower, body)

    assert envelope.repository_id == github.repository("acme/tools").id
    assert (envelope.installation_id, envelope.ref, envelope.head_sha) == (INSTALLATION, "refs/heads/main", head)
