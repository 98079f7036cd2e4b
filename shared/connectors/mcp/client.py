"""Asks a remote MCP server who it is and which tools it has (Model Context Protocol, streamable HTTP)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.connectors.mcp.messages import Message, encode, not_mcp, read_result
from shared.connectors.outbound.transport import Budget, Exchange, Outbound
from shared.domain.mcp_connection import ConnectionTest, ServerInfo, Tool
from shared.domain.outbound import OutboundFailed
from shared.version import VERSION

SECONDS: Final = 10.0
MAX_BYTES: Final = 1024 * 1024
PROTOCOL: Final = "2025-06-18"
"""What we propose; the server answers with the version that both will speak."""

_MAX_PAGES: Final = 5
_MAX_TOOLS: Final = 200
_NAME: Final = 200
_DESCRIPTION: Final = 1_000
_VERSION: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_HEADER: Final = re.compile(r"[\x20-\x7e\x80-\xff\t]*")
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}")
_OURS: Final = frozenset(
    "accept accept-encoding connection content-length content-type expect host keep-alive mcp-protocol-version"
    " mcp-session-id te trailer transfer-encoding upgrade user-agent".split()
)


@dataclass(frozen=True, slots=True)
class McpClient:
    outbound: Outbound
    now: Callable[[], float]

    def test(self, url: str, headers: Mapping[str, str]) -> ConnectionTest:
        """Never raises for what the far side does: that is the result."""
        started = self.now()
        try:
            _require_headers(headers)
            return self._ask(_Conversation(self.outbound, url, headers), started)
        except OutboundFailed as error:
            return ConnectionTest.failed(error.code, error.message, self._since(started))

    def _ask(self, server: "_Conversation", started: float) -> ConnectionTest:
        hello = server.initialize()
        capabilities = hello.get("capabilities")
        has_tools = isinstance(capabilities, dict) and "tools" in capabilities
        tools, more = server.list_tools() if has_tools else ([], False)
        server.leave()
        return ConnectionTest(
            reachable=True,
            protocol_version=server.version,
            server_info=_server_info(hello.get("serverInfo")),
            tools=tools,
            more_tools=more,
            duration_ms=self._since(started),
        )

    def _since(self, started: float) -> int:
        return round((self.now() - started) * 1000)


class _Conversation:
    """One session: its number of requests, its id, and the version agreed on."""

    def __init__(self, outbound: Outbound, url: str, headers: Mapping[str, str]) -> None:
        self._outbound, self._url = outbound, url
        self._budget: Budget = outbound.budget(SECONDS, MAX_BYTES)
        self._headers = {name: value for name, value in headers.items() if name.lower() not in _OURS} | {
            "User-Agent": f"plugin-depot/{VERSION}",
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
        }
        self._number = 0
        self.version = ""

    def initialize(self) -> Message:
        client = {"name": "plugin-depot", "version": VERSION}
        hello = self._request("initialize", {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": client})
        version = hello.get("protocolVersion")
        if not isinstance(version, str) or not _VERSION.fullmatch(version):
            raise not_mcp()
        self.version = version
        self._headers["MCP-Protocol-Version"] = version
        self._notify("notifications/initialized")
        return hello

    def list_tools(self) -> tuple[list[Tool], bool]:
        """The tools of the first pages, and whether there are more."""
        tools: list[Tool] = []
        cursor: str | None = None
        for _ in range(_MAX_PAGES):
            page = self._request("tools/list", {"cursor": cursor} if cursor else {})
            tools += _tools(page.get("tools"))
            cursor = page.get("nextCursor")
            if not isinstance(cursor, str) or len(tools) >= _MAX_TOOLS:
                break
        return tools[:_MAX_TOOLS], bool(cursor) or len(tools) > _MAX_TOOLS

    def leave(self) -> None:
        """Sessions are given back; a server that keeps none refuses, and that is all right."""
        if "Mcp-Session-Id" not in self._headers:
            return
        try:
            with self._outbound.open("DELETE", self._url, self._headers, None, self._budget):
                return
        except OutboundFailed:
            return

    def _request(self, method: str, params: Mapping[str, Any]) -> Message:
        self._number += 1
        body = encode(method, params, self._number)
        with self._outbound.open("POST", self._url, self._headers, body, self._budget) as exchange:
            _require_success(exchange)
            result = read_result(exchange, self._number)
            self._note_session(exchange)
            return result

    def _notify(self, method: str) -> None:
        with self._outbound.open("POST", self._url, self._headers, encode(method, {}, None), self._budget) as exchange:
            _require_success(exchange)

    def _note_session(self, exchange: Exchange) -> None:
        session = exchange.headers.get("mcp-session-id")
        if session and len(session) <= _DESCRIPTION:
            self._headers["Mcp-Session-Id"] = session


def _require_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER.fullmatch(value):
            raise OutboundFailed("header_refused", "One of its headers cannot be sent as it is written.")


def _require_success(exchange: Exchange) -> None:
    if exchange.status in (401, 403):
        raise OutboundFailed("unauthorized", f"It answers {exchange.status}: it does not take these credentials.")
    if exchange.status >= 300:
        raise OutboundFailed("http_error", f"It answers {exchange.status}.")


def _server_info(value: object) -> ServerInfo:
    named = value if isinstance(value, dict) else {}
    return ServerInfo(_text(named.get("name"), _NAME), _text(named.get("version"), _NAME))


def _tools(value: object) -> Sequence[Tool]:
    if not isinstance(value, list):
        raise not_mcp()
    named = [one for one in value if isinstance(one, dict) and isinstance(one.get("name"), str)]
    return [Tool(_text(one["name"], _NAME), _text(one.get("description"), _DESCRIPTION) or None) for one in named]


def _text(value: object, most: int) -> str:
    return value[:most] if isinstance(value, str) else ""
