"""Imports of archives through the admin API."""

import json
from typing import Any

import pytest

from tests.fixtures.calls import Calls
from tests.fixtures.http import Answer
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.archives import PLUGIN, tarred, zipped
from tests.unit.admin.contents import AGENT, SKILL

ZIP, TAR = "application/zip", "application/gzip"
SECRET = "ghp_0123456789abcdefghijABCDEFGHIJ456789"
BROKEN = "---\nname: &a [*a]\n---\n"


def send(api_as: ApiAs, person: Person, archive: bytes, query: str = "", kind: str = ZIP, **headers: str) -> Answer:
    return api_as(person).send("POST", f"/config-objects/import{query}", archive, content_type=kind, **headers)


def found(answer: Answer) -> dict[str, str]:
    return {each["locator"]: each["type"] for each in answer.json["items"]}


@pytest.mark.parametrize(("pack", "kind"), [(zipped, ZIP), (tarred, TAR), (tarred, "application/octet-stream")])
@pytest.mark.parametrize("wrapper", ["", "reviews-4f2a/"])
def test_each_unit_of_a_plugin_becomes_an_object(
    api_as: ApiAs, alice: Person, pack: Any, kind: str, wrapper: str
) -> None:
    files = {wrapper + path: text for path, text in PLUGIN.items()}

    answer = send(api_as, alice, pack(files), kind=kind)

    assert answer.status == 201
    assert found(answer) == {
        "skills/deploy/SKILL.md": "skill",
        "agents/reviewer.md": "agent",
        "commands/ship.md": "command",
        ".mcp.json#db": "mcp",
        ".mcp.json#web": "mcp",
    }
    assert {each.sourceMode for each in api_as(alice).get("/config-objects").items} == {"import"}
    assert answer.json["skipped"] == []


def test_a_skill_is_imported_whole_with_its_executable_bits(api_as: ApiAs, alice: Person) -> None:
    created = send(api_as, alice, zipped(PLUGIN)).json["items"][0]["item"]

    files = api_as(alice).get(f"/config-objects/{created['id']}/versions/latest").item.files
    assert [(file["path"], file["mode"]) for file in files] == [("SKILL.md", "100644"), ("scripts/run.sh", "100755")]


@pytest.mark.parametrize("wrapper", ["", "deploy/"])
def test_a_skills_own_folder_becomes_that_skill_alone(api_as: ApiAs, alice: Person, wrapper: str) -> None:
    files = {"SKILL.md": SKILL, "agents/grader.md": "Grade.", "commands/x.md": "X"}

    answer = send(api_as, alice, zipped({wrapper + path: text for path, text in files.items()}))

    assert found(answer) == {"SKILL.md": "skill"}
    assert answer.json["items"][0]["item"]["title"] == "deploy"
    assert answer.json["skipped"] == []


def test_every_plugin_of_a_marketplace_is_looked_into(api_as: ApiAs, alice: Person) -> None:
    marketplace = (
        '{"name": "m", "plugins": [{"name": "a", "source": "./plugins/a"}, {"name": "b", "source": "tools/b"}]}'
    )
    files = {
        ".claude-plugin/marketplace.json": marketplace,
        "plugins/a/skills/one/SKILL.md": SKILL,
        "tools/b/commands/two.md": "Two.",
        "vendor/c/.claude-plugin/plugin.json": "{}",
        "vendor/c/agents/three.md": "Three.",
        "elsewhere/skills/four/SKILL.md": SKILL,
    }

    answer = send(api_as, alice, zipped(files))

    assert sorted(found(answer)) == [
        "plugins/a/skills/one/SKILL.md",
        "tools/b/commands/two.md",
        "vendor/c/agents/three.md",
    ]
    assert [each["path"] for each in answer.json["skipped"]] == ["elsewhere/"]


def test_places_that_a_manifest_names_are_looked_into(api_as: ApiAs, alice: Person) -> None:
    manifest = {"name": "p", "commands": ["./ops/ship.md"], "agents": "./people/", "hooks": "./on/events.json"}
    marketplace = {"plugins": [{"name": "p", "source": "./", "skills": ["./special/deploy"]}]}
    files = {
        ".claude-plugin/plugin.json": json.dumps(manifest),
        ".claude-plugin/marketplace.json": json.dumps(marketplace),
        "ops/ship.md": "Ship.",
        "ops/not-named.md": "Not named.",
        "people/reviewer.md": AGENT,
        "special/deploy/SKILL.md": SKILL,
        "on/events.json": json.dumps({"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true"}]}]}}),
    }

    answer = send(api_as, alice, zipped(files))

    assert found(answer) == {
        "special/deploy/SKILL.md": "skill",
        "people/reviewer.md": "agent",
        "ops/ship.md": "command",
        "on/events.json": "hook",
    }
    assert [each["path"] for each in answer.json["skipped"]] == ["ops/not-named.md"]


def test_what_becomes_nothing_is_named(api_as: ApiAs, alice: Person) -> None:
    more = {
        "README.md": "Read me.",
        "docs/a.md": "a",
        "docs/deep/b.md": "b",
        "__MACOSX/._x": "",
        "skills/x/skill.md": "x",
    }

    skipped = send(api_as, alice, zipped({**PLUGIN, **more})).json["skipped"]

    assert [each["path"] for each in skipped] == ["__MACOSX/._x", "README.md", "docs/", "skills/x/"]
    assert all(each["reason"] for each in skipped)


def test_a_unit_that_clients_refuse_is_refused_alone(api_as: ApiAs, alice: Person) -> None:
    answer = send(api_as, alice, zipped({**PLUGIN, "agents/broken.md": BROKEN}))

    results = {each["locator"]: each for each in answer.json["items"]}
    refused = results["agents/broken.md"]
    assert answer.status == 207
    assert (refused["status"], refused["error"]["code"], refused["diagnostics"][0]["code"]) == (
        400,
        "invalid",
        "yaml_alias",
    )
    assert results["agents/reviewer.md"]["status"] == 201
    assert len(api_as(alice).get("/config-objects").items) == 5


def test_files_that_differ_by_case_alone_refuse_their_unit(api_as: ApiAs, alice: Person) -> None:
    answer = send(api_as, alice, zipped({**PLUGIN, "skills/deploy/Scripts/RUN.sh": "other"}))

    assert {each["locator"]: each["status"] for each in answer.json["items"]}["skills/deploy/SKILL.md"] == 400


def test_a_literal_secret_is_in_no_answer(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"orgWide": True, "role": "viewer"})
    server = {"mcpServers": {"db": {"command": "db", "env": {"API_TOKEN": SECRET}}}}

    answer = send(api_as, alice, zipped({".mcp.json": json.dumps(server)}), f"?pluginIds={plugin_id}")

    path = f"/config-objects/{answer.json['items'][0]['item']['id']}/versions/latest"
    assert SECRET in api_as(alice).get(path).item.rawSourceText
    assert SECRET.encode() not in answer.body + api_as(bob).get(path).body


def test_imported_objects_join_plugins(api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    send(api_as, alice, zipped(PLUGIN), f"?pluginIds={plugin_id}")

    assert len(api_as(alice).get(f"/plugins/{plugin_id}/resolved").items) == 5


def test_who_may_not_edit_the_plugin_imports_nothing(api_as: ApiAs, alice: Person, bob: Person, plugin_id: str) -> None:
    api_as(alice).post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})

    answer = send(api_as, bob, zipped(PLUGIN), f"?pluginIds={plugin_id}")

    assert (answer.status, answer.code) == (403, "missing_role")
    assert api_as(bob).get("/config-objects").items == []


def test_another_tenants_plugin_is_not_found(api_as: ApiAs, mallory: Person, plugin_id: str) -> None:
    answer = send(api_as, mallory, zipped(PLUGIN), f"?pluginIds={plugin_id}")

    assert (answer.status, answer.code) == (404, "not_found")


def test_an_import_sent_again_makes_nothing_new(api_as: ApiAs, alice: Person) -> None:
    first, again = (send(api_as, alice, zipped(PLUGIN), idempotency_key="once") for _ in range(2))

    assert again.json == first.json
    assert len(api_as(alice).get("/config-objects").items) == 5


def test_the_same_key_for_other_plugins_is_a_mistake(api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    send(api_as, alice, zipped(PLUGIN), idempotency_key="once")

    assert send(api_as, alice, zipped(PLUGIN), f"?pluginIds={plugin_id}", idempotency_key="once").status == 422


def test_an_import_takes_one_transaction_for_each_unit(api_as: ApiAs, alice: Person, calls: Calls) -> None:
    send(api_as, alice, zipped(PLUGIN))

    with calls.counting() as cost:
        send(api_as, alice, zipped(PLUGIN))

    assert cost.operations["dynamodb.TransactWriteItems"] == 5
    assert cost.dynamodb <= 5 + 3
    assert cost.of("s3") <= 2 * 5 + 1


def test_too_many_units_are_refused_before_anything_is_written(api_as: ApiAs, alice: Person) -> None:
    answer = send(api_as, alice, zipped({f"agents/{number}.md": "Agent." for number in range(101)}))

    assert answer.status == 413
    assert api_as(alice).get("/config-objects").items == []


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_another_media_type_is_unsupported(api_as: ApiAs, alice: Person, kind: str) -> None:
    assert send(api_as, alice, zipped(PLUGIN), kind=kind).status == 415


def test_an_archive_without_units_says_where_they_are_looked_for(api_as: ApiAs, alice: Person) -> None:
    answer = send(api_as, alice, zipped({"a/README.md": "Read me.", "b/x.md": "x"}))

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "body")


def test_reading_an_import_is_no_method_of_it(api_as: ApiAs, alice: Person) -> None:
    assert api_as(alice).get("/config-objects/import").status == 405
