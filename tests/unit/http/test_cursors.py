"""Cursors: signed, and good for the list that gave them alone."""

import base64

import pytest

from shared.bootstrap import Services
from tests.fixtures.http import Api


@pytest.fixture(autouse=True)
def signing(depot: Services) -> None:
    """Cursors are signed with the deployment's secret."""


def _cursor(api: Api, path: str = "/public/things?limit=2") -> str:
    return str(api.get(path).json["nextCursor"])


def test_a_list_goes_on_where_its_page_ended(api: Api) -> None:
    page = api.get("/public/things?limit=3")
    seen = [one.name for one in page.items]
    while cursor := page.json["nextCursor"]:
        page = api.get(f"/public/things?limit=3&cursor={cursor}")
        seen += [one.name for one in page.items]

    assert seen == ["1", "2", "3", "4", "5", "6", "7"]


def test_the_last_page_has_no_cursor(api: Api) -> None:
    assert api.get("/public/things?limit=7").json["nextCursor"] is None


def test_a_cursor_may_be_used_with_another_limit(api: Api) -> None:
    answer = api.get(f"/public/things?limit=1&cursor={_cursor(api)}")

    assert [one.name for one in answer.items] == ["3"]


@pytest.mark.parametrize("cursor", ["", "x", "%25%25", "é", "AAAA", "a" * 5000])
def test_a_cursor_that_nobody_signed_is_refused(api: Api, cursor: str) -> None:
    answer = api.get(f"/public/things?cursor={cursor}")

    assert (answer.status, answer.code) == (400, "invalid_cursor")


def test_a_cursor_that_was_changed_is_refused(api: Api) -> None:
    raw = bytearray(base64.urlsafe_b64decode(_cursor(api) + "=="))
    raw[-1] ^= 1

    answer = api.get(f"/public/things?cursor={base64.urlsafe_b64encode(raw).decode()}")

    assert answer.code == "invalid_cursor"


def test_a_cursor_of_another_filter_is_refused(api: Api) -> None:
    cursor = _cursor(api, "/public/things?limit=2&colour=red")

    answer = api.get(f"/public/things?limit=2&colour=blue&cursor={cursor}")

    assert answer.code == "invalid_cursor"
