"""What does not fit one git answer is offered in parts, and what fits none is said to be left out."""

import json
from collections.abc import Callable
from random import Random

import pytest

from shared.domain.content import SourceFile
from shared.domain.plugin import Plugin
from tests.fixtures.http import Api
from tests.fixtures.loopback import Loopback
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import Publisher
from tests.integration.delivery.git import Git, marketplace

DICE = Random(1)


def noise(size: int) -> SourceFile:
    """Nothing that any compression makes smaller."""
    return SourceFile("assets/noise.bin", DICE.randbytes(size))


@pytest.fixture
def large_plugins(publisher: Publisher) -> list[Plugin]:
    """Two that fit one answer each, and not together."""
    plugins = [publisher.plugin(name) for name in ("first", "second")]
    for plugin in plugins:
        publisher.skill(plugin, "review", noise(2_500_000))
    return plugins


def test_a_large_catalog_leads_to_a_pinned_repository_per_plugin(
    git: Git, gateway: Loopback, alice: Person, large_plugins: list[Plugin]
) -> None:
    url = marketplace(gateway, alice)
    files = git.clone(url, "catalog", "--depth", "1")

    entries = {one["name"]: one["source"] for one in json.loads(files[".claude-plugin/marketplace.json"])["plugins"]}

    assert list(files) == [".claude-plugin/marketplace.json"]
    assert entries["first"]["source"] == "url"
    address = gateway.origin.removeprefix("http://")
    assert entries["first"]["url"].startswith("http://depot:dpt_t")
    assert entries["first"]["url"].endswith(f"@{address}/git/acme/acme/first.git")
    own = git.clone(entries["first"]["url"], "first")
    assert git("-C", "first", "rev-parse", "HEAD") == entries["first"]["sha"]
    assert len(own["skills/review/assets/noise.bin"]) == 2_500_000


def test_a_plugins_own_repository_is_only_for_who_may_view_it(
    git: Git, gateway: Loopback, bob: Person, large_plugins: list[Plugin]
) -> None:
    url = marketplace(gateway, bob).replace("acme.git", "acme/first.git")

    assert "not found" in git.fails("clone", "--config", "protocol.version=0", url)


def test_a_plugin_that_fits_no_answer_is_left_out_and_says_so(
    git: Git, gateway: Loopback, alice: Person, publisher: Publisher, delivered_to: Callable[[Person], Api]
) -> None:
    small, large = publisher.plugin("small"), publisher.plugin("large")
    publisher.skill(small)
    publisher.skill(large, "review", noise(4_600_000))

    files = git.clone(marketplace(gateway, alice))
    shown = {one.name: one.undeliverable for one in delivered_to(alice).get("/plugins").items}

    catalog = json.loads(files[".claude-plugin/marketplace.json"])
    assert [one["name"] for one in catalog["plugins"]] == ["small"]
    assert "- large: It has 4,6" in files["README.md"].decode()
    assert shown["small"] == []
    assert [one["by"] for one in shown["large"]] == ["git"]


def test_a_large_plugin_that_compresses_well_is_offered(
    git: Git, gateway: Loopback, alice: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    publisher.skill(plugin, "review", SourceFile("assets/long.txt", b"the same line\n" * 700_000))

    files = git.clone(marketplace(gateway, alice))

    assert len(files["plugins/reviews/skills/review/assets/long.txt"]) == 9_800_000


def test_a_link_opens_its_own_repository_and_nothing_else(
    git: Git, gateway: Loopback, alice: Person, large_plugins: list[Plugin]
) -> None:
    files = git.clone(marketplace(gateway, alice), "catalog", "--depth", "1")
    entries = {one["name"]: one["source"] for one in json.loads(files[".claude-plugin/marketplace.json"])["plugins"]}
    link = entries["first"]["url"]

    assert "Authentication failed" in git.fails("clone", link.replace("first.git", "second.git"), "crossed")
    assert "Authentication failed" in git.fails("clone", link.replace("acme/first.git", "acme.git"), "all")


def test_the_links_of_one_caller_are_not_kept_for_another(
    git: Git, gateway: Loopback, alice: Person, bob: Person, publisher: Publisher, large_plugins: list[Plugin]
) -> None:
    for plugin in large_plugins:
        publisher.share(plugin, bob.id)
    git.clone(marketplace(gateway, alice), "of-alice", "--depth", "1")
    git.clone(marketplace(gateway, bob), "of-bob", "--depth", "1")
    commit = git("-C", "of-alice", "rev-parse", "HEAD")

    refused = git.fails("-C", "of-bob", "fetch", "--depth", "1", "origin", commit)

    assert git("-C", "of-bob", "rev-parse", "HEAD") != commit
    assert f"not our ref {commit}" in refused
