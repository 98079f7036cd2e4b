"""Pages: their bounds, and how they are converted."""

import pytest

from shared.domain.errors import Invalid
from shared.domain.paging import MAX_LIMIT, Page, PageRequest


@pytest.mark.parametrize("limit", [-1, 0, MAX_LIMIT + 1])
def test_a_page_outside_the_bounds_is_refused_by_name(limit: int) -> None:
    with pytest.raises(Invalid) as refused:
        PageRequest(limit)

    assert [error.path for error in refused.value.errors] == ["limit"]


@pytest.mark.parametrize("limit", [1, MAX_LIMIT])
def test_the_bounds_themselves_are_taken(limit: int) -> None:
    assert PageRequest(limit).limit == limit


def test_a_converted_page_continues_where_the_page_did() -> None:
    page = Page([1, 2], next_after="cfg_2").map(str)

    assert page == Page(["1", "2"], next_after="cfg_2")
