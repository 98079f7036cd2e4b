"""A client asks what to install, update and remove; the reasons tell nobody what they may not know."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.plugin import DeliveryMode, Plugin
from shared.domain.token import TokenKind
from shared.services.directory import TokenDraft
from shared.services.releases import ReleaseDraft
from tests.fixtures.calls import Calls
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person
from tests.integration.delivery.conftest import Publisher
from tests.integration.delivery.reports import CLIENT, forget_caches, installed, report
from tests.unit.admin.rows import rows_of

Delivered = Callable[[Person], Api]
CHECK = f"/clients/{CLIENT}/check-updates"
OTHER_TEXT = "---\nname: review\ndescription: Other.\n---\n"
STALE = "sha256:" + "0" * 64


def check(api: Api, plugins: list[dict[str, Any]] | None = None) -> Any:
    answer = api.post(CHECK, {} if plugins is None else {"installed": plugins})
    assert answer.status == 200, answer.body
    return answer.item


@pytest.fixture
def shared(publisher: Publisher, bob: Person) -> Plugin:
    """A plugin with a skill, given to Bob."""
    plugin = publisher.plugin("reviews")
    publisher.skill(plugin)
    publisher.share(plugin, bob.id)
    return plugin


def test_what_is_as_delivered_is_counted_and_left_alone(delivered_to: Delivered, bob: Person, shared: Plugin) -> None:
    api = delivered_to(bob)

    found = check(api, installed(api, shared))

    assert (found.install, found.update, found.remove, found.unchanged, found.more) == ([], [], [], 1, False)


def test_what_was_given_and_is_missing_is_to_be_installed(
    delivered_to: Delivered, api_as: ApiAs, alice: Person, bob: Person, publisher: Publisher, shared: Plugin
) -> None:
    held = publisher.plugin("held")
    publisher.skill(held)
    publisher.plugin("hidden")
    shop = api_as(alice).post("/marketplaces", {"name": "tools"}).item.id
    api_as(alice).post(f"/marketplaces/{shop}/plugins", {"pluginId": held.id})
    api_as(alice).post(f"/marketplaces/{shop}/access", {"orgWide": True, "role": "viewer"})

    found = check(delivered_to(bob), [])

    assert {one["plugin"]["name"]: one["reason"] for one in found.install} == {
        "reviews": "grant",
        "held": "marketplace",
    }
    manifest = delivered_to(bob).get(f"/plugins/{shared.id}/manifest").item
    assert found.install[0]["plugin"]["digest"] == manifest.digest


def test_an_admin_is_not_told_to_install_what_others_keep_to_themselves(
    delivered_to: Delivered, alice: Person, bob: Person, publish_as: Callable[[Person], Publisher]
) -> None:
    theirs = publish_as(bob)
    plugin = theirs.plugin("bobs")
    theirs.skill(plugin)
    api = delivered_to(alice)

    assert check(api, []).install == []
    assert check(api, installed(api, plugin)).unchanged == 1


def test_changed_content_is_an_update_to_the_digest_of_the_manifest(
    delivered_to: Delivered, bob: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    skill = publisher.skill(plugin)
    publisher.share(plugin, bob.id)
    api = delivered_to(bob)
    had = installed(api, plugin)
    publisher.rewrite(skill, OTHER_TEXT)

    [update] = check(api, had).update

    manifest = api.get(f"/plugins/{plugin.id}/manifest").item
    assert (update["reason"], update["installedDigest"]) == ("content_changed", had[0]["digest"])
    assert update["plugin"]["digest"] == manifest.digest != had[0]["digest"]
    assert update["plugin"]["version"] == manifest.plugin["version"]


def test_a_promoted_release_is_an_update_unless_the_client_keeps_another(
    depot: Services, delivered_to: Delivered, bob: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    skill = publisher.skill(plugin)
    publisher.share(plugin, bob.id)
    first = depot.releases.create(publisher.actor, plugin.id, ReleaseDraft("1.0.0"))
    publisher.rewrite(skill, OTHER_TEXT)
    second = depot.releases.create(publisher.actor, plugin.id, ReleaseDraft("2.0.0"))
    depot.plugins.update(publisher.actor, plugin.id, {"delivery_mode": DeliveryMode.RELEASED})
    depot.releases.promote(publisher.actor, plugin.id, second.id)
    had = {"pluginId": plugin.id, "digest": first.digest}

    [update] = check(delivered_to(bob), [had]).update
    kept = check(delivered_to(bob), [{**had, "releaseId": first.id}])

    assert (update["reason"], update["plugin"]["digest"]) == ("release_promoted", second.digest)
    assert (kept.update, kept.unchanged) == ([], 1)


@pytest.mark.parametrize("status", ["archive", "delete"])
def test_who_would_have_it_is_told_why_it_went_and_nobody_else(
    api_as: ApiAs, delivered_to: Delivered, alice: Person, bob: Person, carol: Person, shared: Plugin, status: str
) -> None:
    had = [{"pluginId": shared.id, "digest": STALE}]
    api_as(alice).post(f"/plugins/{shared.id}/{status}")

    reasons = [check(delivered_to(one), had).remove[0]["reason"] for one in (alice, bob, carol)]

    assert reasons == [f"{status}d"] * 2 + ["access_lost"]


def test_a_plugin_of_an_open_marketplace_is_told_apart_when_it_is_archived(
    api_as: ApiAs, delivered_to: Delivered, alice: Person, bob: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin("held")
    shop = api_as(alice).post("/marketplaces", {"name": "tools"}).item.id
    api_as(alice).post(f"/marketplaces/{shop}/plugins", {"pluginId": plugin.id})
    api_as(alice).post(f"/marketplaces/{shop}/access", {"orgWide": True, "role": "viewer"})
    api_as(alice).post(f"/plugins/{plugin.id}/archive")

    [removal] = check(delivered_to(bob), [{"pluginId": plugin.id, "digest": STALE}]).remove

    assert removal["reason"] == "archived"


def test_lost_unknown_and_foreign_plugins_look_alike(
    depot: Services, delivered_to: Delivered, bob: Person, mallory: Person, publisher: Publisher,
    publish_as: Callable[[Person], Publisher],
) -> None:  # fmt: skip
    lost = publisher.plugin("lost")
    grant = publisher.share(lost, bob.id)
    depot.plugin_grants.take_back(publisher.actor, lost.id, grant)
    foreign = publish_as(mallory).plugin("foreign")
    ids = [lost.id, foreign.id, "plg_01m83cm181mw5y2cd4zh3yt3tz"]

    found = check(delivered_to(bob), [{"pluginId": each, "digest": STALE} for each in ids])

    assert found.remove == [{"pluginId": each, "installedDigest": STALE, "reason": "access_lost"} for each in ids]


def test_a_released_plugin_without_a_release_is_removed_with_its_reason(
    depot: Services, delivered_to: Delivered, bob: Person, publisher: Publisher, shared: Plugin
) -> None:
    depot.plugins.update(publisher.actor, shared.id, {"delivery_mode": DeliveryMode.RELEASED})

    [removal] = check(delivered_to(bob), [{"pluginId": shared.id, "digest": STALE}]).remove

    assert removal["reason"] == "nothing_released"


def test_what_was_reported_is_compared_where_nothing_is_said(
    depot: Services, delivered_to: Delivered, bob: Person, shared: Plugin
) -> None:
    api = delivered_to(bob)
    unknown = api.post(CHECK, {}).status
    report(api, installed(api, shared))
    before = rows_of(depot)

    found = check(api)

    assert (unknown, found.unchanged, found.install) == (404, 1, [])
    assert rows_of(depot) == before


def test_a_token_of_one_marketplace_is_given_that_one_alone(
    depot: Services, api_as: ApiAs, delivered_to: Delivered, alice: Person, bob: Person, publisher: Publisher,
    shared: Plugin,
) -> None:  # fmt: skip
    held = publisher.plugin("held")
    publisher.skill(held)
    shop = api_as(alice).post("/marketplaces", {"name": "tools"}).item.id
    api_as(alice).post(f"/marketplaces/{shop}/plugins", {"pluginId": held.id})
    api_as(alice).post(f"/marketplaces/{shop}/access", {"orgWide": True, "role": "viewer"})
    draft = TokenDraft(TokenKind.DELIVERY, "shop", member_id=bob.id, marketplace_id=shop)
    token = depot.directory.create_token(bob.org_id, draft)[1]
    own = delivered_to(bob)
    api = Api(own.handler, own.base, {"authorization": f"Bearer {token}"})

    found = check(api, installed(own, shared))

    assert [one["plugin"]["id"] for one in found.install] == [held.id]
    assert [one["reason"] for one in found.remove] == ["access_lost"]


def test_twenty_plugins_cost_the_bar(
    calls: Calls, depot: Services, api_as: ApiAs, delivered_to: Delivered, alice: Person, bob: Person,
    publisher: Publisher, team_of: Callable[..., str],
) -> None:  # fmt: skip
    teams = [team_of(bob, name=f"Team {number}") for number in range(3)]
    plugins = [publisher.plugin(f"reviews-{number}") for number in range(20)]
    for number, plugin in enumerate(plugins):
        publisher.skill(plugin)
        publisher.share(plugin, teams[number % 3])
    shop = api_as(alice).post("/marketplaces", {"name": "tools"}).item.id
    api_as(alice).post(f"/marketplaces/{shop}/access", {"orgWide": True, "role": "viewer"})
    api = delivered_to(bob)
    report(api, installed(api, *plugins))
    for number in range(30):
        publisher.plugin(f"hidden-{number}")
    forget_caches(depot)

    with calls.counting() as stored:
        assert check(api).unchanged == 20
    with calls.counting() as given:
        assert len(check(api, []).install) == 20

    assert (stored.dynamodb, stored.depth) == (9, 4)
    assert (given.dynamodb, given.depth) == (8, 4)
