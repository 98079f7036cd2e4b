"""Setting up a repository in one request: it is looked at without anybody asking again."""

from typing import Any

import pytest

from local.github.stand_in import INSTALLATION_ID
from shared.messaging.sync_queue import SyncQueue
from tests.fixtures.http import Answer, Api
from tests.fixtures.people import ApiAs, Person
from tests.integration.sync.files import skill
from tests.integration.sync.marketplaces import nested, repository
from tests.integration.sync.world import REPOSITORY, World

SETUP = {"installationId": str(INSTALLATION_ID), "repositoryFullName": REPOSITORY}


@pytest.fixture
def api(world: World, api_as: ApiAs, alice: Person) -> Api:
    """Alice's, of an org that may bind the installation; the repository has a marketplace of two plugins."""
    world.github.add_repository(REPOSITORY, repository("alpha", "beta"))
    world.depot.directory.claim_installation(alice.org_id, "github", str(INSTALLATION_ID))
    return api_as(alice)


def set_up(api: Api, **more: str) -> Answer:
    answer = api.post("/connectors/github/setup", SETUP, **more)
    assert answer.status == 201, answer.json
    return answer


def discovery_of(api: Api, made: Answer) -> Any:
    return nested(api.get(f"/connector-instances/{made.item.instance['id']}/discovery").json["item"])


def test_what_was_set_up_is_looked_at_at_once(world: World, api: Api) -> None:
    made = set_up(api)
    waiting = discovery_of(api, made)
    world.queue.drain()

    done = discovery_of(api, made)
    assert made.item.discovery == {"id": waiting.id, "status": "queued"}
    assert (done.id, done.targetId, done.status) == (waiting.id, made.item.target["id"], "completed")
    assert [one.key for one in done.candidates] == ["entry:alpha", "entry:beta"]


def test_the_proposal_of_a_setup_can_be_applied_without_another_look(world: World, api: Api) -> None:
    made = set_up(api)
    world.queue.drain()
    base = f"/connector-instances/{made.item.instance['id']}/discovery"

    applied = api.post(f"{base}/apply", {"selectedKeys": ["entry:alpha"]})
    world.queue.drain()

    assert applied.status == 201
    assert {path for path, one in world.rows.objects().items() if one.is_delivered} >= {
        "plugins/alpha/skills/alpha-skill/SKILL.md"
    }


def test_setting_up_again_with_its_key_makes_nothing_more(world: World, api: Api) -> None:
    first, again = (set_up(api, idempotency_key="one-repository") for _ in range(2))

    assert again.json == first.json
    assert len(api.get("/connector-instances").items) == 1
    assert world.queue.waiting() == 1


def test_setting_up_again_without_a_key_is_refused_by_the_ids_that_are_there(world: World, api: Api) -> None:
    made = set_up(api).item

    again = api.post("/connectors/github/setup", SETUP)
    elsewhere = api.post("/connectors/github/setup", SETUP | {"name": "for the other team"})

    assert (again.status, again.code) == (409, "conflict")
    assert made.target["id"] in again.json["detail"]
    assert made.instance["id"] in again.json["detail"]
    assert elsewhere.status == 201


def test_a_setup_that_is_refused_leaves_no_look_behind(world: World, api: Api) -> None:
    answer = api.post("/connectors/github/setup", SETUP | {"branch": "nowhere"})

    assert answer.status == 400
    assert world.queue.waiting() == 0


def test_a_look_whose_message_was_lost_is_made_after_a_sweep(
    world: World, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crash:
        crash.setattr(SyncQueue, "send_job", lambda *_: None)
        made = set_up(api)
    world.clock.advance(minutes=16)

    world.sweep()
    world.queue.drain()

    assert discovery_of(api, made).status == "completed"


def test_a_repository_without_a_commit_is_set_up_and_says_what_it_lacks(world: World, api: Api) -> None:
    world.github.add_repository("acme/empty", None)

    made = api.post("/connectors/github/setup", SETUP | {"repositoryFullName": "acme/empty"})
    world.queue.drain()
    empty = discovery_of(api, made)
    world.github.commit("acme/empty", {"skills/first/SKILL.md": skill("first")}, announce=False)
    api.post(f"/connector-instances/{made.item.instance['id']}/discovery/refresh")
    world.queue.drain()

    assert (made.item.target["health"], empty.status, empty.failure.code) == ("empty", "failed", "source_empty")
    assert [one.name for one in discovery_of(api, made).candidates] == ["empty"]
