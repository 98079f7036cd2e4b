"""What a target brought stays when it stops, and says that it is stale: at once, and without a write to it."""

from collections.abc import Callable
from typing import Any

import pytest

from local.github.lifecycle import Lifecycle
from local.github.repositories import Repository
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person
from tests.integration.sync.aws_calls import counted
from tests.integration.sync.files import skill
from tests.integration.sync.world import Connected, World

PATH = "skills/review/SKILL.md"
Happening = Callable[[Lifecycle, Repository], object]


@pytest.fixture
def connected(world: World, alice: Person) -> Connected:
    """acme/tools with one skill, synced into one plugin."""
    made = world.connect(alice, {PATH: skill("review")})
    world.resync(made)
    return made


@pytest.fixture
def api(api_as: ApiAs, alice: Person, connected: Connected) -> Api:
    return api_as(alice)


def happen(world: World, what: Happening) -> None:
    what(world.github.lifecycle, world.github.repository("acme/tools"))
    world.queue.drain()


def object_id(world: World) -> str:
    return world.rows.objects()[PATH].id


def shown_everywhere(api: Api, connected: Connected, own_id: str) -> set[tuple[bool, str | None]]:
    """What each way of reading the object says of it."""
    listed = [
        *api.get("/config-objects").items,
        *api.get("/skills").items,
        *api.get("/config-objects?q=review").items,
    ]
    members = api.get(f"/plugins/{connected.plugin_id}/config-objects").items
    single = [api.get(f"/config-objects/{own_id}").item, api.get(f"/skills/{own_id}").item]
    assert len(listed) == 3
    return {(one.stale, one.staleReason) for one in (*listed, *single)} | {
        (one.configObject["stale"], one.configObject["staleReason"]) for one in members
    }


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (lambda at, _: at.uninstall(), "uninstalled"),
        (lambda at, _: at.suspend(), "unsuspend"),
        (lambda at, repository: at.withdraw(repository), "no longer reaches"),
        (lambda at, repository: at.delete(repository), "was deleted on GitHub"),
    ],
)
def test_objects_of_a_target_that_has_stopped_say_so_wherever_they_are_read(
    world: World, api: Api, connected: Connected, what: Happening, reason: str
) -> None:
    own_id = object_id(world)
    before = shown_everywhere(api, connected, own_id)

    happen(world, what)

    assert before == {(False, None)}
    ((stale, told),) = shown_everywhere(api, connected, own_id)
    assert stale
    assert told is not None
    assert reason in told
    assert world.rows.objects()[PATH].is_delivered


def test_what_is_back_is_stale_no_longer(world: World, api: Api, connected: Connected) -> None:
    own_id = object_id(world)
    happen(world, lambda at, _: at.suspend())
    paused = shown_everywhere(api, connected, own_id)

    happen(world, lambda at, _: at.unsuspend())

    assert {stale for stale, _ in paused} == {True}
    assert shown_everywhere(api, connected, own_id) == {(False, None)}


def test_a_branch_that_is_gone_leaves_stale_objects_until_it_is_back(
    world: World, api: Api, connected: Connected
) -> None:
    world.github.point_branch("acme/tools", "main", None)
    gone = api.get(f"/config-objects/{object_id(world)}").item

    world.sync({"skills/other/SKILL.md": skill("other")})

    assert (gone.stale, "branch is gone" in gone.staleReason) == (True, True)
    assert {one.stale for one in api.get("/config-objects").items} == {False}


def test_a_stop_writes_nothing_to_the_objects_and_one_row_beside_the_target(
    world: World, api: Api, connected: Connected
) -> None:
    before = world.rows.objects()[PATH]
    world.github.lifecycle.withdraw(world.github.repository("acme/tools"))

    with counted(world.depot) as calls:
        world.queue.drain()

    assert calls["dynamodb"] <= 8
    assert world.rows.objects()[PATH] == before


def test_a_client_that_has_the_object_is_told_that_it_became_stale(
    world: World, api: Api, connected: Connected
) -> None:
    path = f"/config-objects/{object_id(world)}"
    tag = api.get(path).headers["etag"]
    happen(world, lambda at, _: at.suspend())

    asked_again = api.get(path, if_none_match=tag)
    stale = asked_again.headers["etag"]

    assert (asked_again.status, asked_again.item.stale) == (200, True)
    assert api.get(path, if_none_match=stale).status == 304
    assert api.patch(path, {}, if_match=stale).status == 200


def test_who_has_what_is_stale_is_told_of_another_reason(world: World, api: Api, connected: Connected) -> None:
    paths = [f"/config-objects/{object_id(world)}", f"/plugins/{connected.plugin_id}"]
    happen(world, lambda at, _: at.suspend())
    tags = [api.get(path).headers["etag"] for path in paths]

    happen(world, lambda at, _: at.uninstall())

    one, plugin = (api.get(path, if_none_match=tag) for path, tag in zip(paths, tags, strict=True))
    assert (one.status, plugin.status) == (200, 200)
    assert "uninstalled" in one.item.staleReason
    assert "uninstalled" in plugin.item.stoppedTargets[0]["reason"]


def test_who_has_a_plugin_is_told_that_another_target_feeds_it(world: World, alice: Person, api_as: ApiAs) -> None:
    api, connected = api_as(alice), world.connect(alice, {PATH: skill("review")})
    path = f"/plugins/{connected.plugin_id}"
    before = api.get(path)

    world.resync(connected)

    after = api.get(path, if_none_match=before.headers["etag"])
    assert (before.item.targetIds, after.status) == ([], 200)
    assert after.item.targetIds == [connected.target_id]


def test_answers_of_changes_say_it_too(world: World, api: Api, connected: Connected) -> None:
    happen(world, lambda at, _: at.suspend())

    archived = api.post(f"/config-objects/{object_id(world)}/archive")

    assert (archived.status, archived.item.stale) == (200, True)


def test_a_plugin_says_which_of_its_targets_have_stopped(world: World, api: Api, connected: Connected) -> None:
    path = f"/plugins/{connected.plugin_id}"
    before = api.get(path)
    happen(world, lambda at, repository: at.withdraw(repository))

    after = api.get(path, if_none_match=before.headers["etag"])
    (listed,) = (one for one in api.get("/plugins").items if one.id == connected.plugin_id)

    (stopped,) = after.item.stoppedTargets
    assert (before.item.stale, before.item.targetIds, before.item.stoppedTargets) == (False, [connected.target_id], [])
    assert (after.item.stale, stopped["targetId"], stopped["health"]) == (True, connected.target_id, "access_lost")
    assert "no longer reaches" in stopped["reason"]
    assert (listed.stale, listed.stoppedTargets) == (True, after.item.stoppedTargets)


def test_a_plugin_of_ones_own_is_stale_with_what_was_put_into_it(world: World, api: Api, connected: Connected) -> None:
    one, many = (str(api.post("/plugins", {"name": name}).item.id) for name in ("one", "many"))
    api.post(f"/plugins/{one}/config-objects", {"configObjectId": object_id(world)})
    api.post(f"/plugins/{many}/config-objects/bulk", {"items": [{"configObjectId": object_id(world)}]})

    happen(world, lambda at, _: at.suspend())

    assert [api.get(f"/plugins/{each}").item.stale for each in (one, many)] == [True, True]


def test_a_plugin_that_a_target_left_is_not_stale_with_it(world: World, api: Api, connected: Connected) -> None:
    for mapping in api.get(f"/connector-targets/{connected.target_id}/mappings").items:
        api.delete(f"/connector-mappings/{mapping.id}")
    world.queue.drain()

    happen(world, lambda at, _: at.suspend())

    plugin = api.get(f"/plugins/{connected.plugin_id}").item
    assert (plugin.targetIds, plugin.stale) == ([], False)


def test_another_tenants_targets_say_nothing_of_ones_own(
    world: World, api: Api, connected: Connected, api_as: ApiAs, mallory: Person
) -> None:
    foreign: Any = world.connect(mallory, mappings=())
    world.map(foreign, "/skills/", "skill", None)
    world.resync(foreign)

    account = api_as(mallory).get("/connector-accounts").items[0].id
    api_as(mallory).post(f"/connector-accounts/{account}/disconnect", {})

    assert {one.stale for one in api_as(mallory).get("/config-objects").items} == {True}
    assert {one.stale for one in api.get("/config-objects").items} == {False}


def test_a_plugin_that_somebody_filled_is_fed_by_a_target_whose_objects_go_one_by_one(
    world: World, api: Api, connected: Connected
) -> None:
    world.sync({"skills/other/SKILL.md": skill("other")})
    found = world.rows.objects()
    ids = [found[path].id for path in (PATH, "skills/other/SKILL.md")]
    own = api.post("/plugins", {"name": "own"}).item.id
    for each in ids:
        api.post(f"/plugins/{own}/config-objects", {"configObjectId": each})
    assert api.get(f"/plugins/{own}").item.targetIds == [connected.target_id]

    world.sync({"skills/other/SKILL.md": None})

    assert api.get(f"/plugins/{own}").item.targetIds == [connected.target_id]
