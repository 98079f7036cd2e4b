"""Real git clients clone, update and are refused through the delivery function."""

import base64
import json
import stat
from collections.abc import Callable

import pytest

from shared.bootstrap import Services
from shared.domain.plugin import Plugin
from shared.domain.token import read_token
from tests.fixtures.loopback import Loopback
from tests.fixtures.people import Person, delivery_token
from tests.integration.delivery.conftest import SCRIPT, SECRET, SKILL, Publisher
from tests.integration.delivery.git import Git, marketplace, without_credentials


def test_a_clone_is_a_marketplace_of_whole_plugins(
    git: Git, gateway: Loopback, alice: Person, full_plugin: Plugin
) -> None:
    files = git.clone(marketplace(gateway, alice), "clone", "--depth", "1")

    assert files["plugins/reviews/skills/review/SKILL.md"] == SKILL.format(name="review").encode()
    assert files["plugins/reviews/skills/review/scripts/run.sh"] == SCRIPT.data
    assert files["plugins/reviews/agents/critic.md"].endswith(b"Be kind.\n")
    assert "plugins/reviews/commands/git/tidy.md" in files
    assert SECRET not in files["plugins/reviews/.mcp.json"].decode()
    assert (git.home / "clone/plugins/reviews/skills/review/scripts/run.sh").stat().st_mode & stat.S_IXUSR


def test_catalog_and_plugin_agree_on_name_and_version(
    git: Git, gateway: Loopback, alice: Person, full_plugin: Plugin
) -> None:
    files = git.clone(marketplace(gateway, alice))

    catalog = json.loads(files[".claude-plugin/marketplace.json"])
    about = json.loads(files["plugins/reviews/.claude-plugin/plugin.json"])
    (entry,) = catalog["plugins"]
    assert (catalog["name"], entry["source"]) == ("acme", "./plugins/reviews")
    assert about == {"name": entry["name"], "version": entry["version"], "description": entry["description"]}
    assert about["version"].startswith("0.0.")


def test_a_change_is_a_new_commit_and_a_deletion_goes_with_it(
    git: Git, gateway: Loopback, alice: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    skill, agent = publisher.skill(plugin), publisher.agent(plugin)
    before = git.clone(marketplace(gateway, alice), "clone", "--depth", "1")
    publisher.rewrite(skill, SKILL.format(name="review") + "More.\n")
    publisher.delete(agent, plugin)

    after = git.update()

    assert after["plugins/reviews/skills/review/SKILL.md"].endswith(b"More.\n")
    assert "plugins/reviews/agents/critic.md" in before
    assert "plugins/reviews/agents/critic.md" not in after


def test_equal_content_is_an_equal_commit_for_everybody(
    git: Git, gateway: Loopback, alice: Person, bob: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    publisher.skill(plugin)
    publisher.share(plugin, "org")

    heads = {git("ls-remote", marketplace(gateway, one), "HEAD") for one in (alice, bob)}

    assert len(heads) == 1


def test_everybody_is_given_what_they_may_view(
    git: Git, gateway: Loopback, alice: Person, bob: Person, carol: Person, publisher: Publisher
) -> None:
    shown, hidden = publisher.plugin("shown"), publisher.plugin("hidden")
    publisher.skill(shown), publisher.skill(hidden)
    publisher.share(shown, bob.id)

    names = {}
    for one, folder in ((alice, "a"), (bob, "b"), (carol, "c")):
        files = git.clone(marketplace(gateway, one), folder)
        names[folder] = [entry["name"] for entry in json.loads(files[".claude-plugin/marketplace.json"])["plugins"]]

    assert names == {"a": ["hidden", "shown"], "b": ["shown"], "c": []}


def test_plugins_of_one_name_stand_side_by_side(
    git: Git, gateway: Loopback, alice: Person, bob: Person, publish_as: Callable[[Person], Publisher]
) -> None:
    first = publish_as(alice).plugin("reviews")
    later = publish_as(bob).plugin("reviews")
    publish_as(alice).skill(first), publish_as(bob).skill(later)

    files = git.clone(marketplace(gateway, alice))

    renamed = f"reviews-{later.id[-6:]}"
    assert json.loads(files[f"plugins/{renamed}/.claude-plugin/plugin.json"])["name"] == renamed
    assert "plugins/reviews/skills/review/SKILL.md" in files


@pytest.mark.parametrize("suffix", [".git", ""])
def test_a_delivery_token_clones_with_or_without_dot_git(
    git: Git, gateway: Loopback, depot: Services, alice: Person, full_plugin: Plugin, suffix: str
) -> None:
    files = git.clone(marketplace(gateway, alice, token=delivery_token(depot, alice), suffix=suffix))

    assert "plugins/reviews/agents/critic.md" in files


def test_a_bearer_header_is_taken(git: Git, gateway: Loopback, alice: Person, full_plugin: Plugin) -> None:
    url = without_credentials(marketplace(gateway, alice))

    listed = git("-c", f"http.extraHeader=Authorization: Bearer {alice.token}", "ls-remote", url)

    assert listed.split()[1::2] == ["HEAD", "refs/heads/main"]


def test_a_basic_header_is_taken(git: Git, gateway: Loopback, alice: Person, full_plugin: Plugin) -> None:
    url = without_credentials(marketplace(gateway, alice))
    pair = base64.b64encode(f"x-access-token:{alice.token}".encode()).decode()

    assert git("-c", f"http.extraHeader=Authorization: Basic {pair}", "ls-remote", url, "HEAD")


def test_credentials_of_netrc_are_sent_once_challenged(
    git: Git, gateway: Loopback, alice: Person, full_plugin: Plugin
) -> None:
    (git.home / ".netrc").write_text(f"machine 127.0.0.1 login x password {alice.token}\n")

    git.clone(without_credentials(marketplace(gateway, alice)))

    assert gateway.exchanges[0].status == 401
    assert {one.status for one in gateway.exchanges[1:]} == {200}


def test_credentials_of_a_store_are_sent_once_challenged(
    git: Git, gateway: Loopback, alice: Person, full_plugin: Plugin
) -> None:
    url = without_credentials(marketplace(gateway, alice))
    (git.home / ".git-credentials").write_text(f"http://x:{alice.token}@{gateway.origin.removeprefix('http://')}\n")

    assert git("-c", "credential.helper=store", "ls-remote", url, "HEAD")


def test_nobody_is_told_nothing(git: Git, gateway: Loopback, alice: Person) -> None:
    told = git.fails("clone", "-q", without_credentials(marketplace(gateway, alice)), "clone")

    assert "could not read Username" in told


def test_a_revoked_token_is_refused_on_its_next_request(
    git: Git, gateway: Loopback, depot: Services, alice: Person, full_plugin: Plugin
) -> None:
    token = delivery_token(depot, alice)
    url = marketplace(gateway, alice, token=token)
    git.clone(url)
    presented = read_token(token)
    depot.directory.revoke_token(alice.org_id, presented.token_id if presented else "")

    told = git.fails("-C", "clone", "fetch")

    assert "Authentication failed" in told or "could not read" in told
    assert token not in told


def test_another_orgs_marketplace_is_no_marketplace(
    git: Git, gateway: Loopback, alice: Person, mallory: Person, full_plugin: Plugin
) -> None:
    url = marketplace(gateway, alice, token=mallory.token)

    assert "not found" in git.fails("clone", url)


def test_old_clients_speak_protocol_0(git: Git, gateway: Loopback, alice: Person, full_plugin: Plugin) -> None:
    git("config", "--global", "protocol.version", "0")

    files = git.clone(marketplace(gateway, alice), "clone", "--depth", "1")

    assert "plugins/reviews/agents/critic.md" in files


def test_pushing_is_refused(git: Git, gateway: Loopback, alice: Person, full_plugin: Plugin) -> None:
    git.clone(marketplace(gateway, alice))
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    git("-C", "clone", *identity, "commit", "-q", "--allow-empty", "-m", "mine")

    told = git.fails("-C", "clone", "push", "origin", "main")

    assert "read-only" in told
