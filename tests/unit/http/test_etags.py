"""The revision that If-Match asks for."""

import pytest

from shared.domain.errors import Invalid
from shared.http.etags import NEVER, etag_of, revision_of


def test_an_etag_is_read_back() -> None:
    assert revision_of(etag_of(12)) == 12


@pytest.mark.parametrize("header", [None, "*", " * "])
def test_any_state_will_do_without_a_condition(header: str | None) -> None:
    assert revision_of(header) is None


@pytest.mark.parametrize("header", ['W/"12"', "12", '"x"', '""', '"', "", '"²"', '"' + "9" * 40 + '"'])
def test_what_is_no_strong_etag_of_ours_matches_nothing(header: str) -> None:
    assert revision_of(header) == NEVER


def test_a_list_of_etags_is_refused() -> None:
    with pytest.raises(Invalid):
        revision_of('"1", "2"')
