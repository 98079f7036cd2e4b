"""Applying a discovery: chosen candidates become plugins with mappings, a marketplace and a first sync, as one."""

import pytest

from tests.fixtures.people import ApiAs, Person, join
from tests.integration.sync.aws_calls import counted
from tests.integration.sync.marketplaces import MARKETPLACE, Desk, at_desk, marketplace, plugin, repository
from tests.integration.sync.snapshots import Snapshot
from tests.integration.sync.stopping import Stopped, living
from tests.integration.sync.world import World

MANY = [f"p{number:02d}" for number in range(30)]


@pytest.fixture
def desk(world: World, api_as: ApiAs, alice: Person) -> Desk:
    desk = at_desk(world, api_as, alice, repository("alpha", "beta"))
    desk.discover()
    return desk


def test_a_candidate_becomes_a_plugin_with_everything_in_its_folder(desk: Desk) -> None:
    answer = desk.apply("entry:alpha")

    desk.world.queue.drain()
    (made,) = answer.json["item"]["plugins"]
    assert (answer.status, made["key"], made["name"], made["created"]) == (201, "entry:alpha", "alpha", True)
    assert desk.api.get(answer.headers["location"]).item.status == "completed"
    assert desk.members("alpha") == ["alpha-do", "alpha-skill", "search"]
    assert desk.plugins()["alpha"].description == "About alpha"
    assert "beta" not in desk.plugins()


def test_every_place_of_a_plugin_has_one_mapping_to_it(desk: Desk) -> None:
    answer = desk.apply("entry:beta")

    made = {(one.selector, one.objectType) for one in desk.mappings()}
    assert made == {
        ("/plugins/beta/skills/*/SKILL.md", "skill"),
        ("/plugins/beta/commands/**/*.md", "command"),
        ("/plugins/beta/agents/**/*.md", "agent"),
        ("/plugins/beta/hooks/hooks.json", "hook"),
        ("/plugins/beta/.mcp.json", "mcp"),
    }
    assert {(one.pluginId, one.autoAddToPlugin, one.origin) for one in desk.mappings()} == {
        (desk.plugins()["beta"].id, True, "discovery")
    }
    assert answer.json["item"]["mappings"] == len(made)


def test_what_is_put_into_an_empty_place_later_arrives_with_the_next_push(desk: Desk) -> None:
    desk.apply("entry:beta")
    desk.world.queue.drain()

    desk.world.sync({"plugins/beta/agents/critic.md": "---\ndescription: Criticizes.\n---\nBe strict.\n"})

    assert desk.members("beta") == ["beta-do", "beta-skill", "critic"]


def test_the_repositorys_marketplace_holds_what_was_chosen(desk: Desk) -> None:
    made = desk.apply("entry:alpha").json["item"]["marketplace"]

    held = desk.api.get(f"/marketplaces/{made['marketplaceId']}/plugins").items
    assert made["name"] == "acme-tools"
    assert [one.plugin["name"] for one in held] == ["alpha"]


def test_another_application_adds_to_the_same_marketplace(desk: Desk) -> None:
    first = desk.apply("entry:alpha").json["item"]["marketplace"]
    second = desk.apply("entry:beta").json["item"]["marketplace"]

    held = desk.api.get(f"/marketplaces/{first['marketplaceId']}/plugins").items
    assert first == second
    assert sorted(one.plugin["name"] for one in held) == ["alpha", "beta"]


def test_applying_again_finds_the_plugin_and_makes_nothing_twice(desk: Desk) -> None:
    first = desk.apply("entry:alpha").json["item"]
    before = len(desk.mappings())

    second = desk.apply("entry:alpha", "entry:alpha").json["item"]

    assert second["plugins"] == [first["plugins"][0] | {"created": False}]
    assert (second["mappings"], len(desk.mappings())) == (0, before)


def test_a_plugin_of_the_same_name_from_elsewhere_is_another_plugin(desk: Desk) -> None:
    own = desk.api.post("/plugins", {"name": "alpha"}).item

    (made,) = desk.apply("entry:alpha").json["item"]["plugins"]

    assert made["pluginId"] != own.id
    assert (made["name"], made["created"]) == ("alpha-tools", True)


def test_a_plugin_that_was_deleted_is_made_anew(desk: Desk) -> None:
    (first,) = desk.apply("entry:alpha").json["item"]["plugins"]
    desk.api.post(f"/plugins/{first['pluginId']}/delete")

    (second,) = desk.apply("entry:alpha").json["item"]["plugins"]

    assert (second["created"], second["name"]) == (True, "alpha")
    assert second["pluginId"] != first["pluginId"]


def test_one_wrong_key_means_that_nothing_is_applied(world: World, api_as: ApiAs, alice: Person) -> None:
    far = {"name": "far", "source": {"source": "npm", "package": "far"}}
    desk = at_desk(world, api_as, alice, {MARKETPLACE: marketplace("alpha", also=[far]), **plugin("alpha")})
    desk.discover()
    before = len(world.rows.items())

    answer = desk.apply("entry:alpha", "entry:far", "entry:none")

    problems = {one["path"]: one["message"] for one in answer.json["errors"]}
    assert answer.status == 400
    assert set(problems) == {"selectedKeys.1", "selectedKeys.2"}
    assert "npm package" in problems["selectedKeys.1"]
    assert len(world.rows.items()) == before


def test_a_discovery_is_applied_once_it_is_completed(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, repository("alpha"))
    unknown = desk.apply("entry:alpha")
    desk.api.post(f"{desk.base}/refresh")

    waiting = desk.apply("entry:alpha")

    assert {(one.status, one.code) for one in (unknown, waiting)} == {(409, "conflict")}


def test_a_marketplace_that_the_repository_does_not_declare_cannot_be_wanted(
    world: World, api_as: ApiAs, alice: Person
) -> None:
    files = {path: text for path, text in repository("alpha").items() if path != MARKETPLACE}
    desk = at_desk(world, api_as, alice, files)
    (found,) = desk.discover().candidates

    wanted = desk.apply(found.key, marketplace=True)
    left_out = desk.apply(found.key)

    assert (wanted.status, wanted.json["errors"][0]["path"]) == (400, "marketplace")
    assert (left_out.status, left_out.json["item"]["marketplace"]) == (201, None)


def test_applying_needs_editor_on_the_plugins_that_there_are(
    world: World, desk: Desk, api_as: ApiAs, alice: Person
) -> None:
    desk.apply("entry:alpha", marketplace=False)
    bob = join(world.depot, alice, "bob")
    desk.api.post(f"/connector-instances/{desk.connected.instance_id}/access", {"memberId": bob.id, "role": "editor"})
    body = {"selectedKeys": ["entry:alpha"], "marketplace": False}

    hidden = api_as(bob).post(f"{desk.base}/apply", body)
    alone = api_as(bob).post(f"{desk.base}/apply", {**body, "selectedKeys": ["entry:beta"]})

    assert (hidden.status, alone.status) == (404, 201)


def test_a_vendors_own_name_is_replaced_by_the_repositorys(world: World, api_as: ApiAs, alice: Person) -> None:
    text = marketplace("alpha").replace("acme-tools", "claude-plugins-official")
    desk = at_desk(world, api_as, alice, {MARKETPLACE: text, **plugin("alpha")})
    desk.discover()

    made = desk.apply("entry:alpha").json["item"]["marketplace"]

    assert made["name"] == "acme-tools"  # the repository is acme/tools


def test_an_application_costs_its_parts(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, repository(*MANY))
    desk.discover()

    with counted(world.depot) as calls:
        assert desk.apply(*(f"entry:{name}" for name in MANY)).status == 201

    parts = 5  # 30 plugins of 4 rows, their 150 mappings, and 60 rows of the marketplace, 80 rows in a part
    assert calls["dynamodb.TransactWriteItems"] == parts
    assert calls["dynamodb"] <= 20 + 3 * parts
    assert calls["sqs"] == 1


def test_an_application_that_is_stopped_is_nothing_or_becomes_whole(world: World, api_as: ApiAs, alice: Person) -> None:
    """Every 6th call here; all of them in the benchmarks."""
    require_all_or_nothing(world, at_desk(world, api_as, alice, repository(*MANY)), step=6)


@pytest.mark.benchmark
def test_an_application_stopped_after_any_call_is_nothing_or_becomes_whole(
    world: World, api_as: ApiAs, alice: Person
) -> None:
    points = require_all_or_nothing(world, at_desk(world, api_as, alice, repository(*MANY)), step=1)
    print(f"\nall or nothing at {points} crash points")


def require_all_or_nothing(world: World, desk: Desk, step: int) -> int:
    """Stop an application after every `step`th call, let a sweep pass, and look at what is there; how often."""
    desk.discover()
    before, keys = Snapshot(world.rows), [f"entry:{name}" for name in MANY]
    with living(world) as lifetime:
        assert desk.apply(*keys).status == 201
    whole, outcomes = _made(world), []

    for calls in range(0, lifetime.used, step):
        before.put_back()
        with pytest.raises(Stopped), living(world, calls):
            desk.apply(*keys)
        world.clock.advance(minutes=20)
        world.sweep()
        world.queue.drain()
        outcomes.append(_made(world))

    nothing = (0, 0, 0)
    assert whole == (30, 150, 1)
    assert set(outcomes) == {nothing, whole}
    assert outcomes == sorted(outcomes)  # from the decision on, it becomes whole
    return len(outcomes)


def _made(world: World) -> tuple[int, int, int]:
    """Plugins, mappings and marketplaces; the plugin that connecting made is not counted."""
    sort_keys = [item["sk"]["S"] for item in world.rows.items()]
    plugins, mappings = sort_keys.count("PLUGIN") - 1, sum(key.startswith("MAPPING#") for key in sort_keys)
    return plugins, mappings, sort_keys.count("MARKETPLACE")
