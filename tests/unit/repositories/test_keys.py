"""Keys: no two rows share one, and none outgrows DynamoDB."""

from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.ids import make_id
from shared.repositories import keys
from shared.repositories.keys import Key

ORG = make_id("org", 1, 1)

# One row of every kind, made from the same words, so that only the spelling keeps them apart.
ROWS: dict[str, Callable[[str], Key]] = {
    "organization": keys.organization,
    "slug": keys.slug,
    "member": keys.member,
    "person": lambda x: keys.person(x, x, x),
    "email": lambda x: keys.email(x, x),
    "team": lambda x: keys.team(x, x),
    "team member": lambda x: keys.team_member(x, x, x),
    "token": keys.token,
    "config object": lambda x: keys.config_object(x, x),
    "version": lambda x: keys.version(x, x, x),
    "plugin": lambda x: keys.plugin(x, x),
    "membership": lambda x: keys.membership(x, x, x),
    "grant": lambda x: keys.grant(x, f"plg_{x}", x),
    "name": lambda x: keys.name(x, x, x, x),
    "claim": lambda x: keys.claim(x, x, x),
    "account": lambda x: keys.account(x, x),
    "instance": lambda x: keys.instance(x, x),
    "target": lambda x: keys.target(x, x),
    "mapping": lambda x: keys.mapping(x, x, x),
    "binding": lambda x: keys.binding(x, x, x),
    "tombstone": lambda x: keys.tombstone(x, x, x, x),
    "head guard": lambda x: keys.head_guard(x, x, x),
    "sync event": lambda x: keys.sync_event(x, x),
    "idempotency": lambda x: keys.idempotency(x, x, x),
}
EDGES: list[Callable[[str], str]] = [
    lambda x: keys.principal_edge(x, x),
    lambda x: keys.remote_edge(x, x),
    lambda x: keys.repository_edge(int(x)),
    lambda x: keys.mapping_edge(x, x),
    lambda x: keys.target_edge(x, x),
    lambda x: keys.instance_edge(x, x),
]


def test_no_two_kinds_of_row_share_a_key() -> None:
    spelled = {kind: spell("7") for kind, spell in ROWS.items()}

    collisions = [(a, b) for a, b in combinations(spelled, 2) if spelled[a] == spelled[b]]

    assert collisions == []


def test_no_two_kinds_of_edge_share_a_partition() -> None:
    spelled = [spell("7") for spell in EDGES]

    assert len(set(spelled)) == len(spelled)


@pytest.mark.parametrize("kind", sorted(ROWS.keys() - {"member", "token", "slug", "person", "claim", "email"}))
def test_a_row_of_an_org_cannot_be_named_without_it(kind: str) -> None:
    ours = ROWS[kind](ORG)

    assert ORG in ours.pk


@pytest.mark.parametrize("resource_id", ["cfg_1", "plg_1", "mkt_1", "cin_1"])
def test_a_grant_lies_beside_its_resource(resource_id: str) -> None:
    assert keys.grant("o", resource_id, "org").pk == keys.resource("o", resource_id).pk


def test_a_resource_is_found_under_the_key_that_its_own_repository_spells() -> None:
    found = [keys.resource("o", one) for one in ("cfg_1", "plg_1", "cin_1")]

    assert found == [keys.config_object("o", "cfg_1"), keys.plugin("o", "plg_1"), keys.instance("o", "cin_1")]


def test_names_and_addresses_differ_by_more_than_case() -> None:
    assert keys.name("o", "plg", "mem_1", "Reviews") == keys.name("o", "plg", "mem_1", "reviews")
    assert keys.email("o", "Ann@Acme.example") == keys.email("o", "ann@acme.example")


@given(st.text(min_size=1, max_size=4096), st.text(min_size=1, max_size=4096))
def test_locators_stay_within_a_sort_key_and_apart(one: str, other: str) -> None:
    spelled = [keys.tombstone("o", "ctg_1", locator, make_id("cfg", 1, 1)).sk for locator in (one, other)]

    assert all(len(sk.encode("utf-8", "surrogatepass")) <= 1024 for sk in spelled)
    assert (spelled[0] == spelled[1]) == (one == other)


@pytest.mark.parametrize(("length", "readable"), [(900, True), (901, False)])
def test_a_locator_is_kept_as_it_is_up_to_the_bound(length: int, readable: bool) -> None:
    locator = "é" * (length // 2) + "x" * (length % 2)

    assert (locator in keys.binding("o", "ctg_1", locator).sk) == readable


def test_work_is_spread_over_every_shard_and_no_other() -> None:
    used = {keys.due_shard(make_id("ctg", number, number)) for number in range(1_000)}

    assert used == set(keys.due_shards())
