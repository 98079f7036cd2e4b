"""A client reports what it has: kept below its caller, bounded, and forgotten when it stops."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.client_state import MAX_CLIENTS, RETAINED
from shared.domain.paging import PageRequest
from shared.domain.plugin import Plugin
from shared.services.mint import Mint
from tests.fixtures.calls import Calls
from tests.fixtures.http import Api
from tests.fixtures.people import Person, delivery_token
from tests.integration.delivery.conftest import Publisher
from tests.integration.delivery.reports import ANOTHER, CLIENT, installed, report
from tests.unit.admin.rows import rows_of

Delivered = Callable[[Person], Api]
STATE = f"/clients/{CLIENT}/state"
DIGEST = "sha256:" + "a" * 64


def plugin_id(number: int) -> str:
    return f"plg_01m83cm181mw5y2cd4zh3y{number:04d}"


def some_plugins(count: int, digest: str = DIGEST) -> list[dict[str, Any]]:
    return [{"pluginId": plugin_id(number), "digest": digest} for number in range(count)]


def test_what_was_reported_can_be_read(delivered_to: Delivered, alice: Person, full_plugin: Plugin) -> None:
    api = delivered_to(alice)
    [plugin] = installed(api, full_plugin)
    plugin["items"][0]["drift"] = "modified"

    told = report(api, [plugin], name="ada's laptop", version="1.2.0")
    read = api.get(STATE)

    assert (told.status, read.status) == (200, 200)
    assert told.json["item"] == read.json["item"]
    assert told.headers["etag"] == read.headers["etag"]
    state = read.item
    assert (state.id, state.kind, state.name, state.version, state.drifted) == (
        CLIENT, "depot", "ada's laptop", "1.2.0", 1,
    )  # fmt: skip
    [kept] = state.installed
    assert (kept["pluginId"], kept["digest"], kept["version"]) == (full_plugin.id, plugin["digest"], plugin["version"])
    assert [item["drift"] for item in kept["items"]] == ["modified", None, None, None]


def test_a_report_replaces_the_one_before(delivered_to: Delivered, alice: Person) -> None:
    api = delivered_to(alice)
    report(api, some_plugins(3))

    report(api, some_plugins(2, "sha256:" + "b" * 64))

    found = api.get(STATE).item.installed
    assert [(one["pluginId"], one["digest"][-1]) for one in found] == [(plugin_id(0), "b"), (plugin_id(1), "b")]


def test_the_same_client_id_of_two_members_is_two_clients(delivered_to: Delivered, alice: Person, bob: Person) -> None:
    report(delivered_to(alice), some_plugins(2))

    unknown = delivered_to(bob).get(STATE).status
    report(delivered_to(bob), some_plugins(1))

    assert unknown == 404
    assert [len(delivered_to(one).get(STATE).item.installed) for one in (alice, bob)] == [2, 1]


def test_a_member_reports_through_any_of_their_tokens(depot: Services, delivered_to: Delivered, bob: Person) -> None:
    own = delivered_to(bob)
    with_token = Api(own.handler, own.base, {"authorization": f"Bearer {delivery_token(depot, bob)}"})

    report(with_token, some_plugins(1))

    assert len(own.get(STATE).item.installed) == 1


def test_another_tenants_client_is_unknown(delivered_to: Delivered, alice: Person, mallory: Person) -> None:
    report(delivered_to(alice), some_plugins(1))

    inside = delivered_to(mallory).send("PUT", f"/v1/orgs/{alice.org_id}/delivery{STATE}", {"kind": "depot"})

    assert (delivered_to(mallory).get(STATE).status, inside.status) == (404, 404)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"kind": "toaster"}, "kind"),
        ({"name": "x" * 101}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"version": ""}, "version"),
        ({"installed": some_plugins(101)}, "installed"),
        ({"installed": [*some_plugins(1), *some_plugins(1)]}, "installed"),
        ({"installed": [{"pluginId": "cfg_01m83cm181mw5y2cd4zh3yt3tz", "digest": DIGEST}]}, "installed.0.pluginId"),
        ({"installed": [{"pluginId": plugin_id(0), "digest": "sha256:zz"}]}, "installed.0.digest"),
        ({"installed": [{**some_plugins(1)[0], "drift": "modified"}]}, "installed.0.drift"),
        ({"secret": "x"}, "secret"),
    ],
)
def test_what_is_no_report_is_refused_by_name(
    depot: Services, delivered_to: Delivered, alice: Person, change: dict[str, Any], path: str
) -> None:
    api = delivered_to(alice)
    api.get("/plugins")  # a token's first use in an hour is noted
    before = rows_of(depot)

    answer = api.send("PUT", STATE, {"kind": "depot", "installed": [], **change})

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, path)
    assert rows_of(depot) == before


def test_items_are_bounded_over_all_plugins(delivered_to: Delivered, alice: Person) -> None:
    def items(count: int) -> list[dict[str, str]]:
        ids = (f"cfg_01m83cm181mw5y2cd4zh3y{number:04d}" for number in range(count))
        return [{"configObjectId": each, "digest": DIGEST} for each in ids]

    most = [{**one, "items": items(1000)} for one in some_plugins(2)]
    more = [most[0], {**most[1], "items": items(1001)}]

    assert report(delivered_to(alice), most).status == 200
    refused = report(delivered_to(alice), more)
    assert (refused.status, refused.json["errors"][0]["path"]) == (400, "installed")


def test_what_is_no_clients_id_is_not_found(delivered_to: Delivered, alice: Person) -> None:
    answer = delivered_to(alice).send("PUT", "/clients/laptop/state", {"kind": "depot", "installed": []})

    assert answer.status == 404


def test_a_client_stays_of_its_kind(delivered_to: Delivered, alice: Person) -> None:
    report(delivered_to(alice), [])

    assert report(delivered_to(alice), [], kind="codex").status == 409


def test_a_holder_has_a_bounded_number_of_clients(
    depot: Services, delivered_to: Delivered, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.services.client_states.MAX_CLIENTS", 1)
    report(delivered_to(alice), [])

    answers = [report(delivered_to(alice), [], client).status for client in (CLIENT, ANOTHER)]

    assert answers == [200, 409]
    assert MAX_CLIENTS == 500


def test_only_what_differs_is_written(calls: Calls, delivered_to: Delivered, alice: Person) -> None:
    api = delivered_to(alice)
    report(api, some_plugins(100))
    changed = [*some_plugins(98), *some_plugins(100, "sha256:" + "b" * 64)[98:]]

    with calls.counting() as unchanged:
        report(api, some_plugins(100))
    with calls.counting() as two:
        report(api, changed)

    assert dict(unchanged.operations) == {
        "dynamodb.BatchGetItem": 1, "dynamodb.GetItem": 1, "dynamodb.UpdateItem": 1,
    }  # fmt: skip
    assert dict(two.operations) == {
        "dynamodb.BatchGetItem": 2, "dynamodb.GetItem": 1, "dynamodb.TransactWriteItems": 1,
    }  # fmt: skip


def test_the_largest_first_report_takes_a_few_transactions(
    calls: Calls, delivered_to: Delivered, alice: Person
) -> None:
    api = delivered_to(alice)
    api.get("/plugins")

    with calls.counting() as cost:
        report(api, some_plugins(100))

    assert cost.operations["dynamodb.TransactWriteItems"] == 6
    assert cost.dynamodb == 10
    assert len(api.get(STATE).item.installed) == 100


def test_a_report_leaves_no_audit_event(depot: Services, delivered_to: Delivered, alice: Person) -> None:
    api = delivered_to(alice)
    api.get("/plugins")
    before = [row for row in rows_of(depot) if "AUD#" in row]

    report(api, some_plugins(2))

    assert [row for row in rows_of(depot) if "AUD#" in row] == before


@pytest.fixture
def later(depot: Services) -> Iterator[Callable[[timedelta], None]]:
    """Moves this deployment's clock on."""
    moment, plain = [depot.mint.now()], depot.mint
    moved = Mint(lambda: moment[0], plain.random_bits)
    object.__setattr__(depot.client_states, "mint", moved)

    def move(by: timedelta) -> None:
        moment[0] += by

    yield move
    object.__setattr__(depot.client_states, "mint", plain)


def test_a_client_that_stops_reporting_is_forgotten_without_a_trace(
    depot: Services, delivered_to: Delivered, alice: Person, later: Callable[[timedelta], None]
) -> None:
    api = delivered_to(alice)
    api.get("/plugins")
    before = rows_of(depot)
    report(api, some_plugins(40))
    later(RETAINED - timedelta(days=1))
    report(api, some_plugins(39))

    later(RETAINED - timedelta(days=1))
    kept = (depot.client_states.forget_overdue(), api.get(STATE).status)
    later(timedelta(days=2))
    gone = (api.get(STATE).status, depot.client_states.forget_overdue())
    later(timedelta(hours=2))
    depot.client_states.forget_overdue()

    assert (kept, gone) == ((0, 200), (404, 1))
    left = [row for row in rows_of(depot) if row not in before and "expires_at" not in row]
    assert left == []


def test_two_reports_at_once_leave_counts_that_agree(
    depot: Services, delivered_to: Delivered, alice: Person, publisher: Publisher
) -> None:
    api, plugin = delivered_to(alice), publisher.plugin()
    one = {"pluginId": plugin.id, "digest": DIGEST}
    put, overtaking = depot.client_states.clients.put, [{**one, "digest": "sha256:" + "b" * 64}]

    def overtaken(*args: Any) -> None:
        if overtaking:
            report(api, [overtaking.pop()])
        put(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(depot.client_states.clients, "put", overtaken)
        answer = report(api, [one])

    assert answer.status == 200
    counts = depot.adoption_rows.list_page(alice.org_id, plugin.id, PageRequest()).items
    assert [(each.digest, each.clients) for each in counts] == [(DIGEST, 1)]
