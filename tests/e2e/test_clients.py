"""Every real client adds the service, installs, is up to date after a push, and is shut out with its token."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.e2e.clients.isolated import Isolated, Ran
from tests.e2e.clients.journeys import JOURNEYS, Address, Journey
from tests.e2e.clients.matrix import Row, record
from tests.e2e.clients.pinned import PINNED, install
from tests.e2e.running import RunningStack
from tests.e2e.tunnel import Tunnel

pytestmark = pytest.mark.e2e

SKILL = "skills/review-pull-request/SKILL.md"
RUNS = [
    pytest.param(kind, version, id=f"{kind.__name__}-{version}")
    for kind in JOURNEYS
    for version in PINNED[kind.client].versions
    if not kind.since or version >= kind.since
]


@pytest.fixture(scope="module")
def rows() -> Iterator[list[Row]]:
    """What this run finds out; the docs show it."""
    found: list[Row] = []
    yield found
    record(found)


@pytest.mark.parametrize(("kind", "version"), RUNS)
def test_a_client_goes_the_whole_way(
    kind: type[Journey],
    version: str,
    stack: RunningStack,
    tunnel_to_stack: Tunnel,
    rows: list[Row],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    environment = tunnel_to_stack.environment if kind.secure else {}
    home = tmp_path_factory.mktemp("home") / "client"
    journey = kind(Isolated(install(kind.client, version), home, environment))
    at, token_id = stack.new_address(tunnel_to_stack.origin if kind.secure else None)
    row = Row(kind.client, version, kind.protocol)
    rows.append(row)

    _note(row, "add", journey.add(at), at)
    _note(row, "install", journey.install(), at)
    row.steps["same files"] = taken(journey) == authored(journey, stack)
    assert row.steps["same files"]

    edited = stack.edit_sample(SKILL, f"\n{uuid4().hex}\n")
    _note(row, "update", journey.update(), at)
    row.steps["update"] = taken(journey)[SKILL] == edited
    assert row.steps["update"]

    stack.revoke(token_id)
    refused = journey.update()
    row.steps["revoked"] = journey.knows_refusal(refused) and taken(journey)[SKILL] == edited
    assert row.steps["revoked"], refused.output


def _note(row: Row, step: str, ran: Ran, at: Address) -> None:
    row.steps[step] = ran.status == 0
    assert ran.status == 0, ran.output.replace(at.token, "dpt_…")


def taken(journey: Journey) -> dict[str, bytes]:
    return {path: data for path, data in journey.files().items() if path.startswith(journey.takes)}


def authored(journey: Journey, stack: RunningStack) -> dict[str, bytes]:
    return {path: data for path, data in stack.sample_files().items() if path.startswith(journey.takes)}
