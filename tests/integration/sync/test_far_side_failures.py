"""GitHub fails: what may pass is tried again and says so, what stays is told by its code, nothing is lost."""

import pytest

from shared.domain.connector import TargetHealth
from shared.domain.sync_event import SyncStatus
from tests.fixtures.people import Person
from tests.integration.sync.files import skill
from tests.integration.sync.world import World

PATH = "skills/review/SKILL.md"


def waits(world: World) -> int:
    """Receive a message, let it fail, and tell for how many seconds it was put off."""
    world.queue.waits.clear()
    world.queue.step()
    return world.queue.waits[-1]


@pytest.mark.parametrize(("status", "times"), [(502, 3), (503, 3), (0, 3)])
def test_an_outage_puts_the_message_off_and_shows_on_the_event(
    world: World, alice: Person, status: int, times: int
) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    world.github.fail_next("/repositories/", status, times)

    seconds = waits(world)

    event = world.last_event()
    assert 2 <= seconds <= 4
    assert (event.status, [one.code for one in event.failures]) == (SyncStatus.QUEUED, ["unavailable"])


def test_after_an_outage_the_run_completes(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    world.github.fail_next("/repositories/", 502, times=6)

    received = world.queue.drain()

    event = world.last_event()
    assert (received, event.status, event.failures) == (3, SyncStatus.COMPLETED, [])
    assert world.rows.objects()[PATH].is_delivered


@pytest.mark.parametrize("status", [403, 429])
def test_a_rate_limit_is_waited_for_as_long_as_github_asks(world: World, alice: Person, status: int) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    world.github.fail_next("/repositories/", status, headers={"Retry-After": "77"})

    seconds = waits(world)

    assert seconds == 77
    assert [one.code for one in world.last_event().failures] == ["rate_limited"]


def test_an_exhausted_allowance_is_waited_for_until_its_reset(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(world.clock().timestamp()) + 300)}
    world.github.fail_next("/repositories/", 403, headers=reset)

    assert 295 <= waits(world) <= 300


def test_waits_grow_with_every_receive(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    world.github.fail_next("/repositories/", 502, times=12)

    seconds = [waits(world) for _ in range(4)]

    assert seconds == sorted(seconds)
    assert 16 <= seconds[-1] <= 32


def test_after_five_receives_the_event_is_given_up_and_retry_repairs_it(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    world.github.fail_next("/repositories/", 502, times=15)
    world.queue.drain()
    given_up = world.last_event()

    world.depot.sync_events.retry(connected.actor, given_up.id)
    world.queue.drain()

    assert [(one.path, one.code) for one in given_up.failures] == [("", "dead_letter")]
    assert given_up.status == SyncStatus.FAILED
    assert len(world.queue.dead()) == 1
    assert world.last_event().status == SyncStatus.COMPLETED


def test_behind_a_poison_message_the_later_pushes_of_its_target_still_flow(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    world.github.fail_next("/repositories/", 502, times=15)
    head = world.push({PATH: skill("review", "Better.")})

    world.queue.drain()

    poison, later = world.rows.events()
    assert [(poison.status, poison.failures[0].code), len(world.queue.dead())] == [
        (SyncStatus.FAILED, "dead_letter"),
        1,
    ]
    assert (later.status, later.revision) == (SyncStatus.COMPLETED, head)
    assert world.target(connected).last_synced_revision == head


def test_a_message_that_is_none_goes_to_the_dead_letters_and_holds_up_nobody(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    for body in ("garbage", "{}", "[1]"):
        world.queue.send(body, connected.target_id)

    event = world.sync({PATH: skill("review")})

    assert event.status == SyncStatus.COMPLETED
    assert sorted(world.queue.dead()) == ["[1]", "garbage", "{}"]


def test_in_a_batch_only_the_group_of_a_failed_message_waits(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    world.queue.send("garbage", "another")
    world.push({PATH: skill("review")})
    records = world.queue.receive(most=10)
    behind = {**records[0], "messageId": "behind"}

    failed = world.queue.work_on([*records, behind])

    assert failed == [records[0]["messageId"], "behind"]
    assert world.target(connected).last_synced_revision == world.last_event().revision


def test_an_unforeseen_error_is_tried_again_and_shown(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    with monkeypatch.context() as patch:
        patch.setattr(world.depot.content, "_bucket", "gone")
        world.queue.step()
    shown = world.last_event()

    world.queue.drain()

    assert [one.code for one in shown.failures] == ["internal_error"]
    assert world.last_event().status == SyncStatus.COMPLETED


@pytest.mark.parametrize(
    ("status", "health", "code"),
    [
        (404, TargetHealth.ACCESS_LOST, "source_not_found"),
        (403, TargetHealth.SUSPENDED, "source_forbidden"),
        (422, TargetHealth.BRANCH_MISSING, "branch_missing"),
        (409, TargetHealth.EMPTY, "source_empty"),
    ],
)
def test_what_waiting_cannot_mend_keeps_everything(
    world: World, alice: Person, status: int, health: TargetHealth, code: str
) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    world.push({PATH: None})
    world.github.fail_next("/repositories/", status, message="no")

    world.queue.drain()

    event = world.last_event()
    assert (event.status, [one.code for one in event.failures]) == (SyncStatus.FAILED, [code])
    assert world.target(connected).health == health
    assert world.rows.objects()[PATH].is_delivered
    assert world.rows.tombstones() == []


def test_a_branch_that_is_gone_keeps_everything(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)
    world.github.commit("acme/tools", {"a": "b"}, branch="other", announce=False)
    world.github.point_branch("acme/tools", "main", None, announce=False)

    event = world.resync(connected)

    assert [one.code for one in event.failures] == ["branch_missing"]
    assert world.target(connected).health == TargetHealth.BRANCH_MISSING
    assert world.rows.tombstones() == []


def test_a_tree_that_is_not_whole_changes_nothing(world: World, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    connected = world.connect(alice, {PATH: skill("review"), "a/b.md": "x", "c/d.md": "x"})
    world.resync(connected)
    monkeypatch.setattr("shared.connectors.github.tree_walk.MAX_CALLS", 1)
    monkeypatch.setattr("shared.connectors.github.tree_walk.TreeWalk.__init__.__defaults__", (1,))
    world.github.conditions.switch(tree_entries=2)

    event = world.sync({PATH: None})

    assert [one.code for one in event.failures] == ["sync_refused"]
    assert world.rows.objects()[PATH].is_delivered


def test_a_cut_tree_is_walked_to_its_end(world: World, alice: Person) -> None:
    connected = world.connect(alice, {f"skills/s{number}/SKILL.md": skill(f"s{number}") for number in range(9)})
    world.github.conditions.switch(tree_entries=5)

    event = world.resync(connected)

    assert (event.status, event.counts.created) == (SyncStatus.COMPLETED, 9)


def test_a_failure_does_not_look_like_a_sync(world: World, alice: Person) -> None:
    connected = world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    world.github.fail_next("/repositories/", 404)

    world.queue.drain()

    instance = world.depot.instances.get(connected.actor, connected.instance_id)
    assert (instance.last_sync_status, instance.last_synced_at) == ("failed", None)
    assert world.target(connected).last_synced_revision is None
