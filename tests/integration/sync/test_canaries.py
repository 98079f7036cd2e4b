"""Secrets planted in a repository show in no discovery, preview, sync or import; in no row, object or line of a log."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fixtures.http import Answer
from tests.fixtures.logs import LogLines
from tests.fixtures.people import ApiAs, Person, join
from tests.integration.delivery.test_canaries import (
    AGENT,
    LOCAL,
    MARK,
    OPENCODE,
    REMOTE,
    SOURCES,
    stored_objects,
    stored_rows,
)
from tests.integration.sync.conftest import WEBHOOK_SECRET
from tests.integration.sync.files import skill
from tests.integration.sync.marketplaces import MARKETPLACE, Desk, at_desk
from tests.integration.sync.world import World
from tests.unit.admin.archives import zipped

SERVERS = json.loads(REMOTE)["mcpServers"]
BROKEN = f'{{"mcpServers": {{"db": {{"env": {{"KEY": "canary-broken-{MARK}" "oops'
PLUGIN: dict[str, Any] = {"name": "alpha", "mcpServers": SERVERS, "apiToken": f"canary-beside-{MARK}"}
FILES: dict[str, str] = {
    MARKETPLACE: json.dumps(
        {
            "name": "acme-tools",
            "owner": {"name": "Acme"},
            "token": f"canary-market-{MARK}",
            "plugins": [
                {"name": "alpha", "source": "./plugins/alpha"},
                {"name": "beta", "source": "./plugins/beta", "strict": False, "mcpServers": SERVERS},
                {
                    "name": "far",
                    "source": {"source": "url", "url": f"https://me:canary-url-{MARK}@git.example/far.git"},
                },
            ],
        }
    ),
    "plugins/alpha/.claude-plugin/plugin.json": json.dumps(PLUGIN),
    "plugins/alpha/.mcp.json": LOCAL,
    "plugins/alpha/agents/helper.md": AGENT,
    "plugins/alpha/skills/review/SKILL.md": skill("review"),
    "plugins/beta/skills/deploy/SKILL.md": skill("deploy"),
    "opencode.json": OPENCODE,
    "broken/.mcp.json": BROKEN,
}
MAPPED = [
    ("/plugins/alpha/.mcp.json", "mcp"),
    ("/plugins/alpha/.claude-plugin/plugin.json", "mcp"),
    ("/plugins/alpha/agents/", "agent"),
    ("/opencode.json", "mcp"),
    ("/broken/.mcp.json", "mcp"),
]


@pytest.fixture
def desk(world: World, api_as: ApiAs, alice: Person) -> Desk:
    return at_desk(world, api_as, alice, FILES)


def _discoveries(desk: Desk) -> Iterator[Answer]:
    desk.discover()
    yield from (desk.api.get(desk.base), desk.api.get(f"{desk.base}/tree"), desk.apply("entry:alpha", "entry:beta"))
    desk.world.queue.drain()


def _mappings(desk: Desk) -> Iterator[Answer]:
    """Each previewed as it was made, and as something that it is not."""
    for selector, kind in MAPPED:
        body = {"selector": selector, "objectType": kind}
        made = desk.api.post(f"/connector-targets/{desk.connected.target_id}/mappings", body)
        yield made
        for changes in ({}, {"objectType": "context"}, {"objectType": "hook"}, {"objectType": "skill"}):
            yield desk.api.post(f"/connector-mappings/{made.item.id}/preview", changes)
    desk.world.resync(desk.connected)


def _hand_ins(desk: Desk) -> Iterator[Answer]:
    """An archive, many at once, and what is only looked at."""
    yield desk.api.send("POST", "/config-objects/import", zipped(FILES), content_type="application/zip")
    inputs = [{"type": kind, "input": {"rawSourceText": text, **_named(kind)}} for kind, text in SOURCES]
    yield desk.api.post("/config-objects/bulk", {"items": [*inputs, {**inputs[0], "input": {"rawSourceText": BROKEN}}]})
    yield from (desk.api.post("/config-objects/validate", one) for one in inputs)


def _named(kind: str) -> dict[str, str]:
    return {"fileName": "helper.md"} if kind == "agent" else {}


def _looks_back(desk: Desk) -> Iterator[Answer]:
    """What tells of it afterwards: objects, runs, the audit."""
    listing = desk.api.get("/config-objects?limit=100")
    yield listing
    for path in ("/connector-sync-events", "/audit-events?limit=100", "/mcps", "/plugins", f"/config-objects?q={MARK}"):
        yield desk.api.get(path)
    for found in listing.items:
        yield desk.api.get(f"/config-objects/{found.id}")
        yield desk.api.get(f"/config-objects/{found.id}/versions")


def _everything(desk: Desk) -> list[Answer]:
    return [*_discoveries(desk), *_mappings(desk), *_hand_ins(desk), *_looks_back(desk)]


def test_no_answer_holds_a_secret_of_the_source(desk: Desk) -> None:
    answers = _everything(desk)

    assert sum(answer.status < 300 for answer in answers) > 50
    assert [one.body for one in answers if MARK.encode() in one.body.replace(f"?q={MARK}".encode(), b"")] == []


def test_viewers_are_shown_no_secret_that_was_synced(desk: Desk, world: World, api_as: ApiAs, alice: Person) -> None:
    _everything(desk)
    bob = join(world.depot, alice, "bob")
    for plugin in desk.plugins().values():
        desk.api.post(f"/plugins/{plugin.id}/access", {"memberId": bob.id, "role": "viewer"})
    api = api_as(bob)

    shown = api.get("/config-objects?limit=100").items
    answers = [api.get(f"/config-objects/{one.id}/versions/latest") for one in shown]

    assert {one.type for one in shown} >= {"mcp", "agent", "skill"}
    assert [one.body for one in answers if MARK.encode() in one.body] == []


def test_nothing_is_stored_or_logged_in_the_clear(
    desk: Desk, world: World, alice: Person, log_lines: LogLines, caplog: pytest.LogCaptureFixture
) -> None:
    _everything(desk)

    stored = [*stored_rows(world.rows.table), *stored_objects(alice.org_id)]
    key = world.app_key.splitlines()[1]
    secrets = [MARK, WEBHOOK_SECRET, key, alice.token]

    assert len(stored) > 100
    assert len(log_lines()) > 50
    assert [place for place, data in stored for one in secrets if one.encode() in data] == []
    assert [one for one in secrets if one in json.dumps(log_lines()) + caplog.text] == []
