"""Previews: what each client would be given of a skill, and what a command becomes."""

from typing import Any

import pytest

from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import SKILL

SCRIPT = {"path": "scripts/run.sh", "content": "echo hi\n", "mode": "100755"}


def test_a_skill_is_shown_as_each_client_would_be_given_it(api_as: ApiAs, alice: Person) -> None:
    text = SKILL.replace("name: deploy", "name: Deploy Now")

    item = api_as(alice).post("/skills/preview", {"input": {"rawSourceText": text, "files": [SCRIPT]}}).item

    files = {each["client"]: {file["path"]: file for file in each["files"]} for each in item.clients}
    assert item.installName == "Deploy-Now"
    assert list(files["claude-code"]) == ["skills/Deploy-Now/SKILL.md", "skills/Deploy-Now/scripts/run.sh"]
    assert list(files["opencode"]) == [".opencode/skills/Deploy-Now/SKILL.md", *list(files["opencode"])[1:]]
    assert list(files["raw"]) == ["SKILL.md", "scripts/run.sh"]
    assert files["claude-code"]["skills/Deploy-Now/SKILL.md"]["text"] == text
    assert files["claude-code"]["skills/Deploy-Now/scripts/run.sh"]["mode"] == "100755"


def test_a_skill_that_nobody_loads_is_given_to_nobody(api_as: ApiAs, alice: Person) -> None:
    item = api_as(alice).post("/skills/preview", {"input": {"rawSourceText": "---\na: &a [*a]\n---\n"}}).item

    assert item.clients == []
    assert item.diagnostics[0]["code"] == "yaml_alias"


def render(api_as: ApiAs, alice: Person, text: str, arguments: Any) -> Any:
    body = {"input": {"rawSourceText": text, "fileName": "ship.md"}, "arguments": arguments}
    return api_as(alice).post("/commands/render-preview", body).item


def test_a_command_is_rendered_and_nothing_of_it_is_run(api_as: ApiAs, alice: Person) -> None:
    text = "---\ndescription: Ships.\n---\nShip $ARGUMENTS to !`hostname` as @docs/ship.md says.\n"

    item = render(api_as, alice, text, "api v2")

    assert item.text == "Ship api v2 to !`hostname` as @docs/ship.md says."
    assert (item.shell, item.files, item.usesArguments) == (["hostname"], ["docs/ship.md"], True)


@pytest.mark.parametrize("arguments", ['main "two words"', ["main", "two words"]])
def test_numbered_arguments_follow_the_shells_quotes(api_as: ApiAs, alice: Person, arguments: Any) -> None:
    item = render(api_as, alice, "From $1 to $2.", arguments)

    assert (item.client, item.text) == ("opencode", "From main to two words.")


def test_clients_that_count_otherwise_are_shown_beside(api_as: ApiAs, alice: Person) -> None:
    item = render(api_as, alice, "From $0 to $1.", "main next")

    assert {each["client"]: each["text"] for each in item.clients} == {
        "claude-code": "From main to next.",
        "opencode": "From  to main next.",
    }
    assert item.client == "claude-code"


def test_arguments_that_a_command_does_not_name_follow_it(api_as: ApiAs, alice: Person) -> None:
    item = render(api_as, alice, "Ship it.", "now")

    assert [each["text"] for each in item.clients] == ["Ship it.\n\nARGUMENTS: now", "Ship it.\n\nnow"]
    assert not item.usesArguments


def test_a_prompt_that_grows_beyond_measure_is_refused(api_as: ApiAs, alice: Person) -> None:
    body = {"input": {"rawSourceText": "$1" * 400_000, "fileName": "a.md"}, "arguments": "x" * 4_000}

    assert api_as(alice).post("/commands/render-preview", body).status == 413


TOOL = """import { tool } from "@opencode-ai/plugin"
export default tool({
  description: "Deploys a service",
  args: { service: tool.schema.string() },
  async execute(args) { throw new Error("never run") },
})
"""


def test_a_tool_is_analyzed_without_running_it(api_as: ApiAs, alice: Person) -> None:
    body = {"input": {"rawSourceText": TOOL, "fileName": "deploy.ts"}}

    item = api_as(alice).post("/tools/analyze", body).item

    assert (item.language, item.status) == ("typescript", "complete")
    assert [(tool["name"], tool["description"]) for tool in item.tools] == [("deploy", "Deploys a service")]
    assert item.tools[0]["args"]["properties"] == {"service": {"type": "string"}}


def test_a_module_without_a_tool_is_told_so(api_as: ApiAs, alice: Person) -> None:
    body = {"input": {"rawSourceText": "const a = 1\n", "fileName": "deploy.ts"}}

    item = api_as(alice).post("/tools/analyze", body).item

    assert (item.status, item.tools) == ("failed", [])
    assert item.diagnostics[0]["code"] == "tool_missing"
