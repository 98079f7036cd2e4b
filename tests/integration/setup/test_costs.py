"""What setting up costs, authentication included: AWS calls, round trips, and calls of GitHub; whatever the org has."""

from collections.abc import Callable
from itertools import count

import pytest

from local.github import GitHubStandIn
from local.github.stand_in import INSTALLATION_ID
from shared.bootstrap import Services
from tests.fixtures.calls import Calls
from tests.fixtures.http import Answer, Api
from tests.fixtures.people import ApiAs, Person
from tests.integration.setup.conftest import Browser, say_yes

SETUP = {"installationId": str(INSTALLATION_ID), "repositoryFullName": "acme/tools"}

Measure = Callable[[Callable[[], Answer]], tuple[int, int, int]]
"""DynamoDB calls, round trips of AWS, and calls of GitHub."""


@pytest.fixture
def measure(calls: Calls, github: GitHubStandIn) -> Measure:
    def of(ask: Callable[[], Answer]) -> tuple[int, int, int]:
        github.requests.clear()
        with calls.counting() as cost:
            answer = ask()
        assert answer.status < 300, answer.body
        return cost.dynamodb, cost.depth, len(github.requests)

    return of


@pytest.fixture
def api(depot: Services, api_as: ApiAs, alice: Person, github: GitHubStandIn) -> Api:
    """Alice's; her org may bind the installation, and the function has its secrets and its token by now."""
    depot.directory.claim_installation(alice.org_id, "github", str(INSTALLATION_ID))
    api = api_as(alice)
    api.post("/connectors/github/install/start")
    api.post("/connectors/github/setup", SETUP)
    return api


def grown(depot: Services, alice: Person, api: Api) -> None:
    """More accounts, instances and targets than there were."""
    for number in range(12):
        depot.directory.claim_installation(alice.org_id, "github", str(9_000 + number))
    for number in range(5):
        api.post("/connectors/github/setup", SETUP | {"name": f"again {number}"})


def test_what_setting_up_costs(
    depot: Services, api: Api, alice: Person, public: Api, browser: Browser, measure: Measure
) -> None:
    account = api.get("/connector-accounts").items[0].id
    numbers = count()
    check = {"accountId": account, "repositoryFullName": "acme/tools"}
    asked: dict[str, Callable[[], Answer]] = {
        "connector types": lambda: api.get("/v1/connector-types"),
        "install/start": lambda: api.post("/connectors/github/install/start"),
        "repositories": lambda: api.get(f"/connectors/github/accounts/{account}/repositories"),
        "validate-target": lambda: api.post("/connectors/github/validate-target", check),
        "setup": lambda: api.post("/connectors/github/setup", SETUP | {"name": f"tools {next(numbers)}"}),
    }

    before = {name: measure(ask) for name, ask in asked.items()}
    grown(depot, alice, api)

    assert before == {
        "connector types": (2, 2, 0),
        "install/start": (2, 2, 0),
        "repositories": (2, 2, 1),
        "validate-target": (2, 2, 2),
        "setup": (6, 7, 2),  # with the message that has the repository looked at
    }
    assert {name: measure(ask) for name, ask in asked.items()} == before


def test_what_coming_back_from_an_installation_costs(api: Api, public: Api, browser: Browser, measure: Measure) -> None:
    def started() -> str:
        return browser.install(str(api.post("/connectors/github/install/start").item.installUrl))

    page = public.get(started())
    back = started()

    proof, answer = measure(lambda: public.get(back)), measure(lambda: say_yes(public, page))

    # The state is used up, and who started it asked for; then the same of the ticket, and the account is written.
    assert (proof, answer) == ((4, 4, 2), (6, 6, 1))


def test_what_disconnecting_costs(api: Api, measure: Measure) -> None:
    path = f"/connector-accounts/{api.get('/connector-accounts').items[0].id}/disconnect"

    plan = measure(lambda: api.post(path, {"dryRun": True}))
    done = measure(lambda: api.post(path, {}))
    again = measure(lambda: api.post(path, {}))

    # A plan: the account, its instances, their targets, what they map and have imported. Carried out it is made twice,
    # and between the two an instance and a target come to rest, and the account.
    assert (plan, done, again) == ((8, 8, 0), (22, 22, 0), (18, 18, 0))
