"""What a deployment's operator does by invoking the operations function."""

from types import SimpleNamespace
from typing import Any

import pytest

from functions.admin.handler import handler as admin
from functions.operations.handler import handler
from shared.bootstrap import Services
from tests.fixtures.http import Api
from tests.fixtures.logs import LogLines
from tests.fixtures.people import Person

OWNER = {"email": "olivia@acme.example", "displayName": "Olivia"}
CONTEXT = SimpleNamespace(aws_request_id="invocation-1")


def run(operation: str, **fields: Any) -> dict[str, Any]:
    return handler({"operation": operation, **fields}, CONTEXT)


@pytest.fixture
def acme(depot: Services) -> dict[str, Any]:
    return run("create_organization", name="Acme", slug="acme", owner=OWNER)


def _reads(token: str, org: str = "acme") -> int:
    return Api(admin).get(f"/v1/orgs/{org}/plugins", authorization=f"Bearer {token}").status


def test_an_org_comes_with_an_owner_who_can_sign_in(acme: dict[str, Any]) -> None:
    (seat,) = Api(admin).get("/v1/me", authorization=f"Bearer {acme['token']}").item.orgs

    assert acme.keys() == {"ok", "orgId", "slug", "memberId", "token"}
    assert (seat["orgId"], seat["memberId"], seat["role"]) == (acme["orgId"], acme["memberId"], "owner")


def test_a_slug_that_is_taken_is_refused_naming_its_org(acme: dict[str, Any]) -> None:
    again = run("create_organization", name="Other", slug="acme", owner=OWNER)

    assert (again["ok"], again["error"]["status"], again["error"]["code"]) == (False, 409, "name_taken")
    assert acme["orgId"] in again["error"]["detail"]


@pytest.mark.parametrize("org", ["orgId", "slug"])
def test_a_member_joins_with_a_token(acme: dict[str, Any], org: str) -> None:
    added = run("add_member", orgId=acme[org], email="milo@acme.example", displayName="Milo", role="member")

    assert added["ok"]
    assert _reads(added["token"]) == 200


def test_an_email_joins_once(acme: dict[str, Any]) -> None:
    again = run("add_member", orgId="acme", **OWNER)

    assert again["error"]["code"] == "conflict"


def test_a_team_has_members_of_its_org(depot: Services, acme: dict[str, Any], mallory: Person) -> None:
    made = run("add_team", orgId="acme", name="Reviewers", memberIds=[acme["memberId"]])
    refused = run("add_team", orgId="acme", name="Spies", memberIds=[mallory.id])

    member = depot.authentication.authenticate(acme["token"], "acme")
    assert member.team_ids == {made["teamId"]}
    assert refused["error"]["code"] == "not_found"


def test_a_token_works_until_it_is_revoked(acme: dict[str, Any]) -> None:
    made = run("create_token", orgId="acme", kind="personal", name="ci", memberId=acme["memberId"])
    before = _reads(made["secret"])
    revoked = run("revoke_token", orgId="acme", tokenId=made["tokenId"])

    assert (before, revoked["ok"], _reads(made["secret"])) == (200, True, 401)


def test_a_token_of_another_org_is_not_found(acme: dict[str, Any], mallory: Person) -> None:
    run("create_organization", name="Other", slug="other", owner=OWNER)
    made = run("create_token", orgId="acme", kind="personal", name="ci", memberId=acme["memberId"])

    refused = run("revoke_token", orgId="other", tokenId=made["tokenId"])

    assert refused["error"]["code"] == "not_found"
    assert _reads(made["secret"]) == 200


@pytest.mark.parametrize("installation", ["4242", 4242])
def test_an_installation_is_claimed(depot: Services, acme: dict[str, Any], installation: object) -> None:
    claimed = run("claim_installation", orgId="acme", installationId=installation)

    assert claimed == {"ok": True, "orgId": acme["orgId"], "installationId": "4242"}
    assert depot.account_rows.is_claimed("github", "4242", acme["orgId"])


@pytest.mark.parametrize(
    ("event", "paths"),
    [
        ({}, {"operation"}),
        ({"operation": "drop_everything"}, {"operation"}),
        ({"operation": "add_team", "orgId": "acme", "colour": "red"}, {"name", "colour"}),
        ({"operation": "create_organization", "name": "A", "slug": "a", "owner": {"email": "x"}},
         {"owner.email", "owner.displayName"}),
        ({"operation": "claim_installation", "orgId": "acme", "installationId": "../1"}, {"installationId"}),
        ({"operation": "create_token", "orgId": "acme", "kind": "root", "name": "x"}, {"kind"}),
        ({"operation": "create_token", "orgId": "acme", "kind": "service", "name": "x"}, {"kind"}),
    ],
)  # fmt: skip
def test_every_wrong_field_is_named(acme: dict[str, Any], event: dict[str, Any], paths: set[str]) -> None:
    answer = handler(event, CONTEXT)

    assert (answer["ok"], answer["error"]["code"]) == (False, "invalid")
    assert {one["path"] for one in answer["error"]["errors"]} == paths


def test_an_unknown_org_is_not_found(depot: Services) -> None:
    for operation in ("revoke_token", "claim_installation"):
        fields = {"revoke_token": {"tokenId": "tok_x"}, "claim_installation": {"installationId": "1"}}[operation]
        assert run(operation, orgId="nowhere", **fields)["error"]["code"] == "not_found"


def test_the_log_tells_of_an_operation_without_its_secrets(depot: Services, log_lines: LogLines) -> None:
    made = run("create_organization", name="Acme", slug="acme", owner=OWNER)

    (line,) = log_lines()
    assert (line["operation"], line["ok"], line["orgId"]) == ("create_organization", True, made["orgId"])
    assert made["token"] not in str(line)
    assert OWNER["email"] not in str(line)
