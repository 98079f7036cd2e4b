"""What storage forgets with time: nothing that is still delivered, and nothing within thirty days after."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from shared.domain.config_object import ConfigObject
from shared.domain.plugin import Plugin
from shared.services.mint import Mint
from shared.storage.content_store import RENDERED_DAYS
from tests.fixtures.http import Api
from tests.fixtures.loopback import Loopback
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import SKILL, DeliveryToken, Publisher
from tests.integration.delivery.git import Git, marketplace

TOOL = 'export default { description: "Finds.", args: {}, async execute() { return "found" } }\n'
OTHER_SKILL = SKILL.format(name="review") + "\nMore.\n"


class Days:
    """Storage as days go by: what was stored longer ago than its rule says is gone, and so is every process."""

    def __init__(self, depot: Services) -> None:
        self._depot, self._today, self._stored = depot, 0, dict[str, int]()
        client = depot.content._client
        self._put, self._delete = client.put_object, client.delete_object
        client.put_object = self._note
        self._plain = depot.mint

    def pass_by(self, count: int) -> None:
        self._today += count
        for key in [each for each, day in self._stored.items() if self._today - day >= RENDERED_DAYS]:
            self._delete(Bucket=self._depot.settings.bucket, Key=key)
            del self._stored[key]
        at = timedelta(days=self._today)
        self._depot.__dict__["mint"] = Mint(lambda: self._plain.now() + at, self._plain.random_bits)
        for name in ("renderings", "agent_skills", "json_marketplace", "opencode", "git_marketplace"):
            self._depot.__dict__.pop(name, None)

    def _note(self, **request: Any) -> Any:
        answer = self._put(**request)
        if "Tagging" in request:
            self._stored[request["Key"]] = self._today
        return answer


@pytest.fixture
def days(depot: Services) -> Iterator[Days]:
    client = depot.content._client
    put = client.put_object
    yield Days(depot)
    client.put_object = put


@pytest.fixture
def skill(publisher: Publisher) -> tuple[Plugin, ConfigObject]:
    plugin = publisher.plugin()
    publisher.add(plugin, "tool", "find.ts", TOOL)
    return plugin, publisher.skill(plugin)


def _of_skills(token: str) -> str:
    index = f"/o/acme/t/{token}/.well-known/agent-skills"
    return f"{index}/{Api(delivery).get(f'{index}/index.json').json['skills'][0]['url']}"


def _of_catalog(token: str) -> str:
    catalog = Api(delivery, "", {"authorization": f"Bearer {token}"}).get("/m/acme/acme/marketplace.json").json
    url: str = catalog["plugins"][0]["source"]["url"]
    return url.partition("https://depot.example")[2]


def _of_registry(token: str) -> str:
    found = Api(delivery, "", {"authorization": f"Bearer {token}"}).get("/npm/acme/@acme%2freviews").json
    url: str = found["versions"].popitem()[1]["dist"]["tarball"]
    return url.partition("https://depot.example")[2]


Link = Callable[[str], str]
PROTOCOLS = pytest.mark.parametrize("link", [_of_skills, _of_catalog, _of_registry])


def _open(token: str, path: str) -> int:
    return Api(delivery, "", {"authorization": f"Bearer {token}"}).get(path).status


@PROTOCOLS
def test_what_somebody_else_was_given_long_before_is_there_for_as_long_as_it_is_linked_to(
    alice: Person, bob: Person, publisher: Publisher, skill: tuple[Plugin, ConfigObject],
    delivery_token: DeliveryToken, days: Days, link: Link,
) -> None:  # fmt: skip
    publisher.plugin("another")
    publisher.share(skill[0], bob.id)
    first, second = delivery_token(alice), delivery_token(bob)
    link(first)
    days.pass_by(20)
    link(second)

    days.pass_by(16)

    assert _open(second, link(second)) == 200


@PROTOCOLS
def test_what_was_delivered_for_long_is_there_for_thirty_days_after(
    alice: Person, publisher: Publisher, skill: tuple[Plugin, ConfigObject],
    delivery_token: DeliveryToken, days: Days, link: Link,
) -> None:  # fmt: skip
    token = delivery_token(alice)
    before = link(token)
    days.pass_by(34)
    assert link(token) == before
    publisher.rewrite(skill[1], OTHER_SKILL)
    link(token)

    days.pass_by(30)

    assert _open(token, before) == 200


def test_a_commit_that_was_the_catalog_for_long_is_there_for_thirty_days_after(
    git: Git, gateway: Loopback, alice: Person, publisher: Publisher, skill: tuple[Plugin, ConfigObject], days: Days
) -> None:
    git.clone(marketplace(gateway, alice), "first", "--depth", "1")
    pinned = git("-C", "first", "rev-parse", "HEAD")
    days.pass_by(34)
    git.clone(marketplace(gateway, alice), "again", "--depth", "1")
    publisher.rewrite(skill[1], OTHER_SKILL)
    git.clone(marketplace(gateway, alice), "second", "--depth", "1")

    days.pass_by(30)
    git("-C", "second", "fetch", "-q", "--depth", "1", "origin", pinned)

    assert git("-C", "again", "rev-parse", "HEAD") == pinned
