"""Delivery: what clients are given, natively and in the protocols they already speak."""

from typing import Any

from shared.http.actor import AGENT_SKILLS, DELIVERY, LINKED, MCP_REGISTRY, in_path
from shared.http.app import ANY_SEGMENT, App, Area
from shared.http.request import Event

_ROUTES = "functions.delivery.routes"

app = App(
    Area(
        "/v1/orgs/{orgId}/delivery",
        dict.fromkeys(("plugins", "config-objects", "marketplaces", "resolve"), f"{_ROUTES}.native")
        | {"links": f"{_ROUTES}.links"},
        admission=DELIVERY,
    ),
    Area("/.well-known", {"plugin-depot": f"{_ROUTES}.keys"}),
    Area(
        "/o/{orgId}/t/{ticket}/.well-known",
        {"agent-skills": f"{_ROUTES}.agent_skills"},
        admission=in_path(AGENT_SKILLS),
    ),
    Area(
        "/mcp-registry/{orgId}/{ticket}/v0.1",
        {"servers": f"{_ROUTES}.mcp_registry"},
        admission=in_path(MCP_REGISTRY),
        any_origin=True,
    ),
    Area("/m/{orgId}", {ANY_SEGMENT: f"{_ROUTES}.json_marketplace"}, admission=LINKED),
    Area("/git/{orgId}", {ANY_SEGMENT: f"{_ROUTES}.git"}, admission=LINKED, media_types=(), plain_problems=True),
)


def handler(event: Event, context: Any) -> dict[str, Any]:
    return app.answer(event, context)
