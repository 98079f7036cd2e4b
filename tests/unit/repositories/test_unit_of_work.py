"""Units of work: all or nothing, each refused condition by its own error, contention tried again."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from shared.bootstrap import Services
from shared.domain.errors import Conflict, DepotError, NotFound, Retryable, Stale, TooLarge
from shared.repositories.codec import attribute_values, plain
from shared.repositories.keys import Key
from shared.repositories.table import Item, Table, attribute_key
from shared.repositories.unit_of_work import MAX_STEPS, PRESENT, Condition, UnitOfWork, where
from tests.unit.repositories.conftest import Scripted, refusal

ROW = Key("PLG#org_1#plg_1", "PLUGIN")
STEPS: dict[str, Callable[[UnitOfWork, Key, DepotError], None]] = {
    "add": lambda work, key, error: work.add(row(key), error),
    "put": lambda work, key, error: work.put(row(key), when=where(revision=2), otherwise=error),
    "update": lambda work, key, error: work.update(key, assign={"a": 1}, when=where(revision=2), otherwise=error),
    "delete": lambda work, key, error: work.delete(key, when=where(revision=2), otherwise=error),
    "check": lambda work, key, error: work.check(key, where(revision=2), error),
}


@pytest.fixture
def table(depot: Services) -> Table:
    return depot.table


def row(key: Key, **fields: object) -> Item:
    return attribute_key(key) | attribute_values({"revision": 1, **fields})


def write(table: Table, *rows: Item) -> None:
    with UnitOfWork(table) as work:
        for one in rows:
            work.put(one)


def read(table: Table, key: Key = ROW) -> dict[str, object]:
    item = table.get(key) or {}
    return {name: plain(value) for name, value in item.items() if name not in ("pk", "sk")}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("position", [None, 0, 1, 2])
def test_a_refused_condition_raises_its_own_error_wherever_it_stands(
    table: Table, step: str, position: int | None
) -> None:
    write(table, row(ROW))
    others = [Key(f"OTHER#{number}", "ROW") for number in range(0 if position is None else 2)]
    work = UnitOfWork(table)
    for number, other in enumerate([*others, None]):
        if number == (position or 0):
            STEPS[step](work, ROW, NotFound("the right one"))
        if other is not None:
            work.add(row(other), Conflict("the wrong one"))

    with pytest.raises(NotFound, match="the right one"):
        work.commit()

    assert read(table) == {"revision": 1}
    assert table.batch_get(others) == {}


def test_a_condition_without_an_error_of_its_own_is_a_conflict(table: Table) -> None:
    with pytest.raises(Conflict), UnitOfWork(table) as work:
        work.update(ROW, assign={"a": 1}, when=Condition(PRESENT))


def test_of_several_refused_conditions_the_first_step_speaks(table: Table) -> None:
    work = UnitOfWork(table)
    work.put(row(Key("FREE", "ROW")))
    work.update(ROW, assign={"a": 1}, when=where(revision=1), otherwise=Stale())
    work.update(Key("B", "ROW"), assign={"a": 1}, when=Condition(PRESENT), otherwise=NotFound("b"))

    with pytest.raises(Stale):
        work.commit()


def test_where_none_means_that_the_attribute_is_absent(table: Table) -> None:
    write(table, row(ROW))

    with UnitOfWork(table) as work:
        work.update(ROW, assign={"removed": "yes"}, when=where(revision=1, removed=None), otherwise=Stale())

    with pytest.raises(Stale), UnitOfWork(table) as work:
        work.update(ROW, assign={"revision": 9}, when=where(removed=None), otherwise=Stale())


def test_an_update_changes_what_it_names_and_nothing_else(table: Table) -> None:
    write(table, row(ROW, kept="k", gone="g", grants={"mem_1": 3, "mem_2": 1}, plugins={"plg_1", "plg_2"}))

    with UnitOfWork(table) as work:
        work.update(
            ROW,
            assign={"new": "n", "gone": None, "grants.org": 1},
            remove=("grants.mem_2",),
            increase={"revision": 1, "count": 5},
            insert={"teams": "team_1"},
            discard={"plugins": "plg_2"},
        )

    assert read(table) == {
        "revision": 2,
        "count": 5,
        "kept": "k",
        "new": "n",
        "grants": {"mem_1": 3, "org": 1},
        "plugins": frozenset({"plg_1"}),
        "teams": frozenset({"team_1"}),
    }


def test_an_error_inside_the_block_writes_nothing(table: Table) -> None:
    def change_ones_mind() -> None:
        with UnitOfWork(table) as work:
            work.put(row(ROW))
            raise KeyError

    with pytest.raises(KeyError):
        change_ones_mind()

    assert table.get(ROW) is None


def test_a_single_step_costs_no_transaction_and_no_step_no_call(scripted: Scripted) -> None:
    client = scripted()

    with UnitOfWork(client.table) as work:
        work.put(row(ROW))
    with UnitOfWork(client.table):
        pass
    with UnitOfWork(client.table) as work:
        work.check(ROW, Condition(PRESENT), NotFound("plugin"))

    assert [operation for operation, _ in client.asked] == ["put_item", "transact_write_items"]


def test_a_unit_of_work_commits_once(scripted: Scripted) -> None:
    client = scripted()
    work = UnitOfWork(client.table)
    work.put(row(ROW))

    work.commit()
    work.commit()

    assert len(client.asked) == 1


def test_more_steps_than_a_transaction_takes_are_refused_in_words(scripted: Scripted) -> None:
    client = scripted()

    work = UnitOfWork(client.table)
    for number in range(MAX_STEPS + 1):
        work.put(row(Key(f"ROW#{number}", "ROW")))

    with pytest.raises(TooLarge, match=f"change {MAX_STEPS + 1} rows at once; at most {MAX_STEPS}"):
        work.commit()

    assert client.asked == []


BUSY = [
    refusal("TransactionCanceledException", "None", "TransactionConflict"),
    refusal("TransactionCanceledException", "ThrottlingError", "None"),
    refusal("TransactionConflictException"),
    refusal("ThrottlingException"),
    refusal("ProvisionedThroughputExceededException"),
]


@pytest.mark.parametrize("busy", BUSY, ids=lambda busy: busy.response["Error"]["Code"])
def test_contention_is_tried_again_with_the_same_steps(scripted: Scripted, busy: ClientError) -> None:
    client, pauses = scripted(busy), list[float]()
    work = UnitOfWork(client.table, pauses.append)
    work.put(row(ROW))
    work.put(row(Key("B", "ROW")))

    work.commit()

    first, second = client.asked
    assert first == second
    assert len(pauses) == 1


@pytest.mark.parametrize("busy", BUSY, ids=lambda busy: busy.response["Error"]["Code"])
def test_contention_that_does_not_end_is_worth_a_later_retry(scripted: Scripted, busy: ClientError) -> None:
    client, pauses = scripted(*[busy] * 9), list[float]()
    work = UnitOfWork(client.table, pauses.append)
    work.put(row(ROW))

    with pytest.raises(Retryable):
        work.commit()

    assert len(client.asked) == 5
    assert 0 <= sum(pauses) < 2


def test_a_refused_condition_outweighs_contention_and_is_not_tried_again(scripted: Scripted) -> None:
    client = scripted(refusal("TransactionCanceledException", "TransactionConflict", "ConditionalCheckFailed"))
    work = UnitOfWork(client.table)
    work.put(row(ROW))
    work.add(row(Key("B", "ROW")), Stale())

    with pytest.raises(Stale):
        work.commit()

    assert len(client.asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        refusal("TransactionCanceledException", "ValidationError"),
        refusal("ValidationException"),
        refusal("InternalServerError"),
    ],
    ids=lambda other: other.response["Error"]["Code"],
)
def test_what_nobody_foresaw_stays_what_it_is(scripted: Scripted, other: ClientError) -> None:
    client = scripted(other)

    with pytest.raises(ClientError) as raised, UnitOfWork(client.table) as work:
        work.put(row(ROW))

    assert raised.value is other
    assert len(client.asked) == 1
