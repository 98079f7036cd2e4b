"""Every payload that GitHub gives as an example, signed and sent to the real ingress."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from shared.domain.connector import TargetHealth
from shared.domain.source_tree import Installation, Repository
from shared.domain.sync_event import SyncStatus
from shared.services.source_checks import CheckedSource
from tests.fixtures.people import Person
from tests.integration.sync.deliveries import signed
from tests.integration.sync.webhook_examples import Example, every_example
from tests.integration.sync.world import World, deliver


@pytest.fixture
def known(world: World, alice: Person) -> World:
    """A deployment that has bound every installation, and tracks every repository, that the examples tell of."""
    payloads = [example.payload for example in every_example()]
    installations = {payload["installation"]["id"] for payload in payloads if "installation" in payload}
    sources = {
        (str(payload["installation"]["id"]), payload["repository"]["id"])
        for payload in payloads
        if "installation" in payload and "repository" in payload
    }
    depot = world.depot
    actor = depot.authentication.authenticate(alice.token, alice.org_id)
    with depot.begin() as work:
        for number in sorted(installations):
            installation = Installation(number, "Codertocat", "User", "all", {"contents": "read"}, suspended=False)
            account = depot.accounts.draft(alice.org_id, alice.id, installation)
            depot.account_rows.add(account, work)
        for number, (of, repository_id) in enumerate(sorted(sources)):
            instance = depot.instances.draft(actor, account, f"examples {number}")
            depot.instances.add(instance, work)
            repository = Repository(repository_id, f"Codertocat/{number}", "master", private=False, archived=False)
            source = CheckedSource(of, repository, "master", "a" * 40)
            depot.target_rows.add(depot.targets.draft(actor, instance, source, follows_default=True), work)
    return world


def send(example: Example, number: int) -> tuple[int, dict[str, Any]]:
    answer = deliver(signed(example.body, example.event, delivery=f"example-{number}"), example.body)
    return answer["statusCode"], json.loads(answer["body"])


def expected(example: Example) -> str | None:
    """The reason for which the docs say that it is ignored; None for what is queued."""
    payload, action = example.payload, example.payload.get("action")
    installation = payload.get("installation")
    match example.event:
        case "ping":
            return "ping"
        case "push" if not payload["ref"].startswith("refs/heads/"):
            return "not a branch"
        case "push":
            return None if installation else "no target tracks this branch"
        case "repository" if installation is None:
            return "no installation is named"
        case "repository" if action == "edited" and "default_branch" not in payload["changes"]:
            return "the default branch is the same"
        case "repository" if action == "created":
            return "repository created changes nothing here"
        case "repository" | "installation" | "installation_repositories":
            return None
        case event:
            return f"the event {event} changes nothing here"


def test_every_example_is_answered_as_it_is_documented(known: World) -> None:
    examples = every_example()

    answers = [send(example, number) for number, example in enumerate(examples)]

    wrong: Mapping[str, Any] = {
        example.name: (status, body)
        for example, (status, body) in zip(examples, answers, strict=True)
        if (status, body.get("reason")) != ((202, None) if expected(example) is None else (200, expected(example)))
    }
    assert wrong == {}
    queued = Counter(example.event for example in examples if expected(example) is None)
    assert queued == {"installation": 16, "installation_repositories": 12, "push": 2, "repository": 11}


def test_what_the_examples_queue_is_worked_off_though_github_knows_none_of_it(known: World) -> None:
    for number, example in enumerate(every_example()):
        send(example, number)

    known.queue.drain()

    assert known.queue.dead() == []
    assert {event.status for event in known.rows.events()} <= {SyncStatus.FAILED, SyncStatus.SUPERSEDED}
    assert TargetHealth.ACCESS_LOST in {target.health for target in known.rows.targets()}


def test_no_example_gets_in_with_another_secret(known: World) -> None:
    examples = every_example()[:20]

    answers = {deliver(signed(one.body, one.event, secret="guessed"), one.body)["statusCode"] for one in examples}

    assert answers == {401}
