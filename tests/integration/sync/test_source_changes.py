"""What happens at GitHub beside pushes: accounts and targets follow the truth, and objects stay."""

from collections.abc import Callable

import pytest

from local.github.lifecycle import Lifecycle
from local.github.repositories import Repository
from shared.domain.connector import AccountStatus, ConnectorAccount, TargetHealth
from shared.domain.sync_event import SyncTrigger
from shared.services.connector_targets import TargetDraft
from tests.fixtures.people import ApiAs, Person
from tests.integration.sync.aws_calls import counted
from tests.integration.sync.deliveries import signed
from tests.integration.sync.files import skill
from tests.integration.sync.world import Connected, World, deliver

PATH = "skills/review/SKILL.md"
Happening = Callable[[Lifecycle, Repository], object]


@pytest.fixture
def connected(world: World, alice: Person) -> Connected:
    """acme/tools with one skill, synced."""
    made = world.connect(alice, {PATH: skill("review")})
    world.resync(made)
    return made


def account(world: World, connected: Connected) -> ConnectorAccount:
    instance = world.depot.instances.get(connected.actor, connected.instance_id)
    return world.depot.accounts.get(connected.actor, instance.account_id)


def happen(world: World, what: Happening) -> Lifecycle:
    """Let something happen at GitHub, and work until the queue is empty."""
    what(world.github.lifecycle, world.github.repository("acme/tools"))
    world.queue.drain()
    return world.github.lifecycle


def resyncs(world: World) -> int:
    return sum(event.trigger == SyncTrigger.LIFECYCLE for event in world.rows.events())


def test_an_uninstalled_app_stops_its_targets_and_keeps_their_objects(world: World, connected: Connected) -> None:
    happen(world, lambda at, _: at.uninstall())

    world.push({"skills/late/SKILL.md": skill("late")}, announce=False)
    world.clock.advance(hours=1)
    world.sweep()
    world.queue.drain()

    target = world.target(connected)
    assert "skills/late/SKILL.md" not in world.rows.objects()
    assert account(world, connected).status == AccountStatus.DISCONNECTED
    assert (target.health, target.next_check_at) == (TargetHealth.DISCONNECTED, None)
    assert world.rows.objects()[PATH].is_delivered
    assert world.rows.tombstones() == []


def test_a_suspension_pauses_and_its_end_resyncs(world: World, connected: Connected) -> None:
    lifecycle = happen(world, lambda at, _: at.suspend())
    paused = (account(world, connected).status, world.target(connected).health)
    world.push({"skills/new/SKILL.md": skill("new")}, announce=False)

    lifecycle.unsuspend()
    world.queue.drain()

    assert paused == (AccountStatus.SUSPENDED, TargetHealth.SUSPENDED)
    assert (account(world, connected).status, world.target(connected).health) == ("active", "healthy")
    assert world.rows.objects()["skills/new/SKILL.md"].is_delivered
    assert resyncs(world) == 1


def test_the_end_of_a_suspension_resyncs_every_target(world: World, connected: Connected) -> None:
    for number in range(3):
        world.github.add_repository(f"acme/more-{number}", {"README.md": "x"})
        world.track(connected, connected.instance_id, f"acme/more-{number}")
    lifecycle = happen(world, lambda at, _: at.suspend())
    paused = {target.health for target in world.rows.targets()}

    lifecycle.unsuspend()
    world.queue.drain()

    resynced = {event.target_id for event in world.rows.events() if event.trigger == SyncTrigger.LIFECYCLE}
    assert paused == {TargetHealth.SUSPENDED}
    assert resynced == {target.id for target in world.rows.targets()}
    assert {target.health for target in world.rows.targets()} == {TargetHealth.HEALTHY}


def test_access_that_is_lost_keeps_everything_and_comes_back_with_a_resync(world: World, connected: Connected) -> None:
    lifecycle = happen(world, lambda at, repository: at.withdraw(repository))
    lost = world.target(connected).health
    world.push({"skills/new/SKILL.md": skill("new")}, announce=False)

    lifecycle.admit(world.github.repository("acme/tools"))
    world.queue.drain()

    assert lost == TargetHealth.ACCESS_LOST
    assert world.target(connected).health == TargetHealth.HEALTHY
    assert {path for path, entity in world.rows.objects().items() if entity.is_delivered} == {
        PATH,
        "skills/new/SKILL.md",
    }


def test_a_renamed_repository_is_followed_and_its_old_name_belongs_to_whoever_takes_it(
    world: World, connected: Connected
) -> None:
    happen(world, lambda at, repository: at.rename(repository, "instruments"))
    world.github.add_repository("acme/tools", {"skills/foreign/SKILL.md": skill("foreign")})
    world.sync({"skills/stranger/SKILL.md": skill("stranger")}, repository="acme/tools")
    world.sync({"skills/own/SKILL.md": skill("own")}, repository="acme/instruments")

    target = world.target(connected)
    assert (target.repository_full_name, target.former_names) == ("acme/instruments", ["acme/tools"])
    assert set(world.rows.objects()) == {PATH, "skills/own/SKILL.md"}
    assert resyncs(world) == 1


def test_a_transferred_repository_and_a_renamed_account_are_followed(world: World, connected: Connected) -> None:
    lifecycle = happen(world, lambda at, repository: at.transfer(repository, "globex"))
    transferred, resynced = world.target(connected).repository_full_name, resyncs(world)
    lifecycle.rename_account("initech")
    world.queue.drain()

    target = world.target(connected)
    assert (transferred, resynced, resyncs(world)) == ("globex/tools", 1, 2)
    assert account(world, connected).login == "initech"
    assert (target.repository_full_name, target.former_names) == ("initech/tools", ["globex/tools", "acme/tools"])


def test_an_archived_repository_says_so_until_it_is_unarchived(world: World, connected: Connected) -> None:
    lifecycle = happen(world, lambda at, repository: at.archive(repository))
    world.resync(connected)
    archived = world.target(connected).health

    lifecycle.archive(world.github.repository("acme/tools"), archived=False)
    world.queue.drain()

    assert (archived, world.target(connected).health) == (TargetHealth.ARCHIVED, TargetHealth.HEALTHY)


@pytest.mark.parametrize("told", ["deleted", "removed", "both", "both, reversed", "neither"])
def test_a_deleted_repository_keeps_its_objects_whichever_events_arrive(
    world: World, connected: Connected, told: str
) -> None:
    repository, lifecycle = world.github.repository("acme/tools"), world.github.lifecycle
    if told == "both, reversed":
        lifecycle.withdraw(repository)
    lifecycle.delete(repository, announce=told in ("deleted", "both", "both, reversed"))
    if told in ("removed", "both"):
        lifecycle.withdraw(repository)
    world.queue.drain()
    world.clock.advance(minutes=6)
    world.sweep()
    world.queue.drain()

    known = TargetHealth.DELETED if told in ("deleted", "both", "both, reversed") else TargetHealth.ACCESS_LOST
    assert world.target(connected).health == known
    assert world.rows.objects()[PATH].is_delivered
    assert world.rows.tombstones() == []


def test_a_target_that_follows_the_default_branch_follows_it_to_another(world: World, connected: Connected) -> None:
    world.github.commit("acme/tools", {"skills/next/SKILL.md": skill("next")}, branch="next", announce=False)

    happen(world, lambda at, repository: at.change_default_branch(repository, "next"))

    target = world.target(connected)
    assert (target.branch, target.default_branch) == ("next", "next")
    assert world.rows.objects()["skills/next/SKILL.md"].is_delivered


def test_a_target_of_a_named_branch_stays_on_it(world: World, connected: Connected) -> None:
    world.github.commit("acme/tools", {}, branch="next", announce=False)
    world.depot.targets.switch_branch(connected.actor, connected.target_id, "main")

    happen(world, lambda at, repository: at.change_default_branch(repository, "next"))

    target = world.target(connected)
    assert (target.branch, target.default_branch) == ("main", "next")
    assert resyncs(world) == 0


def test_a_target_that_would_move_onto_a_siblings_branch_stays_and_says_why(
    world: World, connected: Connected, api_as: ApiAs, alice: Person
) -> None:
    world.github.commit("acme/tools", {"skills/next/SKILL.md": skill("next")}, branch="next", announce=False)
    sibling = world.depot.targets.create(connected.actor, connected.instance_id, TargetDraft("acme/tools", "next"))

    happen(world, lambda at, repository: at.change_default_branch(repository, "next"))

    held = api_as(alice).get(f"/connector-targets/{connected.target_id}").item
    assert (held.branch, held.defaultBranch, held.followsDefault, held.heldBackBy) == ("main", "next", True, sibling.id)
    assert (held.health, sibling.id in held.healthReason) == ("healthy", True)
    assert [target.branch for target in world.rows.targets()] == ["main", "next"]
    assert resyncs(world) == 0


def test_a_target_that_was_held_back_follows_once_the_branch_is_free(
    world: World, connected: Connected, api_as: ApiAs, alice: Person
) -> None:
    api = api_as(alice)
    for branch in ("next", "work"):
        world.github.commit("acme/tools", {f"skills/{branch}/SKILL.md": skill(branch)}, branch=branch, announce=False)
    sibling = world.depot.targets.create(connected.actor, connected.instance_id, TargetDraft("acme/tools", "next"))
    happen(world, lambda at, repository: at.change_default_branch(repository, "next"))

    api.patch(f"/connector-targets/{sibling.id}", {"branch": "work"})
    happen(world, lambda at, _: at.accept_permissions())

    free = api.get(f"/connector-targets/{connected.target_id}").item
    assert (free.branch, free.heldBackBy, free.healthReason) == ("next", None, None)
    assert world.rows.objects()["skills/next/SKILL.md"].is_delivered


@pytest.mark.parametrize(
    "what",
    [
        lambda at, _: at.accept_permissions(),
        lambda at, repository: at.change_visibility(repository, "publicized"),
        lambda at, repository: at.change_visibility(repository, "privatized"),
        lambda at, repository: at.admit(repository),
    ],
)
def test_what_leaves_everything_as_it_is_writes_nothing(world: World, connected: Connected, what: Happening) -> None:
    before = world.target(connected), account(world, connected), len(world.rows.events())

    happen(world, what)

    assert (world.target(connected), account(world, connected), len(world.rows.events())) == before


def test_events_in_the_wrong_order_end_in_the_truth(world: World, connected: Connected) -> None:
    lifecycle = happen(world, lambda at, _: at.suspend())
    suspended = world.github.deliveries[-1]
    lifecycle.unsuspend()

    world.github.redeliver(suspended)
    world.queue.drain()

    assert (account(world, connected).status, world.target(connected).health) == ("active", "healthy")


def test_a_suspension_and_its_end_are_noticed_without_their_webhooks(world: World, connected: Connected) -> None:
    def sweep() -> tuple[AccountStatus, TargetHealth]:
        world.clock.advance(minutes=6)
        world.sweep()
        world.queue.drain()
        return account(world, connected).status, world.target(connected).health

    world.github.lifecycle.suspend(announce=False)
    suspended = sweep()
    world.github.lifecycle.unsuspend(announce=False)

    assert suspended == (AccountStatus.SUSPENDED, TargetHealth.SUSPENDED)
    assert sweep() == (AccountStatus.ACTIVE, TargetHealth.HEALTHY)


def test_an_answer_from_before_the_change_is_asked_for_again(world: World, connected: Connected) -> None:
    repository = world.github.repository("acme/tools")
    world.github.lifecycle.archive(repository)
    world.github._world.repositories.archive(repository, archived=False)
    world.queue.step()
    early = world.target(connected).health
    world.github._world.repositories.archive(repository, archived=True)

    world.queue.drain()

    assert (early, world.target(connected).health) == (TargetHealth.HEALTHY, TargetHealth.ARCHIVED)
    assert world.queue.waits != []


def test_an_instance_at_rest_learns_the_name_and_is_not_synced(world: World, connected: Connected) -> None:
    world.depot.instance_lifecycle.disable(connected.actor, connected.instance_id)

    happen(world, lambda at, repository: at.rename(repository, "instruments"))

    assert world.target(connected).repository_full_name == "acme/instruments"
    assert resyncs(world) == 0


def test_however_many_targets_there_are_a_delivery_is_one_read_and_one_message(
    world: World, connected: Connected
) -> None:
    for number in range(12):
        world.github.add_repository(f"acme/more-{number}", {"README.md": "x"})
        world.track(connected, connected.instance_id, f"acme/more-{number}")
    world.github.requests.clear()

    with counted(world.depot) as calls:
        world.github.lifecycle.suspend()

    assert (calls["dynamodb"], calls["sqs"]) == (1, 1)
    assert world.github.requests == []


def test_a_change_of_many_targets_asks_github_once_for_a_hundred(world: World, connected: Connected) -> None:
    for number in range(12):
        world.github.add_repository(f"acme/more-{number}", {"README.md": "x"})
        world.track(connected, connected.instance_id, f"acme/more-{number}")
    world.github.lifecycle.accept_permissions()
    world.github.requests.clear()

    world.queue.drain()

    assert len(world.github.requests) <= 3  # the installation, perhaps a token, a hundred repositories


@pytest.mark.parametrize(
    ("event", "body", "reason"),
    [
        ("installation", '{"action": "created", "installation": {"id": 7}}', "no organization has bound"),
        ("installation", '{"action": "waved", "installation": {"id": 7}}', "installation waved changes nothing"),
        ("installation", '{"action": "created"}', "no installation is named"),
        ("repository", '{"action": "renamed", "installation": {"id": 7}, "repository": {"id": 9}}', "no target"),
        ("repository", '{"action": "renamed", "installation": {"id": 7}}', "no repository is named"),
        ("repository", '{"action": "edited", "installation": {"id": 7}, "changes": {"homepage": {}}}', "is the same"),
        ("repository", '{"action": "created", "installation": {"id": 7}}', "repository created changes nothing"),
    ],
)
def test_what_concerns_nobody_is_ignored_with_the_reason(world: World, event: str, body: str, reason: str) -> None:
    answer = deliver(signed(body.encode(), event), body)

    assert answer["statusCode"] == 200
    assert reason in answer["body"]
    assert world.queue.waiting() == 0


@pytest.mark.parametrize(
    "body",
    [
        '{"action": 7, "installation": {"id": 7}}',
        '{"action": "deleted", "installation": "seven"}',
        '{"action": "deleted", "installation": {"id": "7"}}',
        '{"action": "edited", "changes": [], "installation": {"id": 7}}',
    ],
)
@pytest.mark.parametrize("event", ["installation", "installation_repositories", "installation_target", "repository"])
def test_unknown_shapes_are_refused(world: World, event: str, body: str) -> None:
    assert deliver(signed(body.encode(), event), body)["statusCode"] == 400
