"""The admin API: everything people and their scripts do with an org, and the deployment's own health."""

from typing import Any

from shared.http.actor import ADMIN
from shared.http.app import HERE, App, Area
from shared.http.request import Event

_ROUTES = "functions.admin.routes"

_ARCHIVES = (
    "application/zip",
    "application/x-zip-compressed",
    "application/gzip",
    "application/x-gzip",
    "application/octet-stream",
)

app = App(
    Area(
        "/v1/orgs/{orgId}/config-objects",
        {"import": f"{_ROUTES}.imports"},
        admission=ADMIN,
        media_types=_ARCHIVES,
    ),
    Area(
        "/v1/orgs/{orgId}",
        {
            HERE: f"{_ROUTES}.org",
            "agents": f"{_ROUTES}.agents",
            "audit-events": f"{_ROUTES}.audit_events",
            "clients": f"{_ROUTES}.clients",
            "commands": f"{_ROUTES}.commands",
            "config-objects": f"{_ROUTES}.config_objects",
            "connector-accounts": f"{_ROUTES}.connector_accounts",
            "connector-instances": f"{_ROUTES}.connector_instances",
            "connector-mappings": f"{_ROUTES}.connector_mappings",
            "connector-sync-events": f"{_ROUTES}.connector_sync_events",
            "connectors": f"{_ROUTES}.github",
            "connector-targets": f"{_ROUTES}.connector_targets",
            "contexts": f"{_ROUTES}.contexts",
            "hooks": f"{_ROUTES}.hooks",
            "mcps": f"{_ROUTES}.mcps",
            "marketplaces": f"{_ROUTES}.marketplaces",
            "me": f"{_ROUTES}.my_access",
            "members": f"{_ROUTES}.members",
            "plugins": f"{_ROUTES}.plugins",
            "skills": f"{_ROUTES}.skills",
            "teams": f"{_ROUTES}.teams",
            "tokens": f"{_ROUTES}.tokens",
            "tools": f"{_ROUTES}.tools",
        },
        admission=ADMIN,
    ),
    Area(
        "/v1/connectors/github/install",
        {"callback": f"{_ROUTES}.install_callback"},
        media_types=("application/x-www-form-urlencoded",),
    ),
    Area("/v1", {"connector-types": f"{_ROUTES}.connector_types"}, admission=ADMIN),
    Area("/v1", {"me": f"{_ROUTES}.me", "orgs": f"{_ROUTES}.orgs"}, admission=ADMIN),
    Area("", dict.fromkeys(("healthz", "readyz", "version"), f"{_ROUTES}.health")),
    Area("", dict.fromkeys(("openapi.json", "docs"), f"{_ROUTES}.docs")),
)


def handler(event: Event, context: Any) -> dict[str, Any]:
    return app.answer(event, context)
