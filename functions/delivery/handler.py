"""Delivery: what clients are given, natively and in the protocols they already speak."""

from typing import Any

from shared.http.actor import AGENT_SKILLS, CODE_PACKAGES, DELIVERY, LINKED, MCP_REGISTRY, in_path
from shared.http.app import ANY_SEGMENT, HERE, App, Area
from shared.http.request import Event

_ROUTES = "functions.delivery.routes"

app = App(
    Area(
        "/v1/orgs/{orgId}/delivery",
        dict.fromkeys(("plugins", "config-objects", "marketplaces", "resolve"), f"{_ROUTES}.native")
        | {"links": f"{_ROUTES}.links", "clients": f"{_ROUTES}.clients"},
        admission=DELIVERY,
        title="Delivery",
    ),
    Area("/.well-known", {"plugin-depot": f"{_ROUTES}.keys"}, title="Signing keys"),
    Area("/.well-known", {"opencode": f"{_ROUTES}.opencode_start"}, title="OpenCode"),
    Area(
        "/o/{orgId}/t/{ticket}/.well-known",
        {"agent-skills": f"{_ROUTES}.agent_skills"},
        admission=in_path(AGENT_SKILLS),
        title="Agent Skills index",
    ),
    Area(
        "/o/{orgId}/t/{ticket}/npm",
        {ANY_SEGMENT: f"{_ROUTES}.npm_tarballs"},
        admission=in_path(CODE_PACKAGES),
        title="npm registry",
    ),
    Area("/o/{orgId}/.well-known", {"opencode": f"{_ROUTES}.opencode_start_of_org"}, title="OpenCode"),
    Area("/o/{orgId}", {"opencode.json": f"{_ROUTES}.opencode"}, admission=DELIVERY, title="OpenCode"),
    Area("/npm/{orgId}", {ANY_SEGMENT: f"{_ROUTES}.npm"}, admission=DELIVERY, title="npm registry"),
    Area(
        "/mcp-registry/{orgId}/{ticket}/v0.1",
        {"servers": f"{_ROUTES}.mcp_registry"},
        admission=in_path(MCP_REGISTRY),
        any_origin=True,
        title="MCP registry",
    ),
    Area("/m/{orgId}", {ANY_SEGMENT: f"{_ROUTES}.json_marketplace"}, admission=LINKED, title="JSON marketplace"),
    Area(
        "/git/{orgId}",
        {ANY_SEGMENT: f"{_ROUTES}.git"},
        admission=LINKED,
        media_types=(),
        plain_problems=True,
        title="Git marketplace",
    ),
    Area("/opencode.json", {HERE: f"{_ROUTES}.opencode_anywhere"}, admission=DELIVERY, title="OpenCode"),
)


def handler(event: Event, context: Any) -> dict[str, Any]:
    return app.answer(event, context)
