"""A way in to routes of no product."""

import pytest

from shared.http.app import App, Area
from tests.fixtures.http import Api

_SAMPLE = "tests.unit.http.sample_routes"


@pytest.fixture
def api() -> Api:
    segments = ("things", "broken", "busy", "limited", "big")
    return Api(App(Area("/public", dict.fromkeys(segments, _SAMPLE))).answer)
