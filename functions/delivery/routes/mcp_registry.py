"""An MCP registry (API v0.1) below a path that carries its credential: for clients that read registries anonymously."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from aws_lambda_powertools.event_handler import Response

from shared.bootstrap import services
from shared.domain.config_types.json_guard import render
from shared.domain.config_types.values import JSON
from shared.domain.errors import Invalid
from shared.domain.paging import DEFAULT_LIMIT, MAX_LIMIT
from shared.http.actor import actor
from shared.http.cursors import PageQuery, next_cursor
from shared.http.request import request
from shared.http.routes import Routes
from shared.services.mcp_registry import LATEST, ServerFilter, choose

routes = Routes(validated=False)

_ORG_SEGMENT: Final = 2


@routes.get("/servers")
def list_servers() -> Response[str]:
    """The MCP servers that the path's token may have: `cursor`, `limit`, `search`, `updated_since`, `version`.

    `_meta` names those that this form cannot say, with the reason.
    """
    found = services().mcp_registry.open(actor(), _namespace())
    query = request().query
    wanted = ServerFilter(query.get("search"), _updated_since(), query.get("version"))
    page = choose(found, wanted, PageQuery(limit=_limit(), cursor=query.get("cursor") or None).page)
    return _answer(found.document(page.items, next_cursor(page)))


@routes.get("/servers/<server>/versions")
def list_server_versions(server: str) -> Response[str]:
    """The one version that is delivered; `server` is the whole name, its slash percent-encoded."""
    return _versions(server)


@routes.get("/servers/<server>/versions/<version>")
def get_server_version(server: str, version: str) -> Response[str]:
    """A server by its version, or `latest`."""
    return _version(server, version)


@routes.get("/servers/<namespace>/<server>/versions")
def list_named_server_versions(namespace: str, server: str) -> Response[str]:
    """The same, where the gateway or a client has decoded the slash."""
    return _versions(f"{namespace}/{server}")


@routes.get("/servers/<namespace>/<server>/versions/<version>")
def get_named_server_version(namespace: str, server: str, version: str) -> Response[str]:
    """The same, where the gateway or a client has decoded the slash."""
    return _version(f"{namespace}/{server}", version)


def _versions(name: str) -> Response[str]:
    found = services().mcp_registry.get(actor(), _namespace(), name)
    return _answer({"servers": [found.to_json()], "metadata": {"count": 1}})


def _version(name: str, version: str = LATEST) -> Response[str]:
    return _answer(services().mcp_registry.get(actor(), _namespace(), name, version).to_json())


def _answer(document: dict[str, JSON]) -> Response[str]:
    # APM 0.35 keeps an answer without an age for five minutes, whatever else is said of it.
    headers = {"Cache-Control": "private, no-cache, max-age=0"}
    return Response(HTTPStatus.OK, "application/json", render(document).decode(), headers)


def _namespace() -> str:
    """The org as the path names it: its slug, or its id in the letters that a registry's names have."""
    return request().base.split("/")[_ORG_SEGMENT].replace("_", "-")


def _limit() -> int:
    """Clients ask for more than a page has; they are given a full one. Raises: Invalid."""
    asked = request().query.get("limit") or str(DEFAULT_LIMIT)
    if not asked.isascii() or not asked.isdecimal() or int(asked[:9]) < 1:
        raise Invalid.field("limit", f"must be a number between 1 and {MAX_LIMIT}")
    return min(int(asked[:9]), MAX_LIMIT)


def _updated_since() -> datetime | None:
    """Raises: Invalid."""
    asked = request().query.get("updated_since")
    if not asked:
        return None
    try:
        # A plus sign that was not percent-encoded arrives as a blank.
        found = datetime.fromisoformat(asked.replace(" ", "+"))
    except ValueError as error:
        raise Invalid.field("updated_since", "must be a time such as 2026-01-31T12:00:00Z") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
