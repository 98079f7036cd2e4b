"""Every real client adds the service, installs, is up to date after a push, and is shut out with its token."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace

import pytest
from _pytest.mark.structures import ParameterSet

from tests.e2e.clients.heavy import heavy_plugins
from tests.e2e.clients.isolated import Isolated, Ran
from tests.e2e.clients.journeys import JOURNEYS, LINKED, Journey, Traveller
from tests.e2e.clients.matrix import Row, record
from tests.e2e.clients.pinned import PINNED, install
from tests.e2e.clients.sample import additions, edited
from tests.e2e.running import RunningStack
from tests.e2e.tunnel import Tunnel

pytestmark = pytest.mark.e2e


def _runs(journeys: Sequence[Journey]) -> list[ParameterSet]:
    return [
        pytest.param(journey, version, id=f"{journey.name}-{version}")
        for journey in journeys
        for version in PINNED[journey.client].versions
        if not journey.since or version >= journey.since
    ]


@pytest.fixture(scope="module")
def rows() -> Iterator[list[Row]]:
    """What this run finds out; the docs show it."""
    found: list[Row] = []
    yield found
    record(found)


@pytest.fixture(scope="module")
def sample(stack: RunningStack) -> RunningStack:
    """The stack, whose sample has a tool and a server that is reached by a plain URL."""
    stack.map("/.opencode/tools/*.ts", "tool")
    if missing := additions(stack.sample_files()):
        stack.push(missing)
    return stack


@pytest.fixture(scope="module")
def linking(sample: RunningStack) -> Iterator[RunningStack]:
    """The same with more in its catalog than one answer of git's holds."""
    with heavy_plugins(sample):
        yield sample


@pytest.mark.parametrize(("journey", "version"), _runs(JOURNEYS))
def test_a_client_goes_the_whole_way(
    journey: Journey,
    version: str,
    sample: RunningStack,
    tunnel_to_stack: Tunnel,
    rows: list[Row],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    _go(journey, version, sample, tunnel_to_stack, rows, tmp_path_factory)


@pytest.mark.parametrize(("journey", "version"), _runs(LINKED))
def test_a_client_follows_the_links_of_a_large_catalog(
    journey: Journey,
    version: str,
    linking: RunningStack,
    tunnel_to_stack: Tunnel,
    rows: list[Row],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    linked = replace(journey, protocol="git marketplace, linked plugins")

    _go(linked, version, linking, tunnel_to_stack, rows, tmp_path_factory)


def _go(
    journey: Journey, version: str, stack: RunningStack, tunnel: Tunnel, rows: list[Row], homes: pytest.TempPathFactory
) -> None:
    program = install(journey.client, version)
    row = Row(journey.client, version, journey.protocol)
    rows.append(row)
    environment = tunnel.environment if journey.secure else {}
    isolated = Isolated(program, homes.mktemp("home") / "client", environment)
    # Links lead to where the client came from.
    with stack.reached_at(tunnel.origin) if journey.secure else nullcontext():
        at, token_id = stack.new_address(tunnel.origin if journey.secure else None)
        traveller = Traveller.at_the_start(journey, isolated, at)
        _arrive(traveller, row, stack)
        changed = _follow_a_change(traveller, row, stack)
        stack.revoke(token_id)
        _be_shut_out(traveller, row, changed)


def _arrive(traveller: Traveller, row: Row, stack: RunningStack) -> None:
    journey = traveller.journey
    _note(row, "add", traveller.walk(journey.add))
    installed = traveller.walk(journey.install)
    _note(row, "install", installed)
    assert journey.shows in installed.output, installed.output
    row.steps["same files"] = False
    assert traveller.taken() == traveller.authored(stack.sample_files())
    row.steps["same files"] = True


def _follow_a_change(traveller: Traveller, row: Row, stack: RunningStack) -> bytes:
    """The changed file as the client has it."""
    path = traveller.journey.changes
    changed = edited(path, stack.sample_files()[path])
    stack.push({path: changed})
    updated = traveller.walk(traveller.journey.update)
    _note(row, "update", updated)
    row.steps["update"] = traveller.taken()[path] == traveller.journey.spelled(changed)
    assert row.steps["update"], updated.output
    return changed


def _be_shut_out(traveller: Traveller, row: Row, changed: bytes) -> None:
    """It says so, and what is installed stays."""
    journey = traveller.journey
    refused = traveller.walk(journey.update)
    kept = traveller.taken()[journey.changes] == journey.spelled(changed)
    row.steps["revoked"] = traveller.was_refused(refused) and kept
    assert row.steps["revoked"], refused.output


def _note(row: Row, step: str, ran: Ran) -> None:
    row.steps[step] = ran.status == 0
    assert ran.status == 0, ran.output
