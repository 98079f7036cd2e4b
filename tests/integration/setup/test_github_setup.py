"""Connecting repositories of an installation: what it reaches, what can be tracked, one step, and the way out."""

import pytest

from local.github import GitHubStandIn
from local.github.stand_in import INSTALLATION_ID
from shared.bootstrap import Services
from tests.fixtures.calls import Calls
from tests.fixtures.people import ApiAs, Person

SETUP = {"installationId": str(INSTALLATION_ID), "repositoryFullName": "acme/tools"}


@pytest.fixture
def account_id(depot: Services, api_as: ApiAs, alice: Person, github: GitHubStandIn) -> str:
    depot.directory.claim_installation(alice.org_id, "github", str(INSTALLATION_ID))
    body = {"installationId": str(INSTALLATION_ID)}
    return str(api_as(alice).post("/connectors/github/accounts", body).item.id)


def test_every_repository_is_listed_page_by_page(
    api_as: ApiAs, alice: Person, github: GitHubStandIn, account_id: str
) -> None:
    for number in range(120):
        github._world.repositories.add(f"acme/more-{number:03}", 0.0)
    path = f"/connectors/github/accounts/{account_id}/repositories?limit=50"

    names, answer = [], api_as(alice).get(path)
    names += [one.fullName for one in answer.items]
    while cursor := answer.json["nextCursor"]:
        answer = api_as(alice).get(f"{path}&cursor={cursor}")
        names += [one.fullName for one in answer.items]

    assert len(names) == len(set(names)) == 121


def test_a_page_of_repositories_costs_two_reads_and_one_call(
    api_as: ApiAs, alice: Person, github: GitHubStandIn, calls: Calls, account_id: str
) -> None:
    path = f"/connectors/github/accounts/{account_id}/repositories"
    api_as(alice).get(path)
    github.requests.clear()

    with calls.counting() as cost:
        api_as(alice).get(path)

    assert (cost.dynamodb, github.requests) == (2, ["GET /installation/repositories?per_page=50&page=1"])


def test_a_target_is_validated_without_a_trace(api_as: ApiAs, alice: Person, account_id: str) -> None:
    body = {"accountId": account_id, "repositoryFullName": "acme/tools"}

    found = [
        api_as(alice).post("/connectors/github/validate-target", body | more).item
        for more in ({}, {"branch": "nowhere"}, {"repositoryFullName": "acme/unknown"})
    ]

    assert [one.valid for one in found] == [True, False, False]
    assert (found[0].branch, found[0].repository["fullName"], len(found[0].head)) == ("main", "acme/tools", 40)
    assert [one.problems[0]["path"] for one in found[1:]] == ["branch", "repositoryFullName"]
    assert api_as(alice).get("/connector-instances").items == []


def test_a_repository_is_connected_in_one_step(
    depot: Services, api_as: ApiAs, alice: Person, github: GitHubStandIn
) -> None:
    depot.directory.claim_installation(alice.org_id, "github", str(INSTALLATION_ID))

    made = api_as(alice).post("/connectors/github/setup", SETUP)

    target = api_as(alice).get(made.headers["location"]).item
    assert (made.status, target.id) == (201, made.item.target["id"])
    assert (target.repositoryFullName, target.followsDefault) == ("acme/tools", True)
    assert made.item.instance["name"] == "acme/tools"
    assert [one.id for one in api_as(alice).get("/connector-accounts").items] == [made.item.account["id"]]


def test_an_account_that_is_there_is_used(api_as: ApiAs, alice: Person, account_id: str) -> None:
    made = api_as(alice).post("/connectors/github/setup", SETUP).item

    assert made.account["id"] == account_id


@pytest.mark.parametrize(
    ("more", "status"), [({"repositoryFullName": "acme/unknown"}, 400), ({"branch": "nowhere"}, 400)]
)
def test_a_step_that_fails_leaves_nothing(
    depot: Services, api_as: ApiAs, alice: Person, github: GitHubStandIn, more: dict[str, str], status: int
) -> None:
    depot.directory.claim_installation(alice.org_id, "github", str(INSTALLATION_ID))

    answer = api_as(alice).post("/connectors/github/setup", SETUP | more)

    assert answer.status == status
    assert api_as(alice).get("/connector-accounts").items == []
    assert api_as(alice).get("/connector-instances").items == []


def test_an_installation_that_nobody_proved_to_see_is_not_connected(
    api_as: ApiAs, mallory: Person, account_id: str
) -> None:
    assert api_as(mallory).post("/connectors/github/setup", SETUP).status == 404
    assert api_as(mallory).get(f"/connectors/github/accounts/{account_id}/repositories").status == 404
    body = {"accountId": account_id, "repositoryFullName": "acme/tools"}
    assert api_as(mallory).post("/connectors/github/validate-target", body).status == 404


def test_all_of_it_is_for_admins(api_as: ApiAs, bob: Person, account_id: str) -> None:
    body = {"accountId": account_id, "repositoryFullName": "acme/tools"}

    answers = [
        api_as(bob).post("/connectors/github/setup", SETUP),
        api_as(bob).post("/connectors/github/accounts", {"installationId": "1"}),
        api_as(bob).post("/connectors/github/validate-target", body),
        api_as(bob).get(f"/connectors/github/accounts/{account_id}/repositories"),
        api_as(bob).post(f"/connector-accounts/{account_id}/disconnect", {}),
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(403, "missing_capability")}


def test_disconnecting_is_planned_first_and_keeps_what_was_made(api_as: ApiAs, alice: Person, account_id: str) -> None:
    api = api_as(alice)
    made = api.post("/connectors/github/setup", SETUP).item
    target, path = made.target["id"], f"/connector-accounts/{account_id}/disconnect"
    mapping = api.post(f"/connector-targets/{target}/mappings", {"selector": "/skills/", "objectType": "skill"}).item

    plan = api.post(path, {"dryRun": True}).item
    untouched = api.get(f"/connector-accounts/{account_id}").item.status
    done = [api.post(path, {}).item for _ in range(2)][-1]

    for told in (plan, done):
        assert [one["id"] for one in told.archivedInstances] == [made.instance["id"]]
        assert [one["id"] for one in told.stoppedTargets] == [target]
        assert (told.keptMappingIds, told.deletedIds) == ([mapping.id], [])
    assert (untouched, done.account["status"]) == ("active", "disconnected")
    assert api.get(f"/connector-instances/{made.instance['id']}").item.status == "archived"
    assert api.post(f"/connector-instances/{made.instance['id']}/enable").status == 409


def test_a_disconnected_account_is_back_with_its_id_when_it_is_bound_again(
    api_as: ApiAs, alice: Person, account_id: str
) -> None:
    api_as(alice).post(f"/connector-accounts/{account_id}/disconnect", {})

    again = api_as(alice).post("/connectors/github/accounts", {"installationId": str(INSTALLATION_ID)})

    assert (again.status, again.item.id, again.item.status) == (201, account_id, "active")


def test_the_deployment_says_which_connectors_it_has(api_as: ApiAs, bob: Person) -> None:
    (github,) = api_as(bob).get("/v1/connector-types").items

    assert (github.type, github.configured, github.targetKinds) == ("github", True, ["repository_branch"])
    assert api_as(bob).get("/v1/connector-types/github").item == github
    assert api_as(bob).get("/v1/connector-types/gitlab").status == 404
