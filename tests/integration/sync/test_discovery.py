"""Discovery through the API, the queue and GitHub: what a repository is, and what it could become."""

import pytest

from tests.fixtures.people import ApiAs, Person, join
from tests.integration.sync.aws_calls import counted
from tests.integration.sync.files import skill
from tests.integration.sync.marketplaces import MARKETPLACE, at_desk, marketplace, plugin, repository
from tests.integration.sync.world import World


def test_a_refresh_is_a_background_job_whose_location_tells_how_it_goes(
    world: World, api_as: ApiAs, alice: Person
) -> None:
    desk = at_desk(world, api_as, alice, repository("alpha"))

    answer = desk.api.post(f"{desk.base}/refresh")

    waiting = desk.found(answer.headers["location"])
    world.queue.drain()
    done = desk.found(answer.headers["location"])
    assert (answer.status, answer.json["job"]["id"]) == (202, waiting.id)
    assert (waiting.status, waiting.candidates, waiting.completedAt) == ("queued", [], None)
    assert (done.id, done.status, done.classification) == (waiting.id, "completed", "claude_marketplace_repo")
    assert [step.name for step in done.steps] == ["resolve", "list", "read", "propose"]
    assert len(done.revision) == 40


def test_a_candidate_says_what_it_holds_and_who_would_load_it(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, repository("alpha"))

    (found,) = desk.discover().candidates

    assert (found.key, found.displayName, found.rootPath) == ("entry:alpha", "alpha", "plugins/alpha")
    assert (found.description, found.manifestPath) == ("About alpha", "plugins/alpha/.claude-plugin/plugin.json")
    assert (found.supported, found.selectedByDefault, found.sourceKind) == (True, True, "marketplace_entry")
    assert found.components.skills.paths == ["plugins/alpha/skills/alpha-skill/SKILL.md"]
    assert (found.components.commands.count, found.components.mcps.names) == (1, ["search"])
    assert vars(found.verdicts)["claude-code"].loads


def test_what_lies_elsewhere_is_shown_with_the_reason(world: World, api_as: ApiAs, alice: Person) -> None:
    outside = {"name": "far", "source": {"source": "github", "repo": "acme/far"}}
    desk = at_desk(world, api_as, alice, {MARKETPLACE: marketplace("alpha", also=[outside]), **plugin("alpha")})

    far = desk.discover().candidates[1]

    assert (far.key, far.supported, far.selectedByDefault, far.external) == ("entry:far", False, False, "github")
    assert "another GitHub repository" in far.diagnostics[0].message


def test_the_tree_is_read_page_by_page(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, repository("alpha", "beta"))
    desk.discover()

    first = desk.api.get(f"{desk.base}/tree?prefix=plugins/&limit=3")
    second = desk.api.get(f"{desk.base}/tree?prefix=plugins/&limit=100&cursor={first.json['nextCursor']}")

    every = [one.path for one in desk.api.get(f"{desk.base}/tree?limit=100").items]
    paths = [one.path for one in (*first.items, *second.items)]
    assert paths == [path for path in every if path.startswith("plugins/")]
    assert (len(first.items), second.json["nextCursor"]) == (3, None)
    assert MARKETPLACE in every


def test_a_look_costs_few_calls_however_many_plugins_there_are(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, repository(*(f"p{number:02d}" for number in range(40))))
    desk.api.post(f"{desk.base}/refresh")
    world.restart()
    world.github.requests.clear()

    with counted(world.depot) as calls:
        world.queue.drain()

    assert len(desk.api.get(desk.base).item.candidates) == 40
    assert len(world.github.requests) <= 7  # token, head, tree, marketplace.json, and an archive behind a redirect
    assert calls["dynamodb"] <= 5


def test_reading_what_was_found_costs_the_same_whatever_was_found(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, repository("alpha"))
    desk.discover()

    with counted(world.depot) as calls:
        desk.api.get(desk.base)

    assert (calls["dynamodb"], calls["s3"]) == (6, 1)


def test_a_look_at_what_cannot_be_read_fails_with_a_code(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, {"README.md": "x"})
    world.github.fail_next("/repositories/", status=404)

    found = desk.discover()

    assert (found.status, found.failure.code) == ("failed", "source_not_found")


def test_a_repository_without_anything_says_what_was_looked_for(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, {"README.md": "x"})

    found = desk.discover()

    assert (found.classification, found.candidates) == ("unsupported", [])
    assert ".claude-plugin/marketplace.json" in found.warnings[0].message


def test_asking_again_while_a_look_is_under_way_answers_that_one(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, repository("alpha"))

    first, second = (desk.api.post(f"{desk.base}/refresh").json["job"]["id"] for _ in range(2))

    assert first == second
    assert world.queue.drain() == 1


def test_an_instance_of_several_targets_wants_one_named(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, repository("alpha"))
    world.github.add_repository("acme/other", {"skills/review/SKILL.md": skill("review")})
    other = world.track(desk.connected, desk.connected.instance_id, "acme/other")

    unnamed = desk.api.post(f"{desk.base}/refresh")
    named = desk.api.post(f"{desk.base}/refresh", {"targetId": other.id})
    world.queue.drain()

    assert (unnamed.status, unnamed.json["errors"][0]["path"]) == (400, "targetId")
    assert desk.api.get(named.headers["location"]).item.classification == "folder_inferred_repo"


@pytest.mark.parametrize("ask", ["", "/tree"])
def test_there_is_nothing_before_the_first_look(world: World, api_as: ApiAs, alice: Person, ask: str) -> None:
    desk = at_desk(world, api_as, alice, repository("alpha"))

    assert desk.api.get(desk.base + ask).status == 404


def test_who_may_not_see_the_instance_sees_no_discovery(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, repository("alpha"))
    desk.discover()
    stranger = api_as(join(world.depot, alice, "bob"))

    answers = [
        stranger.get(desk.base),
        stranger.get(f"{desk.base}/tree"),
        stranger.post(f"{desk.base}/refresh"),
        stranger.post(f"{desk.base}/apply", {"selectedKeys": ["entry:alpha"]}),
    ]

    assert {answer.status for answer in answers} == {404}


def test_a_look_that_nobody_works_on_is_taken_up_by_a_sweep(world: World, api_as: ApiAs, alice: Person) -> None:
    desk = at_desk(world, api_as, alice, repository("alpha"))
    desk.api.post(f"{desk.base}/refresh")
    for record in world.queue.receive():
        world.queue.delete(record)  # lost with whoever received it
    world.clock.advance(minutes=20)

    world.sweep()
    world.queue.drain()

    assert desk.api.get(desk.base).item.status == "completed"
