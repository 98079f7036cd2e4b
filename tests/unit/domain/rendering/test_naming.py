"""Names that several share are told apart by their owners' ids alone."""

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.rendering.naming import distinct_names

FIRST, LATER = "plg_00000000000000000000aaaaaa", "plg_00000000000000000000bbbbbb"
names = st.dictionaries(st.from_regex(r"plg_[0-9a-z]{26}", fullmatch=True), st.text("aAbB-.", min_size=1, max_size=128))


def test_the_first_keeps_its_name_and_the_later_carries_the_end_of_its_id() -> None:
    assert distinct_names({LATER: "reviews", FIRST: "reviews"}) == {FIRST: "reviews", LATER: "reviews-bbbbbb"}


def test_case_alone_tells_nothing_apart() -> None:
    assert distinct_names({FIRST: "Reviews", LATER: "reviews"})[LATER] == "reviews-bbbbbb"


def test_a_suffix_that_is_taken_grows() -> None:
    first, second = "plg_0000000000000000000000000a", "plg_0000000000000000000000000b"

    found = distinct_names({first: "reviews-bbbbbb", second: "reviews", LATER: "reviews"})

    assert found[LATER] == "reviews-000000bbbbbb"


@given(names)
def test_names_are_distinct_everywhere_and_never_too_long(shared: dict[str, str]) -> None:
    found = distinct_names(shared)

    assert found.keys() == shared.keys()
    assert len({name.casefold() for name in found.values()}) == len(shared)
    assert all(len(name) <= 128 for name in found.values())


@given(names)
def test_names_do_not_depend_on_the_order_they_come_in(shared: dict[str, str]) -> None:
    backwards = dict(sorted(shared.items(), reverse=True))

    assert distinct_names(backwards) == distinct_names(shared)
