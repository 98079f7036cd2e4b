"""A signed delivery becomes at most one event per target and head, and one message."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.domain.connector import TargetHealth
from shared.domain.sync_event import SyncStatus
from tests.fixtures.people import Person
from tests.integration.sync.aws_calls import counted
from tests.integration.sync.deliveries import push_body, signed
from tests.integration.sync.files import skill
from tests.integration.sync.world import World, deliver

PATH = "skills/review/SKILL.md"


def repository_id(world: World) -> int:
    return world.github.repository("acme/tools").id


def test_a_push_is_accepted_with_what_is_queued(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})

    head = world.push({PATH: skill("review")})

    [event] = world.rows.events()
    assert world.post.answers[-1]["statusCode"] == 202
    assert (event.status, event.revision) == (SyncStatus.QUEUED, head)
    assert world.queue.waiting() == 1


def test_a_push_costs_three_reads_and_writes_and_one_message(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.github.requests.clear()

    with counted(world.depot) as calls:
        world.push({PATH: skill("review")})

    assert (calls["dynamodb"], calls["sqs"], calls["s3"]) == (3, 1, 0)
    assert world.github.requests == []


def test_a_second_identical_delivery_adds_nothing(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})

    world.github.redeliver(world.github.deliveries[-1])

    [event] = world.rows.events()
    assert event.delivery_ids == [world.github.deliveries[-1].guid]
    assert world.queue.waiting() == 1


def test_twenty_identical_deliveries_at_once_are_one_event(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    body = push_body(repository_id(world), "a" * 40)
    headers = signed(body)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: deliver(headers, body)["statusCode"], range(20)))

    assert answers == [202] * 20
    assert len(world.rows.events()) == 1
    assert world.queue.waiting() == 1


def test_deliveries_of_one_head_are_all_noted(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    body = push_body(repository_id(world), "a" * 40)

    for number in range(3):
        deliver(signed(body, delivery=f"d-{number}"), body)

    [event] = world.rows.events()
    assert event.delivery_ids == ["d-0", "d-1", "d-2"]


def test_a_redelivery_revives_a_failed_event(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.push({PATH: skill("review")})
    world.github.fail_next("/repositories/", 451, times=1)
    world.queue.drain()
    failed = world.last_event()

    world.github.redeliver(world.github.deliveries[-1])
    world.queue.drain()

    event = world.last_event()
    assert (failed.status, event.id, event.status) == (SyncStatus.FAILED, failed.id, SyncStatus.COMPLETED)
    assert event.failures == []


def test_a_redelivery_of_what_is_done_starts_nothing(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.sync({PATH: skill("review")})

    world.github.redeliver(world.github.deliveries[-1])

    assert world.queue.waiting() == 0
    assert world.last_event().status == SyncStatus.COMPLETED


@pytest.mark.parametrize(("event", "reason"), [("ping", "ping"), ("star", "the event star changes nothing here")])
def test_what_changes_nothing_is_ignored_with_the_reason(world: World, event: str, reason: str) -> None:
    answer = deliver(signed(b"{}", event), b"{}")

    assert answer["statusCode"] == 200
    assert f'"reason": "{reason}"' in answer["body"]


@pytest.mark.parametrize("ref", ["refs/tags/main", "refs/heads/other", "refs/heads/main2"])
def test_only_the_tracked_branch_counts(world: World, alice: Person, ref: str) -> None:
    world.connect(alice, {"README.md": "x"})
    body = push_body(repository_id(world), "a" * 40, ref=ref)

    answer = deliver(signed(body), body)

    assert (answer["statusCode"], world.rows.events()) == (200, [])


def test_another_installation_of_the_repository_counts_for_nothing(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    body = push_body(repository_id(world), "a" * 40, installation={"id": 7})

    answer = deliver(signed(body), body)

    assert (answer["statusCode"], world.rows.events()) == (200, [])


def test_a_deleted_branch_is_noted_and_nothing_is_removed(world: World, alice: Person) -> None:
    connected = world.connect(alice, {PATH: skill("review")})
    world.resync(connected)

    world.github.point_branch("acme/tools", "main", None)
    world.queue.drain()

    assert world.target(connected).health == TargetHealth.BRANCH_MISSING
    assert world.rows.objects()[PATH].is_delivered
    assert world.rows.tombstones() == []


def test_a_message_lost_after_its_event_was_written_is_sent_by_the_redelivery(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    url, world.depot.queue._url = world.depot.queue._url, "https://sqs.eu-central-1.amazonaws.com/1/gone.fifo"
    world.push({PATH: skill("review")})
    world.depot.queue._url = url

    world.github.redeliver(world.github.deliveries[-1])
    world.queue.drain()

    assert [one.status for one in world.github.deliveries] == [503, 202]
    assert world.last_event().status == SyncStatus.COMPLETED
