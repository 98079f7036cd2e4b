"""Validation: what would become of content, told without storing it."""

import json
from typing import Any

import pytest

from tests.fixtures.http import Answer
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import SKILL

SECRET = "ghp_0123456789abcdefghijABCDEFGHIJ456789"


def validate(api_as: ApiAs, person: Person, view: str, text: str, **more: Any) -> Answer:
    return api_as(person).post(f"/{view}/validate", {"input": {"rawSourceText": text, **more}})


def test_validation_tells_what_would_be_stored_and_stores_nothing(api_as: ApiAs, alice: Person) -> None:
    item = validate(api_as, alice, "skills", SKILL).item

    assert (item.title, item.projection["dialect"], item.payload["name"]) == ("deploy", "hybrid", "deploy")
    assert item.installPaths["claude-code"] == "skills/deploy/"
    assert {verdict["client"]: verdict["loads"] for verdict in item.verdicts} == {
        "claude-code": True,
        "opencode": True,
        "codex": True,
        "copilot": True,
        "vscode": None,
    }
    assert api_as(alice).get("/config-objects").items == []


def test_content_that_clients_refuse_is_no_refusal(api_as: ApiAs, alice: Person) -> None:
    answer = validate(api_as, alice, "skills", "---\nname: &a [*a]\n---\nBoom\n")

    verdicts = {each["client"]: each for each in answer.item.verdicts}
    assert answer.status == 200
    assert answer.item.diagnostics[0]["severity"] == "error"
    assert not verdicts["claude-code"]["loads"]
    assert verdicts["claude-code"]["reasons"] == [
        "claude-code refuses this because YAML aliases are refused: they can grow without bound"
    ]


def test_each_client_has_its_own_verdict(api_as: ApiAs, alice: Person) -> None:
    item = validate(api_as, alice, "skills", SKILL.replace("deploy", "Deploy Now", 1)).item

    verdicts = {each["client"]: each for each in item.verdicts}
    assert verdicts["claude-code"]["loads"]
    assert verdicts["copilot"]["reasons"] == [
        "copilot refuses this because a skill's name is 1 to 64 of a-z, 0-9 and single inner hyphens: Deploy Now"
    ]


def test_a_verdict_says_what_is_not_known(api_as: ApiAs, alice: Person) -> None:
    item = validate(
        api_as, alice, "agents", "---\ndescription: Criticizes.\n---\nBe kind.\n", fileName="critic.md"
    ).item

    verdicts = {each["client"]: (each["loads"], each["reasons"]) for each in item.verdicts}
    assert verdicts["codex"] == (False, ["codex takes no such agent from a plugin"])
    assert verdicts["copilot"] == (None, ["whether copilot loads an object of type agent from a plugin is not known"])


def test_a_secret_is_masked_in_what_validation_answers(api_as: ApiAs, alice: Person) -> None:
    server = json.dumps({"mcpServers": {"db": {"command": "db", "env": {"API_TOKEN": SECRET}}}})

    answer = validate(api_as, alice, "mcps", server)

    assert (answer.status, answer.item.title) == (200, "db")
    assert SECRET.encode() not in answer.body


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({"input": {"rawSourceText": SKILL, "text": "?"}}, 400, "input.text"),
        ({"input": {"rawSourceText": SKILL, "fileName": "../SKILL.md"}}, 400, "input.fileName"),
        ({"input": {"rawSourceText": SKILL}, "type": "skill"}, 400, "type"),
    ],
)
def test_what_is_no_content_is_refused(
    api_as: ApiAs, alice: Person, body: dict[str, Any], status: int, path: str
) -> None:
    answer = api_as(alice).post("/skills/validate", body)

    assert (answer.status, answer.json["errors"][0]["path"]) == (status, path)


def test_content_beyond_the_limits_is_too_large(api_as: ApiAs, alice: Person) -> None:
    assert validate(api_as, alice, "skills", SKILL + "x" * 1024 * 1024).status == 413


def test_any_type_is_validated_beside_its_objects(api_as: ApiAs, alice: Person) -> None:
    answer = api_as(alice).post("/config-objects/validate", {"type": "skill", "input": {"rawSourceText": SKILL}})

    assert answer.json == validate(api_as, alice, "skills", SKILL).json
