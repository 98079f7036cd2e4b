"""Setting a GitHub up leaves one audit event of each deed, and none of what was only begun."""

from local.github import GitHubStandIn
from local.github.stand_in import INSTALLATION_ID
from shared.bootstrap import Services
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person
from tests.integration.setup.conftest import Browser, say_yes
from tests.unit.admin.mutations import Step
from tests.unit.admin.test_audited_mutations import assert_true, live_through, told

SETUP: list[Step] = [
    ("bindInstallation", "POST", "/connectors/github/accounts", {"installationId": str(INSTALLATION_ID)}, "account"),
    (
        "setUpRepository",
        "POST",
        "/connectors/github/setup",
        {"installationId": str(INSTALLATION_ID), "repositoryFullName": "acme/tools"},
        "",
    ),
]


def test_each_step_of_setup_leaves_one_event(
    depot: Services, api_as: ApiAs, alice: Person, github: GitHubStandIn
) -> None:
    depot.directory.claim_installation(alice.org_id, "github", str(INSTALLATION_ID))
    ids = {"alice": alice.id}

    live_through(api_as(alice), SETUP, ids)

    events = {name: told(depot)[name] for name, *_ in SETUP}
    assert {name: len(found) for name, found in events.items()} == {step[0]: 1 for step in SETUP}
    assert_true(events, SETUP, ids)


def test_an_install_is_told_of_when_it_is_bound_and_not_when_it_begins(
    depot: Services, api_as: ApiAs, alice: Person, public: Api, browser: Browser, github: GitHubStandIn
) -> None:
    started = api_as(alice).post("/connectors/github/install/start", x_request_id="started-install").item

    say_yes(public, public.get(browser.install(started.installUrl)))

    (bound,) = [event for found in told(depot).values() for event in found if event.resource.startswith("cac_")]
    assert "started-install" not in told(depot)
    assert bound.actor.id == alice.id
