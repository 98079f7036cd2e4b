"""`make demo-faults` on a stack of its own: everything that GitHub does wrong is seen by the owner, and mended."""

import pytest

from local.drill.run import demonstrate
from local.drill.steps import STEPS
from tests.e2e.running import RunningStack

pytestmark = pytest.mark.e2e


def test_every_fault_of_github_is_seen_and_mended(own_stack: RunningStack, capsys: pytest.CaptureFixture[str]) -> None:
    ended_well = demonstrate(own_stack.state)

    told = capsys.readouterr().out
    assert ended_well, told
    assert told.count("  mended") == len(STEPS) + 2
