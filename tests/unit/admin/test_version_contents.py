"""One file of a version, and what differs between two."""

import base64
import json
from typing import Any

import pytest

from shared.services import object_comparison, object_files
from tests.fixtures.http import Answer
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import SKILL, skill

TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ456789"
BINARY = bytes(range(256))
PAGE = "<script>alert(1)</script>"


def files(**contents: bytes | str) -> list[dict[str, str]]:
    """Files by name, `_` for a slash."""
    return [
        {
            "path": name.replace("_", "/"),
            "content": base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode(),
            "encoding": "base64",
        }
        for name, data in contents.items()
    ]


def server(token: str, *arguments: str) -> dict[str, Any]:
    entry = {"command": "search-server", "args": [*arguments], "env": {"API_TOKEN": token}}
    return {"rawSourceText": json.dumps({"mcpServers": {"search": entry}})}


@pytest.fixture
def rich(api_as: ApiAs, alice: Person) -> Any:
    """A skill with files of several kinds."""
    beside = [
        *files(bin_tool=BINARY, old="gone soon\n", note="one\ntwo\nthree\n"),
        {"path": "assets/ä b.html", "content": PAGE},
        {"path": "run.sh", "content": "true\n"},
    ]
    return api_as(alice).post("/config-objects", skill(input={"rawSourceText": SKILL, "files": beside})).item


def raw(api_as: ApiAs, person: Person, entity: Any, path: str, **headers: str) -> Answer:
    return api_as(person).get(f"/config-objects/{entity.id}/versions/{entity.headVersionId}/files/{path}", **headers)


def test_the_newest_version_is_read_without_its_id(api_as: ApiAs, alice: Person, rich: Any) -> None:
    newer = SKILL + "More.\n"
    api_as(alice).post(f"/config-objects/{rich.id}/versions", {"input": {"rawSourceText": newer}})

    answer = api_as(alice).get(f"/config-objects/{rich.id}/versions/latest/files/SKILL.md")

    assert (answer.status, answer.body.decode()) == (200, newer)
    assert api_as(alice).get(f"/config-objects/{rich.id}/versions/newest/files/SKILL.md").status == 404


@pytest.mark.parametrize(
    ("path", "kind", "data"),
    [
        ("SKILL.md", "text/plain; charset=utf-8", SKILL.encode()),
        ("bin/tool", "application/octet-stream", BINARY),
        ("bin%2Ftool", "application/octet-stream", BINARY),
        ("assets/%C3%A4%20b.html", "text/plain; charset=utf-8", PAGE.encode()),
    ],
)
def test_a_file_is_given_as_it_is_and_never_as_a_page(
    api_as: ApiAs, alice: Person, rich: Any, path: str, kind: str, data: bytes
) -> None:
    answer = raw(api_as, alice, rich, path)

    assert (answer.status, answer.body) == (200, data)
    assert (answer.headers["content-type"], answer.headers["x-content-type-options"]) == (kind, "nosniff")


def test_who_has_a_file_is_told_so(api_as: ApiAs, alice: Person, rich: Any) -> None:
    etag = raw(api_as, alice, rich, "bin/tool").headers["etag"]

    answer = raw(api_as, alice, rich, "bin/tool", if_none_match=etag)

    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)


@pytest.mark.parametrize("path", ["nothing", "bin", "../SKILL.md", "bin/tool/", "%2E%2E/SKILL.md"])
def test_a_file_that_is_not_there_is_not_found(api_as: ApiAs, alice: Person, rich: Any, path: str) -> None:
    assert raw(api_as, alice, rich, path).code == "not_found"


def test_a_large_file_is_a_link(api_as: ApiAs, alice: Person, rich: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_files, "MAX_INLINE", 100)

    answer = raw(api_as, alice, rich, "bin/tool")

    assert answer.status == 302
    assert "/blobs/" in answer.headers["location"]
    assert "X-Amz-Signature" in answer.headers["location"]


def test_a_secret_in_a_file_is_shown_to_editors_alone(api_as: ApiAs, alice: Person, bob: Person) -> None:
    created = api_as(alice).post("/config-objects", {"type": "mcp", "input": server(TOKEN)}).item
    api_as(alice).post(f"/config-objects/{created.id}/access", {"memberId": bob.id, "role": "viewer"})

    editor, viewer = raw(api_as, alice, created, ".mcp.json"), raw(api_as, bob, created, ".mcp.json")

    assert TOKEN.encode() in editor.body
    assert viewer.status == 200
    assert TOKEN.encode() not in viewer.body
    assert viewer.headers["etag"] != editor.headers["etag"]


def compared(api_as: ApiAs, person: Person, entity: Any) -> Any:
    """The first version and the latest."""
    answer = api_as(person).get(f"/config-objects/{entity.id}/versions/compare?from={entity.headVersionId}&to=latest")
    assert answer.status == 200, answer.json
    return answer.json["item"]


def test_two_versions_are_compared_file_by_file(api_as: ApiAs, alice: Person, rich: Any) -> None:
    beside = [
        *files(bin_tool=BINARY[::-1], note="one\nTWO\nthree\n", new="fresh\n"),
        {"path": "assets/ä b.html", "content": PAGE},
        {"path": "run.sh", "content": "true\n", "mode": "100755"},
    ]
    api_as(alice).post(f"/config-objects/{rich.id}/versions", {"input": {"rawSourceText": SKILL, "files": beside}})

    found = {one["path"]: one for one in compared(api_as, alice, rich)["files"]}

    assert {path: one["change"] for path, one in found.items()} == {
        "bin/tool": "modified", "new": "added", "note": "modified", "old": "removed", "run.sh": "mode_changed",
    }  # fmt: skip
    assert found["note"]["diff"] == "--- a/note\n+++ b/note\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n"
    assert (found["bin/tool"]["binary"], found["bin/tool"]["diff"]) == (True, None)
    assert found["new"]["diff"].startswith("--- /dev/null\n+++ b/new\n@@ -0,0 +1,1 @@")
    assert (found["run.sh"]["before"]["mode"], found["run.sh"]["after"]["mode"]) == ("100644", "100755")


def test_two_versions_are_compared_field_by_field(api_as: ApiAs, alice: Person, rich: Any) -> None:
    text = SKILL.replace("Deploys a service", "Ships a service")
    api_as(alice).post(f"/config-objects/{rich.id}/versions", {"input": {"rawSourceText": text}})

    fields = {one["path"]: (one["before"], one["after"]) for one in compared(api_as, alice, rich)["fields"]}

    assert fields == {
        "description": (
            "Deploys a service to production, step by step.",
            "Ships a service to production, step by step.",
        )
    }


def test_a_deletion_takes_everything_away(api_as: ApiAs, alice: Person, rich: Any) -> None:
    api_as(alice).post(f"/config-objects/{rich.id}/delete")

    found = compared(api_as, alice, rich)

    assert {one["change"] for one in found["files"]} == {"removed"}
    assert found["to"]["isDeletion"] is True


@pytest.mark.parametrize(("token", "arguments"), [(TOKEN[::-1], []), (TOKEN, ["--fast"])])
def test_no_secret_is_ever_in_a_comparison(api_as: ApiAs, alice: Person, token: str, arguments: list[str]) -> None:
    created = api_as(alice).post("/config-objects", {"type": "mcp", "input": server(TOKEN)}).item
    api_as(alice).post(f"/config-objects/{created.id}/versions", {"input": server(token, *arguments)})

    found = compared(api_as, alice, created)

    assert found["sealedChanged"] is True
    assert ["--fast" in file["diff"] for file in found["files"]] == [True] * len(arguments)
    assert "0123456789" not in json.dumps(found)
    assert "9876543210" not in json.dumps(found)


def test_what_is_beyond_the_limits_is_listed_and_not_shown(
    api_as: ApiAs, alice: Person, rich: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_comparison, "MAX_READ", 5)
    api_as(alice).post(f"/config-objects/{rich.id}/versions", {"input": {"rawSourceText": f"{SKILL}More."}})

    found = compared(api_as, alice, rich)

    assert found["truncated"] is True
    assert {one["path"]: one["diff"] for one in found["files"]}["SKILL.md"] is None


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=latest&to=ver_01m83cm181mw5y2cd4zh3yt3tz", 404),
        ("from=latest", 400),
        ("from=latest&to=first", 400),
        ("from=latest&to=cfg_01m83cm181mw5y2cd4zh3yt3tz", 400),
    ],
)
def test_versions_to_compare_have_to_be_there(
    api_as: ApiAs, alice: Person, object_id: str, query: str, status: int
) -> None:
    assert api_as(alice).get(f"/config-objects/{object_id}/versions/compare?{query}").status == status
