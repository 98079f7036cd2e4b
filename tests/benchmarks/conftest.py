"""What every benchmark starts from."""

import pytest

from tests.benchmarks.bundles import Shelf


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("bundles"))
