"""A GitHub beside the deployment, with its app installed: what a request asks of GitHub is answered."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.github import GitHubStandIn, generate_app_key
from local.github.stand_in import INSTALLATION_ID
from shared.bootstrap import Services
from shared.connectors.github.connector import GitHubConnector
from tests.fixtures.people import Person
from tests.fixtures.stack import SECRETS


@pytest.fixture
def github(depot: Services, alice: Person, tmp_path: Path) -> Iterator[GitHubStandIn]:
    """Has acme/tools, and an installation that Acme may bind."""
    public = generate_app_key(tmp_path / "key.pem")
    secret = SECRETS["client-secret"]
    with GitHubStandIn(tmp_path / "github", 1, public, client_secret=secret, requests_per_hour=100_000) as stand_in:
        stand_in.add_repository("acme/tools", {"skills/deploy/SKILL.md": "---\nname: deploy\ndescription: D.\n---\n"})
        depot.directory.claim_installation(alice.org_id, "github", str(INSTALLATION_ID))
        vars(depot)["connector"] = GitHubConnector(
            stand_in.url,
            "1",
            (tmp_path / "key.pem").read_text,
            lambda: secret,
            now=time.time,
            sleep=lambda _: None,
            random=lambda: 0.0,
        )
        yield stand_in
