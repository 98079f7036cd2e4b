"""Older states of a catalog: releases by their tags, and what was installed before by its commit."""

import json

import pytest

from shared.bootstrap import Services
from shared.domain.plugin import Plugin
from shared.services.releases import ReleaseDraft
from tests.fixtures.loopback import Loopback
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import SKILL, Publisher
from tests.integration.delivery.git import Git, marketplace


@pytest.mark.parametrize("protocol", ["0", "2"])
def test_every_release_is_a_tag_with_the_plugin_as_it_was_released(
    git: Git, gateway: Loopback, alice: Person, publisher: Publisher, depot: Services, protocol: str
) -> None:
    plugin = publisher.plugin()
    skill = publisher.skill(plugin)
    depot.releases.create(publisher.actor, plugin.id, ReleaseDraft("1.0.0"))
    publisher.rewrite(skill, SKILL.format(name="review") + "More.\n")
    depot.releases.create(publisher.actor, plugin.id, ReleaseDraft("1.1.0"))

    git.clone(marketplace(gateway, alice), "whole", "-c", f"protocol.version={protocol}")

    assert git("-C", "whole", "tag").split() == ["reviews--v1.0.0", "reviews--v1.1.0"]
    git("-C", "whole", "checkout", "-q", "reviews--v1.0.0")
    files = git.files("whole")
    assert files["plugins/reviews/skills/review/SKILL.md"] == SKILL.format(name="review").encode()
    (entry,) = json.loads(files[".claude-plugin/marketplace.json"])["plugins"]
    assert (entry["source"], entry["version"]) == ("./plugins/reviews", "1.0.0")


def test_one_release_can_be_cloned_by_its_tag(
    git: Git, gateway: Loopback, alice: Person, publisher: Publisher, depot: Services
) -> None:
    plugin = publisher.plugin()
    publisher.skill(plugin)
    depot.releases.create(publisher.actor, plugin.id, ReleaseDraft("1.0.0"))

    files = git.clone(marketplace(gateway, alice), "one", "--depth", "1", "--branch", "reviews--v1.0.0")

    assert "plugins/reviews/skills/review/SKILL.md" in files


def test_what_was_installed_before_can_still_be_fetched_by_its_commit(
    git: Git, gateway: Loopback, alice: Person, publisher: Publisher
) -> None:
    skill = publisher.skill(publisher.plugin())
    git.clone(marketplace(gateway, alice), "first", "--depth", "1")
    pinned = git("-C", "first", "rev-parse", "HEAD")
    publisher.rewrite(skill, SKILL.format(name="review") + "More.\n")

    git.clone(marketplace(gateway, alice), "second", "--depth", "1")
    git("-C", "second", "fetch", "-q", "--depth", "1", "origin", pinned)
    git("-C", "second", "checkout", "-q", pinned)

    assert git.files("second")["plugins/reviews/skills/review/SKILL.md"] == SKILL.format(name="review").encode()


def test_a_commit_is_fetched_only_by_who_may_have_all_that_is_in_it(
    git: Git, gateway: Loopback, alice: Person, bob: Person, publisher: Publisher
) -> None:
    shared, hidden = (publisher.plugin(name) for name in ("shared", "hidden"))
    for plugin in (shared, hidden):
        publisher.skill(plugin)
    publisher.share(shared, bob.id)
    git.clone(marketplace(gateway, alice), "of-alice", "--depth", "1")
    git.clone(marketplace(gateway, bob), "of-bob", "--depth", "1")
    commit = git("-C", "of-alice", "rev-parse", "HEAD")

    refused = git.fails("-C", "of-bob", "fetch", "--depth", "1", "origin", commit)

    assert f"not our ref {commit}" in refused


def test_a_release_whose_pack_is_kept_no_more_is_rendered_again(
    git: Git, gateway: Loopback, alice: Person, publisher: Publisher, depot: Services
) -> None:
    plugin = publisher.plugin()
    publisher.skill(plugin)
    depot.releases.create(publisher.actor, plugin.id, ReleaseDraft("1.0.0"))
    git("ls-remote", marketplace(gateway, alice))
    _forget_packs(depot, plugin)

    files = git.clone(marketplace(gateway, alice), "one", "--depth", "1", "--branch", "reviews--v1.0.0")

    assert "plugins/reviews/skills/review/SKILL.md" in files


def _forget_packs(depot: Services, plugin: Plugin) -> None:
    """As their lifecycle does after 35 days."""
    packs = depot.git_marketplace.repositories.packs
    client, bucket = depot.content._client, depot.settings.bucket
    listed = client.list_objects_v2(Bucket=bucket, Prefix=f"orgs/{plugin.org_id}/packs/")["Contents"]
    for one in listed:
        client.delete_object(Bucket=bucket, Key=one["Key"])
    packs.__init__(0, len)  # type: ignore[misc]  # a process that remembers nothing
