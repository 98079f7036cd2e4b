"""Names are resolved among what the caller may have, for lock files."""

from collections.abc import Callable

import pytest

from shared.bootstrap import Services
from tests.fixtures.calls import Calls
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person
from tests.integration.delivery.conftest import Publisher
from tests.unit.admin.crowd import Crowd

Delivered = Callable[[Person], Api]


def test_a_name_stands_for_a_plugin_with_its_digest(
    delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin("reviews")
    publisher.skill(plugin)
    manifest = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").item

    found = delivered_to(alice).get("/resolve?names=Reviews,%20absent,Reviews").item

    [one] = found.resolved
    assert (one["name"], one["plugin"]["id"], one["plugin"]["digest"]) == ("Reviews", plugin.id, manifest.digest)
    assert (found.ambiguous, found.missing) == ([], ["absent"])


def test_a_name_of_two_creators_tells_all_candidates(
    delivered_to: Delivered,
    alice: Person,
    bob: Person,
    publisher: Publisher,
    publish_as: Callable[[Person], Publisher],
) -> None:
    mine, theirs = publisher.plugin("reviews"), publish_as(bob).plugin("reviews")

    found = delivered_to(alice).get("/resolve?names=reviews").item

    [one] = found.ambiguous
    assert [each["id"] for each in one["candidates"]] == [mine.id, theirs.id]
    assert found.resolved == found.missing == []


def test_what_the_caller_may_not_have_is_missing(
    delivered_to: Delivered, bob: Person, mallory: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin("reviews")

    found = [delivered_to(one).get("/resolve?names=reviews").item.missing for one in (bob, mallory)]
    foreign = delivered_to(mallory).get(f"/v1/orgs/{plugin.org_id}/delivery/resolve?names=reviews")

    assert (found, foreign.status) == ([["reviews"]] * 2, 404)


@pytest.mark.parametrize("query", ["", "?names=", "?names=,%20,", "?names=" + ",".join(map(str, range(101)))])
def test_too_few_or_too_many_names_are_refused(delivered_to: Delivered, alice: Person, query: str) -> None:
    answer = delivered_to(alice).get(f"/resolve{query}")

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "names")


@pytest.mark.parametrize("others", [0, 300])
def test_twenty_names_cost_the_same_however_many_plugins_there_are(
    calls: Calls, depot: Services, delivered_to: Delivered, bob: Person, publisher: Publisher, others: int
) -> None:
    names = [f"reviews-{number}" for number in range(20)]
    for name in names:
        plugin = publisher.plugin(name)
        publisher.skill(plugin)
        publisher.share(plugin, bob.id)
    another = publisher.plugin("another")
    publisher.share(another, "org")
    Crowd(depot, bob.org_id).plugins_like(another.id)(others)
    path = f"/resolve?names={','.join(names)}"
    delivered_to(bob).get(path)

    with calls.counting() as cost:
        found = delivered_to(bob).get(path).item

    assert [one["name"] for one in found.resolved] == names
    assert (cost.dynamodb, cost.depth) == (3, 3)


def test_an_archived_plugin_is_missing_until_it_is_restored(
    api_as: ApiAs, delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin("reviews")

    api_as(alice).post(f"/plugins/{plugin.id}/archive")
    archived = delivered_to(alice).get("/resolve?names=reviews").item
    api_as(alice).post(f"/plugins/{plugin.id}/restore")
    restored = delivered_to(alice).get("/resolve?names=REVIEWS").item

    assert archived.missing == ["reviews"]
    assert [one["plugin"]["id"] for one in restored.resolved] == [plugin.id]


def test_a_plugin_of_an_open_marketplace_is_found_by_its_name(
    calls: Calls, api_as: ApiAs, delivered_to: Delivered, alice: Person, bob: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin("reviews")
    shop = api_as(alice).post("/marketplaces", {"name": "tools"}).item.id
    api_as(alice).post(f"/marketplaces/{shop}/plugins", {"pluginId": plugin.id})
    hidden = delivered_to(bob).get("/resolve?names=reviews").item.missing
    api_as(alice).post(f"/marketplaces/{shop}/access", {"orgWide": True, "role": "viewer"})
    delivered_to(bob).get("/plugins")

    with calls.counting() as cost:
        found = delivered_to(bob).get("/resolve?names=reviews").item

    assert hidden == ["reviews"]
    assert [one["plugin"]["id"] for one in found.resolved] == [plugin.id]
    assert (cost.dynamodb, cost.depth) == (4, 4)
