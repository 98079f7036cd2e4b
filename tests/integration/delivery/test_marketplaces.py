"""Delivery through marketplaces: what they open, to whom, and where git clients find them."""

import json
from collections.abc import Callable

import pytest

from shared.bootstrap import Services
from shared.domain.access import Role
from shared.domain.marketplace import Marketplace
from shared.domain.plugin import Plugin
from shared.domain.token import read_token
from shared.repositories import keys
from shared.services.marketplaces import MarketplaceDraft
from tests.fixtures.calls import Calls
from tests.fixtures.http import Api
from tests.fixtures.loopback import Loopback
from tests.fixtures.people import Person, delivery_token
from tests.integration.delivery.conftest import Publisher
from tests.integration.delivery.git import Git, marketplace
from tests.integration.delivery.test_git_http import LS_REFS, upload

Delivered = Callable[[Person], Api]
TOOLS = "/tools.git/git-upload-pack"


@pytest.fixture
def tools(depot: Services, publisher: Publisher, bob: Person) -> Marketplace:
    """Open to Bob, and empty."""
    draft = MarketplaceDraft("tools", "Tools for all", owner="Platform")
    made = depot.marketplaces.create(publisher.actor, draft)
    depot.marketplace_grants.give(publisher.actor, made.id, bob.id, Role.VIEWER)
    return made


@pytest.fixture
def held(depot: Services, publisher: Publisher, tools: Marketplace) -> Plugin:
    """A plugin in it that nobody was given otherwise."""
    plugin = publisher.plugin()
    publisher.skill(plugin)
    depot.marketplace_plugins.add_plugin(publisher.actor, tools.id, plugin.id)
    return plugin


def test_a_marketplace_delivers_its_plugins_to_whom_it_is_open(
    delivered_to: Delivered, bob: Person, carol: Person, tools: Marketplace, held: Plugin
) -> None:
    paths = ["/plugins/{0}", "/plugins/{0}/manifest", "/plugins/{0}/download", "/marketplaces/{1}"]
    wanted = [path.format(held.id, tools.id) for path in paths]

    bobs = [delivered_to(bob).get(path).status for path in wanted]
    carols = [delivered_to(carol).get(path).status for path in wanted]

    assert (bobs, carols) == ([200, 200, 302, 200], [404] * 4)
    assert [one.id for one in delivered_to(bob).get("/plugins").items] == [held.id]
    assert [one.id for one in delivered_to(bob).get(f"/plugins?marketplaceId={tools.id}").items] == [held.id]
    assert [one.slug for one in delivered_to(bob).get("/marketplaces").items] == ["tools"]
    assert delivered_to(carol).get("/plugins").items == delivered_to(carol).get("/marketplaces").items == []


@pytest.mark.parametrize("verb", ["archive", "delete"])
def test_what_was_put_aside_delivers_nothing(
    depot: Services,
    delivered_to: Delivered,
    publisher: Publisher,
    bob: Person,
    tools: Marketplace,
    held: Plugin,
    verb: str,
) -> None:
    getattr(depot.marketplace_lifecycle, verb)(publisher.actor, tools.id)

    asked = [f"/plugins/{held.id}/manifest", f"/marketplaces/{tools.id}", f"/plugins?marketplaceId={tools.id}"]
    assert [delivered_to(bob).get(path).status for path in asked] == [404, 404, 404]
    assert delivered_to(bob).get("/plugins").items == []


def test_a_marketplace_is_cloned_at_its_own_address(
    git: Git, gateway: Loopback, bob: Person, publisher: Publisher, held: Plugin
) -> None:
    publisher.share(publisher.plugin("elsewhere"), bob.id)

    files = git.clone(marketplace(gateway, bob, name="tools"))

    catalog = json.loads(files[".claude-plugin/marketplace.json"])
    assert (catalog["name"], catalog["owner"]["name"]) == ("tools", "Platform")
    assert catalog["metadata"]["description"] == "Tools for all"
    assert [entry["name"] for entry in catalog["plugins"]] == ["reviews"]
    assert "plugins/reviews/skills/review/SKILL.md" in files


def test_the_orgs_own_catalog_holds_what_marketplaces_show(
    git: Git, gateway: Loopback, bob: Person, publisher: Publisher, held: Plugin
) -> None:
    publisher.share(publisher.plugin("elsewhere"), bob.id)

    files = git.clone(marketplace(gateway, bob))

    entries = json.loads(files[".claude-plugin/marketplace.json"])["plugins"]
    assert [entry["name"] for entry in entries] == ["elsewhere", "reviews"]


def test_a_closed_marketplace_is_not_found(git: Git, gateway: Loopback, carol: Person, held: Plugin) -> None:
    assert "not found" in git.fails("clone", marketplace(gateway, carol, name="tools"))


def test_a_token_that_names_a_marketplace_gets_that_one_alone(
    depot: Services, git: Git, gateway: Loopback, bob: Person, publisher: Publisher, tools: Marketplace, held: Plugin
) -> None:
    publisher.share(publisher.plugin("elsewhere"), bob.id)
    other = depot.marketplaces.create(publisher.actor, MarketplaceDraft("others"))
    depot.marketplace_grants.give(publisher.actor, other.id, bob.id, Role.VIEWER)
    token = delivery_token(depot, bob)
    with depot.begin() as work:
        work.update(keys.token(read_token(token).token_id), assign={"marketplace_id": tools.id})  # type: ignore[union-attr]  # it is one of ours

    own = git.clone(marketplace(gateway, bob, token=token, name="tools"), "own")
    catalog = git.clone(marketplace(gateway, bob, token=token), "all")

    for files in (own, catalog):
        entries = json.loads(files[".claude-plugin/marketplace.json"])["plugins"]
        assert [entry["name"] for entry in entries] == ["reviews"]
    assert "not found" in git.fails("clone", marketplace(gateway, bob, token=token, name="others"))


def test_a_manifest_through_a_marketplace_is_no_deeper(
    calls: Calls, delivered_to: Delivered, bob: Person, held: Plugin
) -> None:
    path = f"/plugins/{held.id}/manifest"
    delivered_to(bob).get(path)

    with calls.counting() as cost:
        delivered_to(bob).get(path)

    assert (cost.dynamodb, cost.depth) == (4, 3)


def test_listing_the_refs_of_a_marketplace(calls: Calls, bob: Person, held: Plugin) -> None:
    upload(bob, LS_REFS, TOOLS)

    with calls.counting() as cost:
        upload(bob, LS_REFS, TOOLS)

    assert (cost.dynamodb, cost.depth, cost.of("s3")) == (4, 4, 0)
