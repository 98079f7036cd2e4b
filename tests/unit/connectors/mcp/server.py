"""A real MCP server behind TLS on loopback, and what was asked of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from mcp.server import MCPServer

Scope = dict[str, Any]


@dataclass
class Served:
    """`requests`: method, path and headers of each; `connections`: how many were made at all."""

    port: int
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://mcp.example.com:{self.port}/mcp"


def tools_app(*, json_response: bool, tools: int = 2) -> Any:
    """An MCP server with tools, as its own SDK serves it."""
    server = MCPServer("sample", version="3.1.4")
    for number in range(tools):
        server.add_tool(_nothing, name=f"tool-{number}", description=f"Does {number}.")
    return server.streamable_http_app(json_response=json_response, host="0.0.0.0")


def _nothing() -> str:
    return ""


@contextmanager
def served(app: Any, certificate: Path, key: Path) -> Iterator[Served]:
    listening = socket.create_server(("127.0.0.1", 0))
    place = Served(listening.getsockname()[1])
    config = uvicorn.Config(
        _noting(app, place), ssl_certfile=str(certificate), ssl_keyfile=str(key), log_level="critical", lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield place
    server.should_exit = True
    thread.join()
    listening.close()


def _noting(app: Any, place: Served) -> Any:
    async def noting(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            place.requests.append((scope["method"], scope["path"], headers))
        await app(scope, receive, send)

    return noting
