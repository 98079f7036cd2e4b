"""Ids: their shape, their order, and their growth under clocks that disagree."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.ids import PREFIXES, RANDOM_BITS, has_prefix, id_after, make_id, moment_of, time_of

TIMES = st.integers(0, (1 << 48) - 2)
RANDOM = st.integers(0, (1 << RANDOM_BITS) - 1)


@given(st.sampled_from(sorted(PREFIXES)), TIMES, RANDOM)
def test_an_id_is_its_prefix_and_26_characters_that_carry_the_time(prefix: str, at: int, randomness: int) -> None:
    made = make_id(prefix, at, randomness)

    assert len(made) == len(prefix) + 27
    assert has_prefix(made, prefix)
    assert time_of(made) == at


@given(TIMES, RANDOM, TIMES, RANDOM)
def test_ids_of_one_kind_sort_by_creation(at: int, randomness: int, later: int, other: int) -> None:
    first, second = sorted([(at, randomness), (later, other)])

    one, two = make_id("ver", *first), make_id("ver", *second)

    assert (one < two) == (first < second)


@given(TIMES, RANDOM, TIMES, RANDOM)
def test_the_next_id_is_greater_however_far_the_clocks_disagree(
    at: int, randomness: int, theirs: int, other: int
) -> None:
    previous = make_id("ver", at, randomness)

    following = id_after(previous, theirs, other)

    assert following > previous
    assert has_prefix(following, "ver")


def test_an_id_tells_its_moment_to_the_millisecond() -> None:
    assert moment_of(make_id("ver", 1_767_225_600_123, 7)) == datetime(2026, 1, 1, 0, 0, 0, 123_000, tzinfo=UTC)


def test_within_one_millisecond_the_next_id_counts_up_by_one() -> None:
    previous = make_id("ver", 1_000, 7)

    following = id_after(previous, 1_000, 3)

    assert following == make_id("ver", 1_000, 8)


def test_a_clock_that_went_on_gives_its_own_time() -> None:
    following = id_after(make_id("ver", 1_000, 7), 2_000, 3)

    assert following == make_id("ver", 2_000, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plg",
        "plg_",
        "cfg_01arz3ndektsv4rrffq69g5fav",
        "plg_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "plg_01arz3ndektsv4rrffq69g5fa",
        "plg_01arz3ndektsv4rrffq69g5favv",
        "plg_81arz3ndektsv4rrffq69g5fav",
        "plg_01arz3ndektsv4rrffq69g5fai",
        "plg_01arz3ndektsv4rrffq69g5fav\n",
        "plg_01arz3ndektsv4rrffq69g5fa#",
    ],
)
def test_what_is_no_plugin_id_is_not_taken_for_one(text: str) -> None:
    assert not has_prefix(text, "plg")


def test_an_unknown_kind_of_id_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="unknown id prefix 'xyz'"):
        make_id("xyz", 1, 1)
