"""Config objects through the admin API."""

import base64
import json
from typing import Any

import pytest

from shared.domain.content import SourceFile
from shared.domain.errors import TooLarge
from shared.services.drafts import ContentDraft, prepare_draft
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import AGENT, SKILL, skill


def test_an_object_is_created_with_its_first_version(api_as: ApiAs, alice: Person) -> None:
    answer = api_as(alice).post("/config-objects", skill())

    assert answer.status == 201
    assert answer.headers["location"].endswith(f"/config-objects/{answer.item.id}")
    assert (answer.item.title, answer.item.type, answer.item.status) == ("deploy", "skill", "active")
    assert answer.item.headVersionId == answer.item.latestVersionId


def test_what_was_created_is_read_back(api_as: ApiAs, alice: Person) -> None:
    created = api_as(alice).post("/config-objects", skill())

    got = api_as(alice).get(created.headers["location"])

    assert got.item == created.item
    assert got.headers["etag"] == created.headers["etag"]


def test_any_member_may_create(api_as: ApiAs, bob: Person) -> None:
    assert api_as(bob).post("/config-objects", skill()).status == 201


def test_what_others_created_is_not_found(api_as: ApiAs, bob: Person, object_id: str) -> None:
    assert api_as(bob).get(f"/config-objects/{object_id}").status == 404
    assert api_as(bob).get("/config-objects").items == []


@pytest.mark.parametrize(
    ("type_name", "text", "file_name"),
    [
        ("skill", SKILL, "SKILL.md"),
        ("agent", AGENT, "reviewer.md"),
        ("mcp", '{"mcpServers": {"search": {"command": "npx"}}}', ".mcp.json"),
    ],
)
def test_an_entry_is_called_as_its_type_has_it(
    api_as: ApiAs, alice: Person, type_name: str, text: str, file_name: str
) -> None:
    created = api_as(alice).post("/config-objects", {"type": type_name, "input": {"rawSourceText": text}})

    assert created.item.fileName == file_name


def test_a_command_without_a_name_has_to_be_named(api_as: ApiAs, alice: Person) -> None:
    unnamed = {"rawSourceText": "Run the tests."}

    refused = api_as(alice).post("/config-objects", {"type": "command", "input": unnamed})
    named = api_as(alice).post("/config-objects", {"type": "command", "input": {**unnamed, "fileName": "test.md"}})

    assert (refused.status, refused.json["errors"][0]["path"]) == (400, "input.fileName")
    assert (named.status, named.item.title) == (201, "test")


def test_files_beside_the_entry_are_kept_byte_for_byte(api_as: ApiAs, alice: Person) -> None:
    data = bytes(range(256))
    file = {"path": "bin/tool", "content": base64.b64encode(data).decode(), "encoding": "base64", "mode": "100755"}
    created = api_as(alice).post("/config-objects", skill(input={"rawSourceText": SKILL, "files": [file]})).item

    version = api_as(alice).get(f"/config-objects/{created.id}/versions/latest").item

    kept = {one["path"]: (one["size"], one["mode"]) for one in version.files}
    assert kept == {"SKILL.md": (len(SKILL), "100644"), "bin/tool": (256, "100755")}


@pytest.mark.parametrize(
    "paths",
    [
        ["../escape"],
        ["/etc/passwd"],
        ["a/../b"],
        [".git/config"],
        ["a\\b"],
        ["a//b"],
        ["a", "A"],
        ["a", "a/b"],
        ["SKILL.md"],
    ],
)
def test_paths_that_leave_or_collide_are_refused(api_as: ApiAs, alice: Person, paths: list[str]) -> None:
    files = [{"path": path, "content": ""} for path in paths]

    answer = api_as(alice).post("/config-objects", skill(input={"rawSourceText": SKILL, "files": files}))

    assert answer.status == 400
    assert answer.json["errors"][0]["path"].startswith("input.files")


def test_a_refusal_says_in_plain_words_what_would_do(api_as: ApiAs, alice: Person) -> None:
    answer = api_as(alice).post("/config-objects", skill(sourceMode="connector", pluginIds=["reviews"]))

    assert {one["path"]: one["message"] for one in answer.json["errors"]} == {
        "sourceMode": "Input should be 'cloud' or 'import'",
        "pluginIds.0": "is not the id of a plugin",
    }


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"type": "poem", "input": {"rawSourceText": "x"}}, "type"),
        ({"type": "agent", "input": {"rawSourceText": '{"agent": {}}', "fileName": "opencode.json"}},
         "input.rawSourceText"),
        ({"type": "hook", "input": {"rawSourceText": '{"hooks": "./x.json"}', "fileName": "plugin.json"}},
         "input.rawSourceText"),
        (skill(sourceMode="connector"), "sourceMode"),
        (skill(pluginIds=["cfg_01m83cm181mw5y2cd4zh3yt3tz"]), "pluginIds.0"),
        (skill(colour="red"), "colour"),
        (skill(input={"rawSourceText": SKILL, "files": [{"path": "a", "content": "%", "encoding": "base64"}]}),
         "input.files.0.content"),
        ({"type": "mcp", "input": {"rawSourceText": '{"a": {"url": "http://a"}, "b": {"url": "http://b"}}'}},
         "input.rawSourceText"),
        ({"type": "mcp", "input": {"rawSourceText": "{"}}, "input.rawSourceText"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(api_as: ApiAs, alice: Person, body: dict[str, Any], path: str) -> None:
    answer = api_as(alice).post("/config-objects", body)

    assert answer.status == 400
    assert {one["path"] for one in answer.json["errors"]} == {path}


def test_a_source_beyond_the_limit_is_too_large(api_as: ApiAs, alice: Person) -> None:
    answer = api_as(alice).post("/config-objects", skill(SKILL + "x" * 1024 * 1024))

    assert (answer.status, answer.code) == (413, "too_large")


def test_too_many_files_are_too_large(api_as: ApiAs, alice: Person) -> None:
    files = [{"path": f"f{number}", "content": ""} for number in range(2_000)]

    answer = api_as(alice).post("/config-objects", skill(input={"rawSourceText": SKILL, "files": files}))

    assert answer.status == 413


def test_a_unit_beyond_its_limit_is_too_large_however_it_comes() -> None:
    files = [SourceFile(f"data/{number}", bytes(1024 * 1024)) for number in range(25)]

    with pytest.raises(TooLarge, match="25"):
        prepare_draft("skill", ContentDraft(SKILL, files=files))


@pytest.mark.parametrize("path", ["/config-objects", "/config-objects/bulk"])
def test_a_body_that_lambda_would_not_take_is_too_large(api_as: ApiAs, alice: Person, path: str) -> None:
    answer = api_as(alice).post(path, b" " * (6 * 1024 * 1024 + 1))

    assert (answer.status, answer.code) == (413, "too_large")


def test_an_object_is_created_into_plugins(api_as: ApiAs, alice: Person, plugin_id: str) -> None:
    created = api_as(alice).post("/config-objects", skill(pluginIds=[plugin_id, plugin_id])).item

    members = api_as(alice).get(f"/plugins/{plugin_id}/config-objects").items
    assert [member.configObjectId for member in members] == [created.id]


def test_a_plugin_that_may_not_be_seen_takes_no_object(api_as: ApiAs, bob: Person, plugin_id: str) -> None:
    answer = api_as(bob).post("/config-objects", skill(pluginIds=[plugin_id]))

    assert answer.status == 404
    assert api_as(bob).get("/config-objects").items == []


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"deploy", "reviewer"}),
        ("type=skill", {"deploy"}),
        ("type=agent&status=active", {"reviewer"}),
        ("sourceMode=import", {"reviewer"}),
        ("sourceMode=connector", set()),
        ("status=archived", set()),
        ("connectorInstanceId=cin_01m83cm181mw5y2cd4zh3yt3tz", set()),
    ],
)
def test_a_list_is_filtered(api_as: ApiAs, alice: Person, query: str, titles: set[str]) -> None:
    api_as(alice).post("/config-objects", skill())
    agent = {"type": "agent", "sourceMode": "import", "input": {"rawSourceText": AGENT}}
    api_as(alice).post("/config-objects", agent)

    answer = api_as(alice).get(f"/config-objects?{query}")

    assert {one.title for one in answer.items} == titles


def test_a_list_is_filtered_by_plugin(api_as: ApiAs, alice: Person, object_id: str, plugin_id: str) -> None:
    inside = api_as(alice).post("/config-objects", skill(pluginIds=[plugin_id])).item

    found = api_as(alice).get(f"/config-objects?pluginId={plugin_id}").items

    assert [one.id for one in found] == [inside.id]


def test_pages_do_not_shift_while_rows_come(api_as: ApiAs, alice: Person) -> None:
    made = [api_as(alice).post("/config-objects", skill()).item.id for _ in range(4)]

    first = api_as(alice).get("/config-objects?limit=3")
    later = api_as(alice).post("/config-objects", skill()).item.id
    second = api_as(alice).get(f"/config-objects?limit=3&cursor={first.json['nextCursor']}")

    assert [one.id for one in (*first.items, *second.items)] == [*made, later]
    assert second.json["nextCursor"] is None


def test_a_cursor_is_no_good_in_another_org(api_as: ApiAs, alice: Person, mallory: Person) -> None:
    for person in (alice, alice, mallory, mallory):
        api_as(person).post("/config-objects", skill())

    cursor = api_as(alice).get("/config-objects?limit=1").json["nextCursor"]

    assert api_as(mallory).get(f"/config-objects?limit=1&cursor={cursor}").code == "invalid_cursor"


def test_of_a_file_that_types_share_only_the_objects_own_section_is_kept(api_as: ApiAs, alice: Person) -> None:
    canary = "canary-Zx81kk20ppQ"
    servers = {"db": {"command": ["db"], "environment": {"KEY": canary}}}
    text = json.dumps({"agent": {"critic": {"prompt": "Be kind."}}, "mcp": servers})
    body = {"type": "agent", "input": {"rawSourceText": text, "fileName": "opencode.json"}}

    created = api_as(alice).post("/config-objects", body)

    version = api_as(alice).get(f"/config-objects/{created.item.id}/versions/latest")
    assert (created.status, created.item.title) == (201, "critic")
    assert "Be kind." in version.body.decode()
    assert canary not in version.body.decode()


def test_a_file_that_types_share_must_hold_one_object_of_the_type(api_as: ApiAs, alice: Person) -> None:
    text = '{"agent": {"critic": {"prompt": "a"}, "tester": {"prompt": "b"}}}'

    answer = api_as(alice).post(
        "/config-objects", {"type": "agent", "input": {"rawSourceText": text, "fileName": "opencode.json"}}
    )

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "input.rawSourceText")
    assert "agent/critic, agent/tester" in answer.json["errors"][0]["message"]
