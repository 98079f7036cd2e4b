"""A release can be pinned: it is had as it was signed, by whoever may have the plugin now."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from shared.bootstrap import Services
from shared.domain.plugin import Plugin
from shared.domain.release import Release
from shared.domain.token import TokenKind
from shared.services.directory import TokenDraft
from shared.services.marketplaces import MarketplaceDraft
from shared.services.releases import ReleaseDraft
from tests.fixtures.calls import Calls
from tests.fixtures.http import Api
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import Publisher
from tests.integration.delivery.test_downloads import fetch, unzip

Delivered = Callable[[Person], Api]


@dataclass(frozen=True)
class Pinned:
    plugin: Plugin
    release: Release

    def path(self, what: str) -> str:
        return f"/plugins/{self.plugin.id}/releases/{self.release.id}/{what}"


@pytest.fixture
def pinned(depot: Services, publisher: Publisher) -> Pinned:
    """The first release of a rolling plugin whose two skills were deleted and rewritten since."""
    plugin = publisher.plugin()
    gone, rewritten = publisher.skill(plugin, "gone"), publisher.skill(plugin, "review")
    release = depot.releases.create(publisher.actor, plugin.id, ReleaseDraft("1.0.0", "The first."))
    publisher.delete(gone, plugin)
    publisher.rewrite(rewritten, "---\nname: review\ndescription: Other.\n---\n")
    depot.releases.create(publisher.actor, plugin.id, ReleaseDraft("1.1.0"))
    return Pinned(plugin, release)


def test_releases_are_listed_newest_first(delivered_to: Delivered, alice: Person, pinned: Pinned) -> None:
    rows = delivered_to(alice).get(f"/plugins/{pinned.plugin.id}/releases").items

    assert [(one.version, one.number, one.itemCount) for one in rows] == [("1.1.0", 2, 1), ("1.0.0", 1, 2)]
    assert (rows[1].digest, rows[1].signature) == (pinned.release.digest, pinned.release.signature)


def test_a_pinned_manifest_is_what_was_signed(delivered_to: Delivered, alice: Person, pinned: Pinned) -> None:
    answer = delivered_to(alice).get(pinned.path("manifest"))

    manifest = answer.item
    assert (manifest.digest, manifest.signature) == (pinned.release.digest, pinned.release.signature)
    assert (manifest.channel, manifest.plugin["version"]) == ("release", "1.0.0")
    assert manifest.release == {"id": pinned.release.id, "number": 1, "version": "1.0.0"}
    assert sorted(one["install"]["claude-code"] for one in manifest.items) == ["skills/gone/", "skills/review/"]
    again = delivered_to(alice).get(pinned.path("manifest"), if_none_match=answer.headers["etag"])
    assert again.status == 304


@pytest.mark.parametrize("archive", ["zip", "tar.gz"])
def test_a_pinned_archive_is_built_once(
    calls: Calls, delivered_to: Delivered, alice: Person, pinned: Pinned, archive: str
) -> None:
    path = pinned.path(f"download?client=opencode&format={archive}")
    first = delivered_to(alice).get(path)

    with calls.counting() as cost:
        second = delivered_to(alice).get(path)

    assert (first.status, second.status) == (302, 302)
    assert f"reviews-1.0.0.{archive}" in second.headers["location"]
    assert (cost.operations["s3.PutObject"], cost.operations["s3.GetObject"]) == (0, 0)
    assert (cost.dynamodb, cost.depth) == (3, 3)


def test_an_archive_says_which_release_it_is_where_its_content_is_delivered_otherwise_too(
    depot: Services, delivered_to: Delivered, alice: Person, full_plugin: Plugin, publisher: Publisher
) -> None:
    api, base = delivered_to(alice), f"/plugins/{full_plugin.id}"
    release = depot.releases.create(publisher.actor, full_plugin.id, ReleaseDraft("1.0.0"))
    api.get(f"{base}/download?client=claude-code")

    files = unzip(fetch(depot, api.get(f"{base}/releases/{release.id}/download?client=claude-code")))

    assert b'"version": "1.0.0"' in files[".claude-plugin/plugin.json"]


def test_a_release_is_had_by_who_may_have_the_plugin_now(
    depot: Services, delivered_to: Delivered, bob: Person, mallory: Person, publisher: Publisher, pinned: Pinned
) -> None:
    paths = [f"/plugins/{pinned.plugin.id}/releases", pinned.path("manifest"), pinned.path("download")]

    def seen(person: Person) -> list[int]:
        base = f"/v1/orgs/{pinned.plugin.org_id}/delivery"
        return [delivered_to(person).get(base + path).status for path in paths]

    before, foreign = seen(bob), seen(mallory)
    grant = publisher.share(pinned.plugin, bob.id)
    given = seen(bob)
    depot.plugin_grants.take_back(publisher.actor, pinned.plugin.id, grant)

    assert (before, foreign, given, seen(bob)) == ([404] * 3, [404] * 3, [200, 200, 302], [404] * 3)


def test_a_token_for_one_marketplace_pins_what_that_one_holds(
    depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher, pinned: Pinned
) -> None:
    tools = depot.marketplaces.create(publisher.actor, MarketplaceDraft("tools", "Tools for all", owner="Platform"))
    draft = TokenDraft(TokenKind.DELIVERY, "laptop", member_id=alice.id, marketplace_id=tools.id)
    limited = replace(alice, token=depot.directory.create_token(alice.org_id, draft)[1])
    paths = [pinned.path("manifest"), pinned.path("download"), "/resolve?names=reviews"]

    before = [delivered_to(limited).get(path) for path in paths]
    depot.marketplace_plugins.add_plugin(publisher.actor, tools.id, pinned.plugin.id)
    after = [delivered_to(limited).get(path) for path in paths]

    assert ([one.status for one in before], before[2].item.missing) == ([404, 404, 200], ["reviews"])
    assert ([one.status for one in after], after[2].item.missing) == ([200, 302, 200], [])


def test_another_plugins_release_is_unknown(
    delivered_to: Delivered, alice: Person, publisher: Publisher, pinned: Pinned
) -> None:
    other = publisher.plugin("other")

    found = [
        delivered_to(alice).get(f"/plugins/{plugin}/releases/{release}/manifest").status
        for plugin, release in [(other.id, pinned.release.id), (pinned.plugin.id, "rel_0"), ("plg_0", "rel_0")]
    ]

    assert found == [404] * 3


@pytest.mark.parametrize("members", [50])
def test_a_pinned_manifest_costs_no_more_than_a_rolling_one(
    calls: Calls, depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher, members: int
) -> None:
    plugin = publisher.plugin()
    publisher.skills(plugin, members)
    release = depot.releases.create(publisher.actor, plugin.id, ReleaseDraft())
    delivered_to(alice).get("/plugins")
    del depot.delivery, depot.delivery_contents, depot.delivery_releases

    with calls.counting() as cold:
        manifest = delivered_to(alice).get(f"/plugins/{plugin.id}/releases/{release.id}/manifest").item

    assert len(manifest.items) == members
    assert (cold.dynamodb, cold.depth, cold.of("s3")) == (4, 4, 1)
