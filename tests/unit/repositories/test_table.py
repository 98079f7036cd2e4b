"""Reads of the table: bounds at their edges, batches of any size, busy tables."""

import threading
from collections.abc import Iterable
from typing import Any

import pytest

from shared.bootstrap import Services
from shared.domain.errors import Retryable
from shared.repositories.codec import attribute_values
from shared.repositories.keys import Key
from shared.repositories.table import BATCH, LIST, Found, Table, attribute_key
from shared.repositories.unit_of_work import UnitOfWork
from tests.unit.repositories.conftest import Scripted

# Neighbours of every kind: below the prefix, the prefix itself, shorter and longer, beyond ASCII, beyond the prefix.
SORT_KEYS = ["A#9", "B", "B#", "B#0", "B#1", "B#10", "B#1z", "B#2", "B#z", "B#é", "B#\U0001f600", "C#0"]
INSIDE = [sk for sk in SORT_KEYS if sk.startswith("B#")]


@pytest.fixture
def table(depot: Services) -> Table:
    return depot.table


def fill(table: Table, pk: str, sort_keys: Iterable[str], **fields: object) -> None:
    with UnitOfWork(table) as work:
        for sk in sort_keys:
            work.put(attribute_key(Key(pk, sk)) | attribute_values({"n": 1, **fields}))


def sort_keys(found: Found) -> list[str]:
    return [key.sk for key in found.keys]


def test_a_prefix_takes_its_own_rows_alone(table: Table) -> None:
    fill(table, "P", SORT_KEYS)

    assert sort_keys(table.query("P", prefix="B#")) == sorted(INSIDE)
    assert sort_keys(table.query("P", prefix="B#", newest_first=True)) == sorted(INSIDE, reverse=True)
    assert sort_keys(table.query("P")) == sorted(SORT_KEYS)


@pytest.mark.parametrize("after", INSIDE)
def test_a_list_goes_on_right_after_any_row(table: Table, after: str) -> None:
    fill(table, "P", SORT_KEYS)

    found = table.query("P", prefix="B#", after=after)

    assert sort_keys(found) == [sk for sk in sorted(INSIDE) if sk > after]


@pytest.mark.parametrize("after", [sk for sk in INSIDE if sk[-1].isalnum() and sk.isascii()])
def test_a_list_from_the_newest_goes_on_right_before_any_row(table: Table, after: str) -> None:
    fill(table, "P", SORT_KEYS)

    found = table.query("P", prefix="B#", after=after, newest_first=True)

    assert sort_keys(found) == [sk for sk in sorted(INSIDE, reverse=True) if sk < after]


@pytest.mark.parametrize("newest_first", [True, False])
def test_pages_of_one_row_see_every_row_once(table: Table, newest_first: bool) -> None:
    names = ["B#0", "B#00", "B#1", "B#a", "B#z"]
    fill(table, "P", names)
    seen: list[str] = []

    more = True
    while more:
        after = seen[-1] if seen else None
        found = table.query("P", prefix="B#", after=after, limit=1, newest_first=newest_first)
        seen, more = seen + sort_keys(found), found.more

    assert seen == sorted(names, reverse=newest_first)


@pytest.mark.parametrize(
    ("until", "expected"), [("B#1", ["B#0", "B#1"]), ("B#0z", ["B#0"]), ("B#", []), ("B#9", ["B#0", "B#1", "B#2"])]
)
def test_until_takes_its_own_row_and_nothing_beyond(table: Table, until: str, expected: list[str]) -> None:
    fill(table, "P", ["A#0", "B#0", "B#1", "B#2", "C#0"])

    assert sort_keys(table.query("P", prefix="B#", until=until)) == expected


def test_since_takes_its_own_row_and_what_follows(table: Table) -> None:
    fill(table, "P", SORT_KEYS)

    assert sort_keys(table.query("P", since="B#2", newest_first=True)) == sorted(SORT_KEYS, reverse=True)[:5]


def test_until_reaches_a_neighbour_of_another_kind(table: Table) -> None:
    fill(table, "P", ["GRANT#1", "MEMBER#1", "MEMBER#2", "PLUGIN", "RELEASE#1"])

    found = table.query("P", prefix="MEMBER#", until="PLUGIN")

    assert sort_keys(found) == ["MEMBER#1", "MEMBER#2", "PLUGIN"]


@pytest.mark.parametrize(("count", "more"), [(1, False), (2, False), (3, True)])
def test_more_is_said_only_when_there_is_more(table: Table, count: int, more: bool) -> None:
    fill(table, "P", [f"B#{number}" for number in range(count)])

    found = table.query("P", prefix="B#", limit=2)

    assert (len(found.items), found.more) == (min(count, 2), more)


def test_whether_there_is_more_costs_no_second_query(scripted: Scripted) -> None:
    client = scripted({"Items": [attribute_key(Key("P", sk)) for sk in "123"], "LastEvaluatedKey": {}})

    found = client.table.query("P", limit=2)

    assert (sort_keys(found), found.more) == (["1", "2"], True)
    assert [asked["Limit"] for _, asked in client.asked] == [3]


@pytest.mark.parametrize("newest_first", [True, False])
def test_no_bound_of_a_query_is_empty(scripted: Scripted, newest_first: bool) -> None:
    client = scripted({"Items": []}, {"Items": []})

    client.table.query("P", after="syn_1", newest_first=newest_first)
    client.table.query("P", until="syn_1", index=LIST)

    values = [value["S"] for _, asked in client.asked for value in asked["ExpressionAttributeValues"].values()]
    assert all(values)


def test_rows_are_read_consistently_and_indexes_cannot_be(scripted: Scripted) -> None:
    client = scripted({}, {"Items": []}, {"Items": []}, {"Responses": {}})

    client.table.get(Key("P", "S"))
    client.table.query("P")
    client.table.query("P", index=LIST)
    client.table.batch_get([Key("P", "S")])

    get, rows, index, batch = (asked for _, asked in client.asked)
    assert (get["ConsistentRead"], rows["ConsistentRead"]) == (True, True)
    assert "ConsistentRead" not in index
    assert batch["RequestItems"]["depot"]["ConsistentRead"] is True


def test_a_query_without_a_limit_reads_every_page(scripted: Scripted) -> None:
    cut = {"Items": [attribute_key(Key("P", "1"))], "LastEvaluatedKey": {"pk": {"S": "P"}, "sk": {"S": "1"}}}
    client = scripted(cut, {"Items": [attribute_key(Key("P", "2"))]})

    assert sort_keys(client.table.query("P")) == ["1", "2"]
    assert client.asked[1][1]["ExclusiveStartKey"] == cut["LastEvaluatedKey"]


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 2 * BATCH + 50])
def test_a_batch_of_any_size_gives_the_rows_that_exist(table: Table, count: int) -> None:
    fill(table, "P", ["1", "2"])
    wanted = [Key("P", str(number)) for number in range(1, count + 1)]

    found = table.batch_get([*wanted, *wanted])

    assert set(found) == set(wanted[:2])


def test_no_batch_asks_for_more_than_dynamodb_takes_or_twice_for_one_row(scripted: Scripted) -> None:
    client = scripted(*[{"Responses": {}} for _ in range(3)])
    wanted = [Key("P", str(number)) for number in range(2 * BATCH + 50)]

    client.table.batch_get([*wanted, *wanted])

    batches = [asked["RequestItems"]["depot"]["Keys"] for _, asked in client.asked]
    assert sorted(map(len, batches)) == [50, BATCH, BATCH]


def test_batches_are_read_side_by_side() -> None:
    class Meeting:
        """Answers nobody until three callers have come."""

        barrier = threading.Barrier(3, timeout=10)

        def batch_get_item(self, **_: Any) -> dict[str, Any]:
            self.barrier.wait()
            return {"Responses": {}}

    assert Table(Meeting(), "depot").batch_get(Key("P", str(number)) for number in range(3 * BATCH)) == {}


def unprocessed(*left: Key) -> dict[str, Any]:
    return {"depot": {"Keys": [attribute_key(key) for key in left], "ConsistentRead": True}}


def test_what_a_busy_table_left_out_is_asked_for_again(scripted: Scripted) -> None:
    one, two = Key("P", "1"), Key("P", "2")
    client = scripted(
        {"Responses": {"depot": [attribute_key(one)]}, "UnprocessedKeys": unprocessed(two)},
        {"Responses": {"depot": [attribute_key(two)]}, "UnprocessedKeys": {}},
    )

    found = client.table.batch_get([one, two])

    assert set(found) == {one, two}
    assert client.asked[1][1]["RequestItems"] == unprocessed(two)


def test_a_table_that_stays_busy_is_worth_a_later_retry(scripted: Scripted) -> None:
    one = Key("P", "1")
    client = scripted(*[{"Responses": {}, "UnprocessedKeys": unprocessed(one)}] * 9)

    with pytest.raises(Retryable):
        client.table.batch_get([one])

    assert len(client.asked) == 4


def test_several_partitions_answer_in_the_order_they_were_asked(table: Table) -> None:
    for pk in ("P", "Q"):
        fill(table, pk, [f"{pk}#1"])

    found = table.query_each(["Q", "EMPTY", "P"])

    assert [sort_keys(one) for one in found] == [["Q#1"], [], ["P#1"]]
    assert table.query_each([]) == []
