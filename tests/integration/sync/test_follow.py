"""Plugins that appear in, move within or disappear from a repository's manifests after its discovery was applied."""

from typing import Any

import pytest

from tests.fixtures.people import ApiAs, Person
from tests.integration.sync.aws_calls import counted
from tests.integration.sync.marketplaces import MARKETPLACE, Desk, at_desk, marketplace, plugin, repository
from tests.integration.sync.world import World


@pytest.fixture
def desk(world: World, api_as: ApiAs, alice: Person) -> Desk:
    """Alpha and beta, imported."""
    desk = at_desk(world, api_as, alice, repository("alpha", "beta"))
    desk.discover()
    return desk


def imported(desk: Desk, **more: Any) -> Desk:
    assert desk.apply("entry:alpha", "entry:beta", **more).status == 201
    desk.world.queue.drain()
    return desk


def held(desk: Desk) -> list[str]:
    (market,) = desk.api.get("/marketplaces").items
    return sorted(one.name for one in desk.api.get(f"/marketplaces/{market.id}/resolved").items)


def test_a_plugin_that_appears_is_imported_by_the_sync_where_that_is_wanted(desk: Desk) -> None:
    imported(desk, autoImport=True)

    desk.world.sync({MARKETPLACE: marketplace("alpha", "beta", "gamma"), **plugin("gamma")})

    assert desk.members("gamma") == ["gamma-do", "gamma-skill"]
    assert held(desk) == ["alpha", "beta", "gamma"]


def test_a_plugin_that_appears_is_left_alone_where_that_is_not_wanted(desk: Desk) -> None:
    imported(desk)

    desk.world.sync({MARKETPLACE: marketplace("alpha", "beta", "gamma"), **plugin("gamma")})

    assert set(desk.plugins()) == {"tools", "alpha", "beta"}


def test_a_plugin_that_disappears_is_archived_and_comes_back_with_its_entry(desk: Desk) -> None:
    imported(desk, autoImport=True)
    before = desk.plugins()["beta"].id

    desk.world.sync({MARKETPLACE: marketplace("alpha")})
    gone = desk.plugins()["beta"].status
    desk.world.sync({MARKETPLACE: marketplace("alpha", "beta")})

    assert (gone, desk.plugins()["beta"].status, desk.plugins()["beta"].id) == ("archived", "active", before)


def test_a_plugin_that_disappears_is_marked_where_nothing_may_be_archived(desk: Desk) -> None:
    imported(desk)

    desk.world.sync({MARKETPLACE: marketplace("alpha")})

    assert desk.plugins()["beta"].status == "active"
    assert [one.key for one in desk.found().imports if one.goneAt] == ["entry:beta"]


def test_a_plugin_that_moves_within_the_repository_stays_the_same_plugin(desk: Desk) -> None:
    imported(desk)
    before = desk.plugins()["beta"].id
    moved = {path.replace("plugins/beta", "tools/beta"): text for path, text in plugin("beta").items()}
    text = marketplace("alpha", "beta").replace("./plugins/beta", "./tools/beta")

    desk.world.sync({MARKETPLACE: text, **dict.fromkeys(plugin("beta")), **moved})

    assert (desk.plugins()["beta"].id, desk.members("beta")) == (before, ["beta-do", "beta-skill"])
    assert {one.selector.split("/")[1] for one in desk.mappings() if one.pluginId == before} == {"tools"}


def test_what_a_person_deleted_does_not_come_back(desk: Desk) -> None:
    imported(desk, autoImport=True)
    desk.api.post(f"/plugins/{desk.plugins()['beta'].id}/delete")

    desk.world.sync({MARKETPLACE: marketplace("alpha", "beta", "gamma"), **plugin("gamma")})

    assert set(desk.plugins()) == {"tools", "alpha", "gamma"}


def test_a_marketplace_that_cannot_be_read_puts_nothing_aside(desk: Desk) -> None:
    imported(desk, autoImport=True)

    event = desk.world.sync({MARKETPLACE: "{"})

    assert {one.status for one in desk.plugins().values()} == {"active"}
    assert [failure.code for failure in event.failures] == ["marketplace_unreadable"]


def test_a_run_without_a_changed_manifest_reads_none(desk: Desk) -> None:
    imported(desk, autoImport=True)
    desk.world.push({"plugins/alpha/skills/alpha-skill/SKILL.md": "---\nname: alpha-skill\n---\nDo it better.\n"})
    desk.world.restart()
    desk.world.github.requests.clear()

    with counted(desk.world.depot) as calls:
        desk.world.queue.drain()

    assert len(desk.world.github.requests) <= 4
    assert calls["dynamodb"] <= 11
