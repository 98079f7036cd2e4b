"""Another tenant's ids on the routes of delivery: every one of them behaves as if it did not exist."""

import re
from importlib import import_module
from typing import Any

import pytest

from functions.delivery.handler import app, handler
from shared.bootstrap import Services
from shared.http.actor import AGENT_SKILLS, CODE_PACKAGES, MCP_REGISTRY
from shared.http.routes import Declared
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.contents import skill
from tests.unit.admin.rows import filled, rows_of

ROUTES = [
    (area.base, declared)
    for area in app.areas
    if "{orgId}" in area.base and area.admission is not None
    for module in dict.fromkeys(area.modules.values())
    for declared in import_module(module).routes.declared
]
CLIENT = "cli_01m83cm181mw5y2cd4zh3yt3tz"
REPORT = {"kind": "depot", "installed": [{"pluginId": "{plugin_id}", "digest": "sha256:" + "0" * 64}]}
BODIES: dict[str, dict[str, Any]] = {"report_client_state": REPORT, "check_updates": {}}
MAKES_ITS_OWN = {"report_client_state"}
"""Below whoever asks, an id that only others use is a new client's (test_client_state.py)."""

_PLACES = {"/mcp-registry/": MCP_REGISTRY, "/t/{ticket}/npm": CODE_PACKAGES, "/.well-known": AGENT_SKILLS}


@pytest.fixture
def names(api_as: ApiAs, alice: Person, plugin_id: str, marketplace_id: str, release_id: str) -> dict[str, str]:
    """What the routes name, all of it Acme's and delivered to everybody there."""
    api = api_as(alice)
    reported = filled(REPORT, {"plugin_id": plugin_id})
    api_as(alice, handler).send("PUT", f"/delivery/clients/{CLIENT}/state", reported)
    api.post(f"/marketplaces/{marketplace_id}/plugins", {"pluginId": plugin_id})
    for one in (f"/plugins/{plugin_id}", f"/marketplaces/{marketplace_id}"):
        api.post(f"{one}/access", {"orgWide": True, "role": "viewer"})
    return {
        "plugin_id": plugin_id,
        "marketplace_id": marketplace_id,
        "release_id": release_id,
        "object_id": api.post("/config-objects", skill(pluginIds=[plugin_id])).item.id,
        "marketplace": "tools.git",
        "plugin": "reviews.git",
        "artifact": "deploy.tar.gz",
        "skill": "deploy",
        "scope": "@acme",
        "package": "reviews",
        "namespace": "acme",
        "server": "search",
        "version": "latest",
        "client_id": CLIENT,
        "file_path": "SKILL.md",
    }


@pytest.mark.parametrize("base", ["own", "theirs"])
def test_another_tenants_names_are_not_found_on_any_route(
    depot: Services, api_as: ApiAs, alice: Person, mallory: Person, names: dict[str, str], base: str
) -> None:
    org = {"own": mallory.org_slug, "theirs": alice.org_slug}[base]
    tickets = {place: _ticket(depot, mallory, place) for place in _PLACES.values()}
    asked = {
        f"{each.method} {place}{each.rule}": (_path(place, each.rule, org, tickets, names), _body(each, names))
        for place, each in ROUTES
        if base == "theirs" or ("<" in each.rule and each.function.__name__ not in MAKES_ITS_OWN)
    }
    before = rows_of(depot)

    answers = {
        route: api_as(mallory, handler).send(route.partition(" ")[0], path, body).status
        for route, (path, body) in asked.items()
    }

    assert len(answers) > 10
    assert answers == dict.fromkeys(answers, 404)
    assert rows_of(depot) == before


def _ticket(depot: Services, person: Person, place: str) -> str:
    actor = depot.authentication.authenticate(person.token, person.org_id)
    ticket = depot.authentication.issue_ticket(actor, place)
    assert ticket is not None
    return ticket


def _body(declared: Declared, names: dict[str, str]) -> Any:
    body = BODIES.get(declared.function.__name__)
    return filled(body, names) if body is not None else None


def _path(place: str, rule: str, org: str, tickets: dict[str, str], names: dict[str, str]) -> str:
    ticket = next((tickets[each] for part, each in _PLACES.items() if part in place), "")
    base = place.replace("{orgId}", org).replace("{ticket}", ticket)
    return base + re.sub(r"<(\w+)>", lambda name: names[name[1]], rule)
