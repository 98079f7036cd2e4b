"""The connector against a GitHub that somebody else has written: app, discovery, first sync, pushes by webhook."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from functions.webhook.handler import handler as webhook
from local.github import generate_app_key
from shared.bootstrap import Services
from shared.connectors.github.connector import GitHubConnector
from tests.e2e.github_emulator import APP_ID, INSTALLATION_ID, GitHubEmulator, github_emulator
from tests.fixtures.http import Api
from tests.fixtures.loopback import Loopback, served
from tests.fixtures.people import ApiAs, Person
from tests.integration.sync.clock import Clock
from tests.integration.sync.files import skill
from tests.integration.sync.queue import Queue
from tests.integration.sync.rows import Rows

pytestmark = pytest.mark.e2e

REPOSITORY = "acme/tools"
SECRET = "It's a Secret to Everybody"
FIRST, SECOND = "skills/first/SKILL.md", "skills/second/SKILL.md"


@dataclass(frozen=True)
class Sides:
    """A deployment in memory, the other GitHub, and the door between them."""

    github: GitHubEmulator
    door: Loopback
    queue: Queue
    rows: Rows
    api: Api

    def connect(self, **more: str) -> Any:
        body = {"installationId": str(INSTALLATION_ID), "repositoryFullName": REPOSITORY, **more}
        answer = self.api.post("/connectors/github/setup", body)
        assert answer.status == 201, answer.json
        self.queue.drain()
        return answer.item

    def import_all(self, made: Any) -> None:
        base = f"/connector-instances/{made.instance['id']}/discovery"
        found = self.api.get(base).item
        assert found.status == "completed", found.failure
        keys = [one["key"] for one in found.candidates]
        assert self.api.post(f"{base}/apply", {"selectedKeys": keys}).status == 201
        self.queue.drain()

    def pushed(self, push: Callable[[], object]) -> int:
        """The status that the webhook of a push was answered with, once it has come and its work is done."""
        before = len(self.door.exchanges)
        push()
        deadline = time.monotonic() + 10
        while len(self.door.exchanges) == before:
            assert time.monotonic() < deadline, "no webhook came"
            time.sleep(0.02)
        self.queue.drain()
        return self.door.exchanges[-1].status

    def delivered(self) -> dict[str, bool]:
        return {path: one.is_delivered for path, one in self.rows.objects().items()}


@pytest.fixture
def sides(
    depot: Services, api_as: ApiAs, alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sides]:
    path = tmp_path / "key.pem"
    generate_app_key(path)
    key, clock = path.read_text(), Clock()
    queue = Queue(depot.table.name, clock)
    monkeypatch.setattr(depot.queue, "_url", queue.url)
    queue.watch(depot.queue)
    depot.directory.claim_installation(alice.org_id, "github", str(INSTALLATION_ID))
    with (
        served(lambda event, _: webhook({**event, "pathParameters": {"connector": "github"}}, None)) as door,
        github_emulator(tmp_path, key, f"{door.origin}/api/webhooks/connectors/github", SECRET) as github,
    ):
        connector = GitHubConnector(
            github.url, APP_ID, lambda: key, now=time.time, sleep=lambda _: None, random=lambda: 0.0
        )
        vars(depot).update(connector=connector)
        github.commit(REPOSITORY, {FIRST: skill("first"), SECOND: skill("second")})
        yield Sides(github, door, queue, Rows(depot.table.name, depot.settings.bucket), api_as(alice))


def test_a_repository_there_is_set_up_discovered_imported_and_synced(sides: Sides) -> None:
    made = sides.connect()
    sides.import_all(made)

    target = sides.api.get(f"/connector-targets/{made.target['id']}").item
    assert made.account["login"] == "acme"
    assert sides.delivered() == {FIRST: True, SECOND: True}
    assert target.lastSyncedRevision == sides.github.head(REPOSITORY)


def test_what_is_taken_in_has_the_ids_that_git_gives_it(sides: Sides) -> None:
    sides.import_all(sides.connect())

    source = skill("first").encode()
    told = hashlib.sha1(b"blob %d\0%b" % (len(source), source), usedforsecurity=False).hexdigest()
    (shown,) = (one for one in sides.api.get("/skills").items if one.relativePath == FIRST)
    path = f"/config-objects/{shown.id}/versions/latest/files/SKILL.md"
    assert sides.github.blob_ids(REPOSITORY)[FIRST] == told
    assert sides.api.get(path).body == source


def test_a_push_there_is_a_signed_webhook_that_brings_its_change(sides: Sides) -> None:
    sides.import_all(sides.connect())

    status = sides.pushed(
        lambda: sides.github.commit(REPOSITORY, {FIRST: None, "skills/third/SKILL.md": skill("third")})
    )

    assert status == 202
    assert sides.delivered() == {FIRST: False, SECOND: True, "skills/third/SKILL.md": True}


def test_a_forced_push_there_is_reconciled_to_its_head(sides: Sides) -> None:
    sides.import_all(sides.connect())
    base = sides.github.head(REPOSITORY)
    sides.pushed(lambda: sides.github.commit(REPOSITORY, {"skills/third/SKILL.md": skill("third")}))

    def rewrite() -> None:
        sides.github.commit(REPOSITORY, {"skills/other/SKILL.md": skill("other")}, onto=base, force=True)

    assert sides.pushed(rewrite) == 202
    assert sides.delivered() == {
        FIRST: True,
        SECOND: True,
        "skills/third/SKILL.md": False,
        "skills/other/SKILL.md": True,
    }


def test_a_branch_that_is_deleted_there_leaves_its_objects(sides: Sides) -> None:
    """The emulator tells of no deletion of a branch: the next run finds it out."""
    sides.github.add_branch(REPOSITORY, "work")
    made = sides.connect(branch="work")
    sides.import_all(made)

    sides.github.delete_branch(REPOSITORY, "work")
    sides.api.post(f"/connector-targets/{made.target['id']}/resync")
    sides.queue.drain()

    target = sides.api.get(f"/connector-targets/{made.target['id']}").item
    assert target.health == "branch_missing"
    assert sides.delivered() == {FIRST: True, SECOND: True}


def test_a_webhook_with_another_secret_is_refused(sides: Sides) -> None:
    sides.import_all(sides.connect())
    exchange = sides.pushed(lambda: sides.github.commit(REPOSITORY, {FIRST: skill("first", "Changed.")}))
    heard = sides.door.exchanges[-1].request

    forged = heard | {"headers": heard["headers"] | {"x-hub-signature-256": "sha256=" + "0" * 64}}

    assert exchange == 202
    assert webhook(forged | {"pathParameters": {"connector": "github"}}, None)["statusCode"] == 401
