"""Planted secrets are found in editors' own reads and nowhere else: no row, no object, no answer, no line of a log."""

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import Binary

from shared.bootstrap import Services
from tests.fixtures.http import Answer, Api
from tests.fixtures.logs import LogLines
from tests.fixtures.people import ApiAs, Person
from tests.fixtures.stack import BUCKET

MARK = "Zx81kk20ppQ"
"""In every planted secret, and in nothing else."""

LOCAL = """{
  // the old one was canary-comment-%(mark)s
  "mcpServers": {"db": {
    "command": "npx", "args": ["-y", "server", "--token", "canary-flag-%(mark)s", "--api-key=canary-option-%(mark)s"],
    "env": {"DB_PASSWORD": "canary-env-%(mark)s", "DSN": "postgres://me:canary-dsn-%(mark)s@db.example/app"},
    "apiToken": "canary-unknown-%(mark)s"
  }},
  "registry": {"authToken": "canary-beside-%(mark)s"}
}""".replace("%(mark)s", MARK)
REMOTE = json.dumps(
    {
        "mcpServers": {
            "search": {
                "type": "http",
                "url": f"https://me:canary-user-{MARK}@127.0.0.1:9443/mcp?api_key=canary-query-{MARK}",
                "headers": {"Authorization": f"Bearer canary-header-{MARK}", "X-Any": f"canary-any-{MARK}"},
                "oauth": {"clientId": "x", "clientSecret": f"canary-oauth-{MARK}"},
            }
        }
    }
)
OPENCODE = json.dumps(
    {"mcp": {"tools": {"type": "local", "command": ["x"], "environment": {"KEY": f"canary-opencode-{MARK}"}}}}
)
AGENT = f"---\ndescription: Helps.\nmcpServers:\n  db:\n    env:\n      KEY: canary-agent-{MARK}\n---\nHelp.\n"
SOURCES = [("mcp", LOCAL), ("mcp", REMOTE), ("mcp", OPENCODE), ("agent", AGENT)]
BROKEN = [
    {"type": "mcp", "input": {"rawSourceText": f'{{"mcpServers": {{"db": "canary-broken-{MARK}"'}},
    {"type": "mcp", "input": {"rawSourceText": f'{{"mcpServers": {{"db": {{"env": {{"K": "canary-{MARK}"}}}}}}}}'}},
    {"type": "mcp", "input": {"rawSourceText": REMOTE}, "secret": f"canary-field-{MARK}"},
    {"type": "mcp", "input": {"rawSourceText": [f"canary-shape-{MARK}"]}},
    {"type": f"canary-type-{MARK}", "input": {"rawSourceText": REMOTE}},
]


@pytest.fixture
def planted(api_as: ApiAs, alice: Person, bob: Person) -> tuple[str, list[str]]:
    """A plugin that Bob may view, and its objects, each with a second version; all with idempotency keys."""
    api = api_as(alice)
    plugin_id = api.post("/plugins", {"name": "tools"}).item.id
    api.post(f"/plugins/{plugin_id}/access", {"memberId": bob.id, "role": "viewer"})
    made = []
    for number, (kind, text) in enumerate(SOURCES):
        named = {"fileName": "helper.md"} if kind == "agent" else {}
        body = {"type": kind, "pluginIds": [plugin_id], "input": {"rawSourceText": text, **named}}
        created = api.post("/config-objects", body, idempotency_key=f"make-{number}")
        assert created.status == 201, created.body
        made.append(created.item.id)
        rotated = {"input": {"rawSourceText": text.replace("canary-", "canary-new-")}}
        assert api.post(f"/config-objects/{made[-1]}/versions", rotated, idempotency_key=f"next-{number}").status == 201
    return plugin_id, made


def _answers(api: Api, ids: Iterable[str]) -> Iterator[Answer]:
    """Everything that an object's reader can ask for."""
    yield from (api.get(path) for path in ("/config-objects", f"/config-objects?q={MARK}", "/mcps", "/plugins"))
    for object_id in ids:
        path = f"/config-objects/{object_id}"
        versions = api.get(f"{path}/versions")
        yield from (versions, api.get(path), api.get(f"{path}/versions/latest"), api.get(f"/mcps/{object_id}"))
        new, old = (version.id for version in versions.items)
        yield api.get(f"{path}/versions/{old}")
        yield api.get(f"{path}/versions/compare?from={old}&to={new}")
        yield from (api.get(f"{path}/versions/{old}/files/{name}") for name in (".mcp.json", "helper.md"))
        yield from (api.post(f"/mcps/{object_id}/{check}") for check in ("install-check", "test-connection"))


def test_no_viewer_is_shown_a_secret(api_as: ApiAs, bob: Person, planted: tuple[str, list[str]]) -> None:
    answers = list(_answers(api_as(bob), planted[1]))

    assert sum(answer.status == 200 for answer in answers) > 30
    assert [answer.body for answer in answers if MARK.encode() in answer.body.replace(f"?q={MARK}".encode(), b"")] == []


def test_editors_read_the_source_and_no_secret_in_anything_else(
    api_as: ApiAs, alice: Person, planted: tuple[str, list[str]]
) -> None:
    read = [api_as(alice).get(f"/config-objects/{one}/versions/latest").item for one in planted[1]]

    for (_, text), version in zip(SOURCES, read, strict=True):
        assert version.rawSourceText == text.replace("canary-", "canary-new-")
        assert MARK not in json.dumps({name: value for name, value in vars(version).items() if name != "rawSourceText"})


def test_nothing_that_is_stored_holds_a_secret_in_the_clear(
    depot: Services, alice: Person, planted: tuple[str, list[str]], api_as: ApiAs
) -> None:
    delivered = Api(_delivery(), f"/v1/orgs/{alice.org_id}/delivery", {"authorization": f"Bearer {alice.token}"})
    delivered.get(f"/plugins/{planted[0]}/manifest")
    for name in ("zip", "tar.gz"):
        assert delivered.get(f"/plugins/{planted[0]}/download?client=claude-code&format={name}").status == 302
    for body in BROKEN:
        api_as(alice).post("/config-objects", body, idempotency_key="broken")

    stored = list(stored_rows(depot.settings.table)) + list(stored_objects(alice.org_id))

    assert len(stored) > 30
    assert [place for place, data in stored if MARK.encode() in data] == []


@pytest.mark.parametrize("body", BROKEN)
def test_a_refusal_repeats_no_secret(api_as: ApiAs, alice: Person, body: Any, log_lines: LogLines) -> None:
    for answer in (api_as(alice).post("/config-objects", body), api_as(alice).post("/mcps/validate", body)):
        assert 400 <= answer.status < 500
        assert MARK.encode() not in answer.body.replace(f"canary-type-{MARK}".encode(), b"")

    assert MARK not in json.dumps(log_lines())


def test_no_line_of_a_log_holds_a_secret(
    api_as: ApiAs,
    alice: Person,
    log_lines: LogLines,
    caplog: pytest.LogCaptureFixture,
    planted: tuple[str, list[str]],
) -> None:
    list(_answers(api_as(alice), planted[1]))
    api_as(alice).post(f"/mcps/{planted[1][1]}/test-connection", {"variables": {"A": f"canary-value-{MARK}"}})

    assert len(log_lines()) > 20
    assert MARK not in json.dumps(log_lines())
    assert MARK not in caplog.text


def test_what_clients_are_given_holds_no_secret(
    delivered_to: Callable[[Person], Api], bob: Person, planted: tuple[str, list[str]]
) -> None:
    manifest = delivered_to(bob).get(f"/plugins/{planted[0]}/manifest")

    assert manifest.status == 200
    assert len([one for one in manifest.item.variables if one["secret"]]) >= len(SOURCES)
    assert MARK.encode() not in manifest.body


def _delivery() -> Any:
    from functions.delivery.handler import handler

    return handler


def stored_rows(table: str) -> Iterator[tuple[str, bytes]]:
    """Every row, what it packs taken apart."""
    for item in boto3.resource("dynamodb").Table(table).scan()["Items"]:
        packed = [value.value for value in item.values() if isinstance(value, Binary)]
        whole = b"".join([repr(item).encode(), *map(_unpacked, packed)])
        yield f"{item['pk']} {item['sk']}", whole


def stored_objects(org_id: str) -> Iterator[tuple[str, bytes]]:
    """Every object of the org, archives taken apart."""
    s3 = boto3.client("s3")
    for one in s3.list_objects_v2(Bucket=BUCKET, Prefix=f"orgs/{org_id}/")["Contents"]:
        data = s3.get_object(Bucket=BUCKET, Key=one["Key"])["Body"].read()
        yield one["Key"], data + _unpacked(data)


def _unpacked(data: bytes) -> bytes:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    try:
        return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else zlib.decompress(data)
    except zlib.error:
        return b""
