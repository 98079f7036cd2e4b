"""Thirty-two clients report at once: every one is counted, and a member counts once."""

import pytest

from shared.bootstrap import Services
from shared.domain.client_state import ClientKind, InstalledPlugin
from shared.domain.paging import PageRequest
from shared.services.client_states import ClientReport
from tests.fixtures.people import Person
from tests.unit.services.conftest import ActorOf
from tests.unit.services.test_races import WRITERS, race

pytestmark = pytest.mark.usefixtures("quick_moto")

PLUGIN = "plg_01m83cm181mw5y2cd4zh3yt3tz"
OLD, NEW = ("sha256:" + letter * 64 for letter in "ab")


def test_clients_that_report_at_once_are_all_counted(
    depot: Services, actor_of: ActorOf, alice: Person, bob: Person
) -> None:
    holders = [actor_of(alice), actor_of(bob)]

    def report(number: int, digest: str) -> None:
        client = f"cli_01m83cm181mw5y2cd4zh3y{number:04d}"
        kind = [ClientKind.DEPOT, ClientKind.CODEX][number % 2]
        depot.client_states.report(holders[number % 2], client, ClientReport(kind, [InstalledPlugin(PLUGIN, digest)]))

    came = race(lambda number: report(number, OLD))
    moved = race(lambda number: report(number, NEW if number < WRITERS // 2 else OLD))

    assert [*came, *moved] == [None] * 2 * WRITERS
    found = depot.adoption_rows.list_page(alice.org_id, PLUGIN, PageRequest()).items
    assert [(one.digest, one.clients, one.members) for one in found] == [(OLD, 16, 2), (NEW, 16, 2)]
    assert [dict(one.kinds) for one in found] == [{ClientKind.CODEX: 8, ClientKind.DEPOT: 8}] * 2


def test_reports_of_one_client_at_once_leave_one_of_them_counted(
    depot: Services, actor_of: ActorOf, alice: Person
) -> None:
    actor, client = actor_of(alice), "cli_01m83cm181mw5y2cd4zh3yt3tz"

    outcomes = race(
        lambda number: depot.client_states.report(
            actor, client, ClientReport(ClientKind.DEPOT, [InstalledPlugin(PLUGIN, [OLD, NEW][number % 2])])
        )
    )

    state = depot.client_states.get(actor, client)
    assert state.revision == len(outcomes) == WRITERS
    [counted] = depot.adoption_rows.list_page(alice.org_id, PLUGIN, PageRequest()).items
    assert (counted.digest, counted.clients, counted.members) == (state.installed[0].digest, 1, 1)
