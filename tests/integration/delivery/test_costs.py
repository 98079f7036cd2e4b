"""What delivery's requests cost in calls and round trips, however much there is."""

from collections.abc import Callable

import pytest

from functions.delivery.handler import handler as delivery
from shared.bootstrap import Services
from shared.domain.plugin import Plugin
from tests.fixtures.calls import Calls
from tests.fixtures.http import Api
from tests.fixtures.people import Person
from tests.integration.delivery.conftest import Publisher
from tests.integration.delivery.test_git_http import LS_REFS, upload
from tests.unit.domain.git.conversation import v2

Delivered = Callable[[Person], Api]


@pytest.mark.parametrize(("members", "most"), [(50, 6), (200, 8)])
def test_a_manifest_costs_no_more_calls_than_its_batches(
    calls: Calls, depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher, members: int, most: int
) -> None:
    plugin = publisher.plugin()
    publisher.skills(plugin, members)
    path = f"/plugins/{plugin.id}/manifest"

    with calls.counting() as unknown:
        assert len(delivered_to(alice).get(path).item.items) == members
    del depot.delivery, depot.delivery_contents, depot.delivery_digests
    with calls.counting() as cold:
        delivered_to(alice).get(path)
    with calls.counting() as warm:
        delivered_to(alice).get(path)

    batches = members // 100 or 1
    assert (unknown.dynamodb, unknown.depth) == (3 + 2 * batches, 5)
    assert (cold.dynamodb, cold.depth) == (2 + 2 * batches, 4)
    assert (warm.dynamodb, warm.depth) == (2 + batches, 3)
    assert max(unknown.dynamodb, cold.dynamodb) <= most
    assert unknown.of("s3") == cold.of("s3") == 0


def test_a_list_of_known_plugins_reads_their_rows_alone(
    calls: Calls, delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    for number in range(20):
        publisher.skill(publisher.plugin(f"reviews-{number}"))
    delivered_to(alice).get("/plugins")

    with calls.counting() as cost:
        rows = delivered_to(alice).get("/plugins").items

    assert len({one.digest for one in rows}) == 20
    assert (cost.dynamodb, cost.depth) == (3, 3)


def test_listing_refs_when_nothing_changed_builds_nothing(
    calls: Calls, depot: Services, alice: Person, full_plugin: Plugin
) -> None:
    upload(alice, LS_REFS)

    with calls.counting() as warm:
        upload(alice, LS_REFS)

    assert (warm.dynamodb, warm.depth, warm.of("s3")) == (3, 3, 0)


def test_a_new_process_reads_which_commit_it_is_and_no_content(
    calls: Calls, depot: Services, alice: Person, full_plugin: Plugin
) -> None:
    upload(alice, LS_REFS)
    del depot.git_marketplace, depot.delivery_contents

    with calls.counting() as cold:
        upload(alice, LS_REFS)

    assert (cold.dynamodb, cold.depth) == (3, 4)
    assert cold.operations["s3.GetObject"] == cold.of("s3") == 1


def test_a_member_of_three_teams_lists_refs_within_the_bar(
    calls: Calls, depot: Services, bob: Person, team_of: Callable[..., str], publisher: Publisher
) -> None:
    for number in range(3):
        plugin = publisher.plugin(f"reviews-{number}")
        publisher.skill(plugin)
        publisher.share(plugin, team_of(bob, name=f"Team {number}"))
    upload(bob, LS_REFS)

    with calls.counting() as cost:
        upload(bob, LS_REFS)

    assert (cost.dynamodb, cost.depth) == (7, 3)


def test_a_new_process_sends_the_pack_that_was_kept(
    calls: Calls, depot: Services, alice: Person, full_plugin: Plugin
) -> None:
    commit_id = upload(alice, LS_REFS).body[4:44].decode()
    del depot.git_marketplace, depot.delivery_contents

    with calls.counting() as cost:
        answer = upload(alice, v2("fetch", f"want {commit_id}", "done"))

    assert b"PACK" in answer.body
    assert (cost.operations["s3.GetObject"], cost.operations["s3.PutObject"]) == (2, 0)


def test_capabilities_cost_the_sign_in_alone(calls: Calls, alice: Person) -> None:
    headers = {"authorization": f"Bearer {alice.token}", "git-protocol": "version=2"}

    api = Api(delivery, "/git/acme", headers)
    api.get("/acme.git/info/refs?service=git-upload-pack")  # a token's first use in an hour is noted

    with calls.counting() as cost:
        api.get("/acme.git/info/refs?service=git-upload-pack")

    assert (cost.dynamodb, cost.depth) == (1, 1)
