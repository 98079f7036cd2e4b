from collections.abc import Iterator

import pytest

from tests.unit.far_side import FarSide, serving


@pytest.fixture
def far_side() -> Iterator[FarSide]:
    with serving(FarSide()) as server:
        yield server


@pytest.fixture
def other_host() -> Iterator[FarSide]:
    with serving(FarSide()) as server:
        yield server
