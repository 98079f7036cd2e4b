"""The whole API as one OpenAPI 3.1 document: every route of every function behind the HTTP API."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from functions.admin.handler import app as admin
from functions.delivery.handler import app as delivery
from infra.openapi.operation import Json, Operation
from infra.openapi.responses import HEADERS, shared_responses
from infra.openapi.schemas import Schemas
from infra.openapi.webhook import WEBHOOK
from shared.http.app import App, Area
from shared.http.routes import Routes
from shared.version import VERSION

_DESCRIPTION = """A company's own, private plugin service for AI coding agents.

Everything authenticated lies below `/v1/orgs/{orgId}`; `orgId` may be the org's slug. A list answers
`{items, nextCursor}`, a detail `{item}`, a change `{ok: true, item}`, queued work `{ok: true, queued: true, job}`.
Errors are RFC 9457 problem documents; what a caller may not see is a 404. Every answer carries `x-request-id`."""

_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token (`dpt_…`) or an OIDC JWT."},
    "basic": {"type": "http", "scheme": "basic", "description": "Any user name, with a token as the password."},
}

_PROBLEM: Json = {
    "type": "object",
    "description": "What went wrong (RFC 9457); `code` is stable, one per cause.",
    "required": ["type", "title", "status", "detail", "code", "requestId", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "requestId": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def describe() -> Json:
    """The document; its parts are in a fixed order, so that equal code gives equal text."""
    operations = [*_operations(delivery), *_operations(admin)]
    schemas = Schemas([model for operation in operations for model in operation.models])
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.declared.method.lower()] = operation.describe(schemas)
    paths |= WEBHOOK
    return {
        "openapi": "3.1.0",
        "info": {"title": "Plugin Depot", "version": VERSION, "description": _DESCRIPTION},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {"Problem": _PROBLEM, **schemas.components},
            "responses": shared_responses(),
            "headers": HEADERS,
            "securitySchemes": _SECURITY,
        },
    }


def _operations(app: App) -> Iterator[Operation]:
    for area in app.areas:
        for routes in _routes(area):
            yield from (Operation(area, declared) for declared in routes.declared)


def _routes(area: Area) -> list[Routes]:
    return [import_module(name).routes for name in dict.fromkeys(area.modules.values())]
