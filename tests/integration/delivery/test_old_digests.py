"""What a manifest named stays downloadable for thirty days after it was replaced, to whoever may have the plugin."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.kept_content import KEPT
from shared.domain.plugin import DeliveryMode, Plugin
from shared.services.mint import Mint
from shared.services.releases import ReleaseDraft
from tests.fixtures.calls import Calls
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person
from tests.integration.delivery.conftest import SECRET, SKILL, Publisher
from tests.integration.delivery.reports import forget_caches
from tests.integration.delivery.test_downloads import fetch, unzip

Delivered = Callable[[Person], Api]
OTHER = "---\nname: review\ndescription: Other.\n---\n"


@pytest.fixture
def later(depot: Services) -> Iterator[Callable[[timedelta], None]]:
    """Moves delivery's clock on."""
    moment, plain = [depot.mint.now()], depot.mint
    holders = (depot.delivery_history, depot.delivery_digests)
    for holder in holders:
        object.__setattr__(holder, "mint", Mint(lambda: moment[0], plain.random_bits))

    def move(by: timedelta) -> None:
        moment[0] += by

    yield move
    for holder in holders:
        object.__setattr__(holder, "mint", plain)


@pytest.fixture
def replaced(delivered_to: Delivered, alice: Person, publisher: Publisher) -> tuple[Plugin, Any]:
    """A plugin whose manifest a client has read, and that somebody else has read since a push; nobody downloaded it."""
    plugin = publisher.plugin()
    skill = publisher.skill(plugin)
    seen = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").json["item"]
    publisher.rewrite(skill, OTHER)
    publisher.agent(plugin)
    delivered_to(alice).get("/plugins")
    return plugin, seen


def test_a_client_that_read_a_manifest_before_a_push_downloads_what_it_read(
    depot: Services, delivered_to: Delivered, alice: Person, replaced: tuple[Plugin, Any]
) -> None:
    plugin, seen = replaced
    forget_caches(depot)

    answer = delivered_to(alice).get(f"/plugins/{plugin.id}/download?digest={seen['digest']}")

    files = unzip(fetch(depot, answer))
    [item] = seen["items"]
    assert sorted(files) == [f"{item['configObjectId']}/SKILL.md"]
    assert files[f"{item['configObjectId']}/SKILL.md"].decode() == SKILL.format(name="review")


def test_the_manifest_of_an_old_digest_is_the_one_that_was_read(
    depot: Services, delivered_to: Delivered, alice: Person, replaced: tuple[Plugin, Any]
) -> None:
    plugin, seen = replaced
    forget_caches(depot)

    again = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest?digest={seen['digest']}")

    assert again.json["item"] == seen


def test_an_old_archive_says_the_version_that_was_told_then(
    depot: Services, delivered_to: Delivered, alice: Person, replaced: tuple[Plugin, Any]
) -> None:
    plugin, seen = replaced

    answer = delivered_to(alice).get(f"/plugins/{plugin.id}/download?client=claude-code&digest={seen['digest']}")

    about = unzip(fetch(depot, answer))[".claude-plugin/plugin.json"].decode()
    assert f'"{seen["plugin"]["version"]}"' in about


def test_thirty_days_after_it_was_replaced_it_is_gone(
    depot: Services, delivered_to: Delivered, alice: Person, replaced: tuple[Plugin, Any],
    later: Callable[[timedelta], None],
) -> None:  # fmt: skip
    plugin, seen = replaced
    paths = [f"/plugins/{plugin.id}/{each}?digest={seen['digest']}" for each in ("manifest", "download")]

    later(KEPT - timedelta(minutes=1))
    before = [delivered_to(alice).get(path).status for path in paths]
    later(timedelta(minutes=2))

    assert (before, [delivered_to(alice).get(path).status for path in paths]) == ([200, 302], [404, 404])


def test_what_is_delivered_again_stays(
    delivered_to: Delivered, alice: Person, publisher: Publisher, later: Callable[[timedelta], None]
) -> None:
    api, plugin = delivered_to(alice), publisher.plugin()
    skill = publisher.skill(plugin)
    first = api.get(f"/plugins/{plugin.id}").item.digest
    publisher.rewrite(skill, OTHER)
    api.get("/plugins")
    publisher.rewrite(skill, SKILL.format(name="review"))
    back = api.get(f"/plugins/{plugin.id}").item.digest

    later(KEPT + timedelta(days=1))

    assert back == first
    assert api.get(f"/plugins/{plugin.id}/download?digest={first}").status == 302


def test_access_is_asked_for_when_it_is_downloaded(
    depot: Services, delivered_to: Delivered, bob: Person, publisher: Publisher, replaced: tuple[Plugin, Any]
) -> None:
    plugin, seen = replaced
    grant = publisher.share(plugin, bob.id)
    path = f"/plugins/{plugin.id}/download?digest={seen['digest']}"

    with_access = delivered_to(bob).get(path).status
    depot.plugin_grants.take_back(publisher.actor, plugin.id, grant)

    assert (with_access, delivered_to(bob).get(path).status) == (302, 404)


def test_a_digest_is_of_its_own_plugin(
    delivered_to: Delivered, alice: Person, publisher: Publisher, replaced: tuple[Plugin, Any]
) -> None:
    _, seen = replaced
    another = publisher.plugin("another")

    answers = [
        delivered_to(alice).get(f"/plugins/{another.id}/{each}?digest={seen['digest']}")
        for each in ("manifest", "download")
    ]

    assert [answer.status for answer in answers] == [404, 404]


def test_a_digest_that_was_told_while_the_content_changed_is_kept_too(
    depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    api, plugin = delivered_to(alice), publisher.plugin()
    skill = publisher.skill(plugin)
    note, pushes = depot.plugin_rows.record_digest, [OTHER]

    def overtaken(*args: Any) -> None:
        if pushes:
            publisher.rewrite(skill, pushes.pop())
        note(*args)

    monkeypatch.setattr(depot.plugin_rows, "record_digest", overtaken)
    told = api.get(f"/plugins/{plugin.id}/manifest").item.digest
    now = api.get(f"/plugins/{plugin.id}/manifest").item.digest

    assert told != now
    assert api.get(f"/plugins/{plugin.id}/download?digest={told}").status == 302


def test_what_a_promoted_release_was_is_there_after_the_next(
    depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    api, plugin = delivered_to(alice), publisher.plugin()
    skill = publisher.skill(plugin)
    depot.plugins.update(publisher.actor, plugin.id, {"delivery_mode": DeliveryMode.RELEASED})
    first = depot.releases.create(publisher.actor, plugin.id, ReleaseDraft("1.0.0"))
    depot.releases.promote(publisher.actor, plugin.id, first.id)
    seen = api.get(f"/plugins/{plugin.id}/manifest").json["item"]
    publisher.rewrite(skill, OTHER)
    second = depot.releases.create(publisher.actor, plugin.id, ReleaseDraft("2.0.0"))
    depot.releases.promote(publisher.actor, plugin.id, second.id)
    api.get("/plugins")

    again = api.get(f"/plugins/{plugin.id}/manifest?digest={first.digest}").json["item"]

    assert again == seen
    assert (again["release"]["version"], again["signature"]) == ("1.0.0", first.signature)


def test_literal_secrets_are_not_delivered_again_once_that_was_taken_back(
    depot: Services, api_as: ApiAs, delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    api, plugin = delivered_to(alice), publisher.plugin()
    server = publisher.server(plugin)
    api_as(alice).patch(f"/config-objects/{server.id}", {"secretDelivery": "literal"})
    literal = api.get(f"/plugins/{plugin.id}").item.digest
    old = fetch(depot, api.get(f"/plugins/{plugin.id}/download"))
    api_as(alice).patch(f"/config-objects/{server.id}", {"secretDelivery": "placeholder"})
    api.get("/plugins")

    answers = [api.get(f"/plugins/{plugin.id}/{each}?digest={literal}") for each in ("manifest", "download")]

    assert any(SECRET.encode() in data for data in unzip(old).values())
    assert [answer.status for answer in answers] == [404, 404]


def test_an_old_digest_costs_no_more_than_a_manifest_and_a_row(
    calls: Calls, depot: Services, delivered_to: Delivered, alice: Person, replaced: tuple[Plugin, Any]
) -> None:
    plugin, seen = replaced
    forget_caches(depot)

    with calls.counting() as cost:
        delivered_to(alice).get(f"/plugins/{plugin.id}/manifest?digest={seen['digest']}")

    assert (cost.dynamodb, cost.depth) == (4, 4)
