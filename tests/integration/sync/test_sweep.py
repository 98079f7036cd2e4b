"""The clock finds what webhooks missed, cheaply."""

from datetime import timedelta

import pytest

from shared.domain.connector import CHECK_INTERVAL, TargetHealth
from shared.domain.sync_event import SyncStatus, SyncTrigger
from shared.services.sync_events import QUEUED_LEASE
from tests.fixtures.people import Person
from tests.integration.sync.aws_calls import counted
from tests.integration.sync.files import skill
from tests.integration.sync.stopping import Stopped, living
from tests.integration.sync.world import Connected, World

PATH = "skills/review/SKILL.md"


def wait(world: World, time: timedelta = CHECK_INTERVAL) -> None:
    world.clock.advance(seconds=time.total_seconds())


@pytest.fixture
def connected(world: World, alice: Person) -> Connected:
    """A repository with one skill, in sync."""
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    return connected


def test_a_missed_webhook_is_repaired_by_one_sweep(world: World, connected: Connected) -> None:
    head = world.push({PATH: skill("review", "Unheard.")}, announce=False)
    wait(world)

    swept = world.sweep()
    world.queue.drain()

    assert (swept["checked"], swept["moved"]) == (1, 1)
    assert (world.last_event().trigger, world.last_event().status) == (SyncTrigger.SWEEP, SyncStatus.COMPLETED)
    assert world.target(connected).last_synced_revision == head


def test_the_webhook_that_comes_after_the_sweep_adds_no_run(world: World, connected: Connected) -> None:
    world.push({PATH: skill("review", "Heard late.")})
    events = len(world.rows.events())
    wait(world)

    world.sweep()

    assert len(world.rows.events()) == events
    assert world.queue.waiting() == 1


def test_nothing_is_checked_before_it_is_due(world: World, connected: Connected) -> None:
    assert world.sweep()["checked"] == 0


def test_an_unchanged_head_costs_one_call_and_writes_nothing_but_its_next_check(
    world: World, connected: Connected
) -> None:
    wait(world)
    world.sweep()
    with counted(world.depot) as idle:
        world.sweep()
    wait(world)
    world.github.requests.clear()

    with counted(world.depot) as calls:
        swept = world.sweep()

    assert (swept["checked"], swept["moved"], world.queue.waiting()) == (1, 0, 0)
    assert len([one for one in world.github.requests if "/repositories/" in one]) == 1
    assert calls["dynamodb"] - idle["dynamodb"] + 1 <= 3  # its shard is queried in every sweep
    assert calls["s3"] == 0


def test_a_lost_message_is_sent_again_when_its_lease_ends(world: World, connected: Connected) -> None:
    world.push({PATH: skill("review", "Lost.")})
    [record] = world.queue.receive()
    world.queue.delete(record)
    wait(world, QUEUED_LEASE)

    swept = world.sweep()
    world.queue.drain()

    assert swept["revived"] == 1
    assert (world.last_event().status, world.last_event().attempts) == (SyncStatus.COMPLETED, 2)


def test_a_worker_that_died_is_replaced_when_its_lease_ends(world: World, connected: Connected) -> None:
    world.push({PATH: skill("review", "Cut short.")})
    [record] = world.queue.receive()
    with living(world, calls=8), pytest.raises(Stopped):
        world.queue.work_on([record])
    died = world.last_event().status
    world.queue.delete(record)
    wait(world, timedelta(minutes=20))

    world.sweep()
    world.queue.drain()

    assert (died, world.last_event().status) == (SyncStatus.RUNNING, SyncStatus.COMPLETED)


def test_an_event_that_kills_every_worker_is_given_up(
    world: World, connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.services.sweeper.MAX_ATTEMPTS", 2)
    world.push({PATH: skill("review", "Poison.")})
    for _ in range(2):
        wait(world, timedelta(minutes=20))
        world.sweep()

    event = world.last_event()
    assert (event.attempts, [failure.code for failure in event.failures]) == (2, ["dead_letter"])


def test_an_event_whose_last_worker_wrote_something_is_not_given_up(
    world: World, connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.services.sweeper.MAX_ATTEMPTS", 1)
    world.push({f"commands/c{number:02d}.md": f"Do {number}.\n" for number in range(30)})
    [record] = world.queue.receive()
    with living(world, calls=45), pytest.raises(Stopped):
        world.queue.work_on([record])
    written = len(world.rows.objects())
    world.queue.delete(record)
    wait(world, timedelta(minutes=20))

    world.sweep()
    world.queue.drain()

    assert 1 < written < 31
    assert (world.last_event().status, len(world.rows.objects())) == (SyncStatus.COMPLETED, 31)


def test_a_failed_run_is_tried_again_after_longer_and_longer_pauses(world: World, connected: Connected) -> None:
    world.push({PATH: skill("review", "Refused.")})
    attempts = []
    for _ in range(4):
        world.github.fail_next("/repositories/", 451)
        world.queue.drain()
        world.heal()
        wait(world)
        world.sweep()
        attempts.append(world.last_event().attempts)

    assert attempts == [2, 2, 3, 3]


def test_an_unreachable_repository_keeps_everything(world: World, connected: Connected) -> None:
    wait(world)
    world.github.fail_next("/repositories/", 404)

    swept = world.sweep()

    assert (swept["unreachable"], world.target(connected).health) == (1, TargetHealth.ACCESS_LOST)
    assert world.rows.objects()[PATH].is_delivered


def test_access_that_comes_back_is_healthy_again(world: World, connected: Connected) -> None:
    wait(world)
    world.github.fail_next("/repositories/", 404)
    world.sweep()
    wait(world)

    world.sweep()

    assert world.target(connected).health == TargetHealth.HEALTHY


def test_an_outage_says_nothing_of_health(world: World, connected: Connected) -> None:
    wait(world)
    world.github.fail_next("/repositories/", 503, times=3)

    swept = world.sweep()

    assert (swept["unreachable"], world.target(connected).health) == (1, TargetHealth.HEALTHY)


@pytest.fixture
def four(world: World, connected: Connected) -> None:
    """Three more repositories, whose heads nobody has heard of."""
    for number in range(3):
        world.github.add_repository(f"acme/more-{number}", {"README.md": "x"})
        world.track(connected, connected.instance_id, f"acme/more-{number}")
    wait(world)
    world.github.requests.clear()


def checks(world: World) -> int:
    return len([one for one in world.github.requests if "/commits/" in one])


def test_a_rate_limit_puts_off_every_check_of_its_installation(world: World, four: None) -> None:
    world.github.fail_next("/repositories/", 429, headers={"Retry-After": "60"})

    limited = world.sweep()
    asked, soon = checks(world), world.sweep()
    wait(world, CHECK_INTERVAL + timedelta(seconds=60))
    later = world.sweep()

    assert (limited["postponed"], asked, soon["checked"]) == (4, 1, 0)
    assert (later["checked"], later["moved"]) == (4, 3)


def test_sweeps_leave_a_reserve_of_the_rate_limit_to_others(world: World, four: None) -> None:
    world.github.conditions.switch(remaining=1_002, reset_in_seconds=900)

    low = world.sweep()

    assert (low["checked"] + low["postponed"], low["postponed"] > 0) == (4, True)
    assert world.github._world.rate_limits.usage("installation", "core").remaining >= 1_000


def test_checks_that_were_put_off_are_spread_behind_the_reset(world: World, four: None) -> None:
    world.github.conditions.switch(remaining=900, reset_in_seconds=900)
    reset = world.clock() + timedelta(seconds=900)

    world.sweep()

    due = {target.next_check_at - reset for target in world.rows.targets() if target.next_check_at}
    put_off = {time for time in due if time > timedelta(seconds=-2)}
    assert len(put_off) == 3
    assert all(time <= CHECK_INTERVAL for time in put_off)


def test_an_unchanged_head_costs_nothing_of_the_rate_limit(world: World, connected: Connected) -> None:
    limits = world.github._world.rate_limits
    wait(world)
    before = limits.usage("installation", "core").used

    assert world.sweep()["checked"] == 1
    assert limits.usage("installation", "core").used == before


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """One shard, read target by target."""
    monkeypatch.setattr("shared.services.head_checks.PER_PAGE", 1)
    monkeypatch.setattr("shared.repositories.keys.DUE_SHARDS", 1)


def test_more_targets_than_a_page_are_all_checked(world: World, small_pages: None, four: None) -> None:
    assert world.sweep()["checked"] == 4


def test_a_sweep_stops_before_its_own_time_is_up(world: World, connected: Connected) -> None:
    wait(world)

    assert world.sweep(chunks=0)["checked"] == 0
    assert world.sweep()["checked"] == 1
