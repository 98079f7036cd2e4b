"""A manifest names everything that a plugin delivers, as it is delivered."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from shared.bootstrap import Services
from shared.domain.plugin import Plugin
from tests.fixtures.http import Api
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import SCRIPT, SECRET, SKILL, Publisher

Delivered = Callable[[Person], Api]


def test_a_manifest_names_every_file_and_where_it_belongs(
    delivered_to: Delivered, alice: Person, full_plugin: Plugin
) -> None:
    manifest = delivered_to(alice).get(f"/plugins/{full_plugin.id}/manifest").item

    items = {one["type"]: one for one in manifest.items}
    assert {one: item["install"]["claude-code"] for one, item in items.items()} == {
        "skill": "skills/review/",
        "agent": "agents/critic.md",
        "command": "commands/git/tidy.md",
        "mcp": ".mcp.json",
    }
    script = {"path": SCRIPT.path, "sha256": SCRIPT.entry.sha256, "size": len(SCRIPT.data), "mode": "100755"}
    assert script in items["skill"]["files"]
    assert manifest.plugin["version"].endswith(f"+{manifest.digest[7:19]}")
    assert (manifest.channel, manifest.release) == ("rolling", None)


def test_a_literal_secret_is_neither_delivered_nor_hashed(
    delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    stored = publisher.server(plugin)

    answer = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest")

    (item,) = answer.item.items
    assert SECRET not in answer.body.decode()
    assert item["digest"] != stored.head_digest
    assert answer.item.variables == [
        {"configObjectId": stored.id, "name": "API_KEY", "field": "environment.API_KEY", "secret": True}
    ]


def test_equal_content_has_an_equal_digest_at_any_time(
    delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    skill = publisher.skill(plugin)
    first = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").item

    publisher.rewrite(skill, "---\nname: review\ndescription: Other.\n---\n")
    changed = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").item
    publisher.rewrite(skill, SKILL.format(name="review"))
    back = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").item

    assert first.digest == back.digest != changed.digest
    assert len({first.plugin["version"], changed.plugin["version"], back.plugin["version"]}) == 3


def test_a_digest_of_another_form_of_delivery_is_found_out_anew(
    delivered_to: Delivered, alice: Person, full_plugin: Plugin, depot: Services
) -> None:
    api = delivered_to(alice)
    (today,) = api.get("/plugins").items
    noted = depot.plugins.get(Publisher(depot, alice).actor, full_plugin.id)
    with depot.begin().as_upkeep() as work:
        depot.plugin_rows.record_digest(replace(noted, digest=f"sha256:{'0' * 64}", digest_format="1"), work)

    (found,) = api.get("/plugins").items

    assert noted.digest == today.digest == found.digest


def test_a_deleted_object_is_gone_at_once(delivered_to: Delivered, alice: Person, publisher: Publisher) -> None:
    plugin = publisher.plugin()
    skill = publisher.skill(plugin)
    publisher.agent(plugin)
    delivered_to(alice).get(f"/plugins/{plugin.id}/manifest")

    publisher.delete(skill, plugin)

    manifest = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").item
    assert [one["type"] for one in manifest.items] == ["agent"]


def test_a_broken_source_leaves_its_last_good_version(
    delivered_to: Delivered, alice: Person, publisher: Publisher, depot: Services
) -> None:
    plugin = publisher.plugin()
    skill = publisher.skill(plugin)
    with depot.begin() as work:
        depot.ingestion.refuse(skill, [], work)

    manifest = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").item

    assert [one["versionId"] for one in manifest.items] == [skill.head_version_id]


def test_objects_of_one_name_are_installed_side_by_side(
    delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    publisher.skill(plugin, "review")
    later = publisher.skill(plugin, "Review")

    manifest = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest").item

    assert [one["install"]["claude-code"] for one in manifest.items] == [
        "skills/review/",
        f"skills/Review-{later.id[-6:]}/",
    ]


def test_a_manifest_that_the_client_has_is_not_sent_again(
    delivered_to: Delivered, alice: Person, full_plugin: Plugin
) -> None:
    api = delivered_to(alice)
    etag = api.get(f"/plugins/{full_plugin.id}/manifest").headers["etag"]

    again = api.get(f"/plugins/{full_plugin.id}/manifest", if_none_match=etag)

    assert (again.status, again.body) == (304, b"")


def test_a_plugin_is_delivered_only_to_who_may_view_it(
    delivered_to: Delivered, alice: Person, bob: Person, mallory: Person, publisher: Publisher
) -> None:
    plugin = publisher.plugin()
    path = f"/plugins/{plugin.id}/manifest"

    before = delivered_to(bob).get(path).status
    publisher.share(plugin, bob.id)
    after = delivered_to(bob).get(path).status

    foreign = delivered_to(mallory).get(f"/v1/orgs/{alice.org_id}/delivery{path}").status
    assert (before, after, foreign) == (404, 200, 404)


def test_a_team_and_the_whole_org_are_ways_in(
    delivered_to: Delivered, bob: Person, carol: Person, publisher: Publisher, team_of: Callable[..., str]
) -> None:
    teams, everyones = publisher.plugin("teams"), publisher.plugin("everyones")
    publisher.share(teams, team_of(bob))
    publisher.share(everyones, "org")

    seen = {one.id: [plugin.name for plugin in delivered_to(one).get("/plugins").items] for one in (bob, carol)}

    assert seen == {bob.id: ["teams", "everyones"], carol.id: ["everyones"]}


@pytest.mark.parametrize("status", ["archived", "deleted"])
def test_an_archived_plugin_is_gone_at_once(
    delivered_to: Delivered, alice: Person, publisher: Publisher, depot: Services, status: str
) -> None:
    plugin = publisher.plugin()
    with depot.begin() as work:
        depot.plugins.plugins.update(plugin, {"status": status}, plugin.revision, work)

    api = delivered_to(alice)

    assert api.get(f"/plugins/{plugin.id}").status == 404
    assert api.get("/plugins").items == []


def test_item_digests_can_be_recomputed_from_their_files(
    delivered_to: Delivered, alice: Person, full_plugin: Plugin
) -> None:
    manifest = delivered_to(alice).get(f"/plugins/{full_plugin.id}/manifest").item

    for item in manifest.items:
        lines = sorted(f"{file['mode']} {file['sha256']} {file['path']}\n" for file in item["files"])
        assert item["digest"] == "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()


def test_whoever_finds_out_a_digest_last_is_answered_like_the_first(
    depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a push everybody asks at once: somebody else's write is in the way of one's own until it is done."""
    plugin = publisher.plugin()
    publisher.skill(plugin)
    write, written = depot.table.client.transact_write_items, list[object]()

    def overtaken(**request: object) -> None:
        if not written:
            written.append(write(**request))
        reasons = {"CancellationReasons": [{"Code": "TransactionConflict"}]}
        raise ClientError({"Error": {"Code": "TransactionCanceledException"}, **reasons}, "TransactWriteItems")

    monkeypatch.setattr(depot.table.client, "transact_write_items", overtaken)
    answer = delivered_to(alice).get(f"/plugins/{plugin.id}/manifest")

    assert written
    assert answer.status == 200
    assert delivered_to(alice).get(f"/plugins/{plugin.id}/download?digest={answer.item.digest}").status == 302
