"""Disconnecting an account: what discovery made goes aside, what people made or built upon stays, with reasons."""

from typing import Any

import pytest

from tests.fixtures.people import ApiAs, Person
from tests.integration.sync.aws_calls import hooked
from tests.integration.sync.marketplaces import Desk, at_desk, nested, repository
from tests.integration.sync.world import World

PATH = "plugins/alpha/skills/alpha-skill/SKILL.md"


@pytest.fixture
def desk(world: World, api_as: ApiAs, alice: Person) -> Desk:
    """A marketplace of two plugins, imported and synced."""
    desk = at_desk(world, api_as, alice, repository("alpha", "beta"))
    desk.discover()
    assert desk.apply("entry:alpha", "entry:beta").status == 201
    world.queue.drain()
    return desk


def account_path(desk: Desk) -> str:
    return f"/connector-accounts/{desk.api.get('/connector-accounts').items[0].id}/disconnect"


def disconnect(desk: Desk, *, dry_run: bool = False) -> Any:
    answer = desk.api.post(account_path(desk), {"dryRun": dry_run})
    assert answer.status == 200, answer.json
    return nested(answer.json["item"])


def outcomes(told: Any) -> dict[str, bool]:
    """Whether it is archived, by name."""
    return {one.name: one.archived for one in (*told.plugins, *told.marketplaces)}


def statuses(desk: Desk) -> dict[str, str]:
    """All but of the plugin that every connected repository has in these tests."""
    found = [*desk.api.get("/plugins").items, *desk.api.get("/marketplaces").items]
    return {one.name: one.status for one in found if one.id != desk.connected.plugin_id}


def reason_of(told: Any, name: str) -> str:
    return next(str(one.reason) for one in (*told.plugins, *told.marketplaces) if one.name == name)


def test_what_discovery_made_is_archived_with_the_plan_told_first(desk: Desk) -> None:
    plan = disconnect(desk, dry_run=True)
    untouched = statuses(desk)
    done = disconnect(desk)

    assert outcomes(plan) == {"alpha": True, "beta": True, "acme-tools": True}
    assert {"nothing else depends on it" in one.reason for one in (*plan.plugins, *plan.marketplaces)} == {True}
    assert untouched == dict.fromkeys(("alpha", "beta", "acme-tools"), "active")
    assert statuses(desk) == dict.fromkeys(("alpha", "beta", "acme-tools"), "archived")
    assert outcomes(done) == outcomes(plan)
    assert reason_of(done, "alpha") == "It is archived already."


def test_objects_stay_and_are_stale(desk: Desk) -> None:
    disconnect(desk)

    (shown,) = desk.api.get("/skills?q=alpha").items
    target = desk.api.get(f"/connector-targets/{desk.connected.target_id}").item
    assert desk.world.rows.objects()[PATH].is_delivered
    assert (shown.status, shown.stale, "disconnected" in shown.staleReason) == ("active", True, True)
    assert (target.health, target.nextCheckAt) == ("disconnected", None)


def test_a_plugin_that_somebody_made_is_kept(desk: Desk) -> None:
    own = desk.api.post("/plugins", {"name": "own"}).item.id
    body = {"selector": "/plugins/beta/skills/", "objectType": "skill", "pluginId": own}
    desk.api.post(f"/connector-targets/{desk.connected.target_id}/mappings", body)

    told = disconnect(desk)

    assert outcomes(told)["own"] is False
    assert "Somebody made it" in reason_of(told, "own")
    assert statuses(desk)["own"] == "active"


def put_an_object_into_it(desk: Desk, plugin_id: str) -> str:
    content = {"rawSourceText": "---\nname: extra\ndescription: More.\n---\n"}
    desk.api.post("/skills", {"pluginIds": [plugin_id], "input": content})
    return "Somebody has put config objects into it."


def show_it_in_a_marketplace_of_ones_own(desk: Desk, plugin_id: str) -> str:
    own = desk.api.post("/marketplaces", {"name": "picks"}).item.id
    desk.api.post(f"/marketplaces/{own}/plugins", {"pluginId": plugin_id})
    return "The marketplace picks holds it, which somebody made."


def release_it(desk: Desk, plugin_id: str) -> str:
    assert desk.api.post(f"/plugins/{plugin_id}/releases", {"version": "1.0.0"}).status == 201
    return "It has releases, which clients may have pinned."


def map_more_into_it(desk: Desk, plugin_id: str) -> str:
    body = {"selector": "/docs/", "objectType": "context", "pluginId": plugin_id}
    desk.api.post(f"/connector-targets/{desk.connected.target_id}/mappings", body)
    return "A mapping that somebody made feeds it."


@pytest.mark.parametrize(
    "depend",
    [put_an_object_into_it, show_it_in_a_marketplace_of_ones_own, release_it, map_more_into_it],
    ids=lambda depend: depend.__name__,
)
def test_what_something_else_depends_on_is_kept_and_so_is_the_marketplace_that_holds_it(
    desk: Desk, depend: Any
) -> None:
    reason = depend(desk, desk.plugins()["alpha"].id)

    told = disconnect(desk)

    assert reason_of(told, "alpha") == reason
    assert reason_of(told, "acme-tools") == "It holds alpha, which is kept."
    assert {name: statuses(desk)[name] for name in ("alpha", "beta", "acme-tools")} == {
        "alpha": "active",
        "beta": "archived",
        "acme-tools": "active",
    }


def test_a_marketplace_that_holds_more_than_discovery_put_into_it_is_kept(desk: Desk) -> None:
    own = desk.api.post("/plugins", {"name": "own"}).item.id
    (marketplace,) = desk.api.get("/marketplaces").items
    desk.api.post(f"/marketplaces/{marketplace.id}/plugins", {"pluginId": own})

    told = disconnect(desk)

    assert outcomes(told) == {"alpha": True, "beta": True, "acme-tools": False}
    assert reason_of(told, "acme-tools") == "It holds own, which is kept."


@pytest.mark.parametrize("step", ["sync", "sweep"])
def test_a_run_or_a_check_that_was_under_way_brings_nothing_back(desk: Desk, step: str) -> None:
    """A push is synced, or a branch checked, while an admin disconnects the account."""
    world = desk.world
    world.push({PATH: "---\nname: alpha-skill\ndescription: Other.\n---\n"}, announce=step != "sweep")
    done: list[Any] = []

    def disconnect_now(**_: object) -> None:
        if not done:
            done.append(None)
            done[0] = disconnect(desk)

    if step == "sweep":
        world.clock.advance(hours=2)
    with hooked(world.depot, "before-parameter-build.dynamodb.TransactWriteItems", disconnect_now):
        (world.sweep if step == "sweep" else world.queue.drain)()
    world.clock.advance(hours=2)
    world.sweep()
    world.queue.drain()

    assert done
    target = desk.api.get(f"/connector-targets/{desk.connected.target_id}").item
    assert (target.health, target.nextCheckAt) == ("disconnected", None)
    assert desk.api.get("/skills?q=alpha").items[0].stale


@pytest.mark.parametrize(
    "what",
    [
        lambda at, repository: at.rename(repository, "other"),
        lambda at, repository: at.archive(repository),
        lambda at, repository: at.delete(repository),
        lambda at, _: (at.suspend(), at.unsuspend()),
    ],
    ids=["rename", "archive", "delete", "suspension"],
)
def test_what_happens_at_github_afterwards_brings_nothing_back(desk: Desk, what: Any) -> None:
    """The app is still installed, and tells of the repository."""
    disconnect(desk)

    what(desk.world.github.lifecycle, desk.world.github.repository("acme/tools"))
    desk.world.queue.drain()

    target = desk.api.get(f"/connector-targets/{desk.connected.target_id}").item
    assert (target.health, target.nextCheckAt) == ("disconnected", None)
    assert desk.api.get("/skills?q=alpha").items[0].stale


def test_what_was_cut_off_is_finished_when_it_is_repeated(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cut(Exception):
        pass

    def cut(*_: Any) -> None:
        raise Cut

    lifecycle = desk.world.depot.plugin_lifecycle
    with monkeypatch.context() as stop:
        stop.setattr(type(lifecycle), "archive", cut)
        answer = desk.api.post(account_path(desk), {})
    between = desk.api.get("/connector-accounts").items[0].status

    disconnect(desk)

    assert (answer.status, between) == (500, "active")
    assert set(statuses(desk).values()) == {"archived"}
    assert desk.api.get("/connector-accounts").items[0].status == "disconnected"


def test_what_was_disconnected_is_back_when_it_is_bound_enabled_and_applied_again(desk: Desk) -> None:
    before = desk.plugins()["alpha"].id
    disconnect(desk)

    remote = desk.api.get("/connector-accounts").items[0].remoteId
    desk.api.post("/connectors/github/accounts", {"installationId": remote})
    desk.api.post(f"/connector-instances/{desk.connected.instance_id}/enable")
    desk.world.queue.drain()
    fresh = desk.api.get("/skills?q=alpha").items[0].stale
    desk.discover()
    again = desk.apply("entry:alpha", "entry:beta")
    desk.world.queue.drain()

    assert (again.status, fresh) == (201, False)
    assert desk.plugins()["alpha"].id == before
    assert {name: statuses(desk)[name] for name in ("alpha", "beta")} == {"alpha": "active", "beta": "active"}
