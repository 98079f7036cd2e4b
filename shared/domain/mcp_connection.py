"""A test of a remote MCP server: what it would be asked with, and what came of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.domain.config_types.mcp_dialects import normalize
from shared.domain.config_types.values import JSON

_PLACEHOLDER: Final = re.compile(r"\$\{([^{}]{1,500})\}|\{file:([^{}]{1,500})\}")


@dataclass(frozen=True, slots=True)
class ServerInfo:
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    description: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is stable; `variables` are those that have no value."""

    code: str
    message: str
    variables: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """`more_tools`: there are more than `tools`."""

    reachable: bool
    duration_ms: int
    protocol_version: str | None = None
    server_info: ServerInfo | None = None
    tools: Sequence[Tool] = ()
    more_tools: bool = False
    problem: Problem | None = None

    @classmethod
    def failed(cls, code: str, message: str, duration_ms: int = 0, variables: Sequence[str] = ()) -> "ConnectionTest":
        return cls(reachable=False, duration_ms=duration_ms, problem=Problem(code, message, variables))


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """Where a server is and what it is asked with; `missing` are variables without a value."""

    transport: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    missing: Sequence[str]


def resolve_server(server: Mapping[str, JSON], values: Mapping[str, str]) -> RemoteServer:
    """A remote server as it is written, with its literal secrets, its placeholders filled in."""
    shape = normalize(server)
    missing: dict[str, None] = {}

    def fill(found: re.Match[str]) -> str:
        name, has_default, default = (found[1] or f"file:{found[2]}").partition(":-")
        if name not in values and not has_default:
            missing[name] = None
        return values.get(name, default)

    headers = shape["headers"] if isinstance(shape["headers"], dict) else {}
    url = _PLACEHOLDER.sub(fill, str(shape["url"] or ""))
    filled = {name: _PLACEHOLDER.sub(fill, str(value)) for name, value in headers.items()}
    return RemoteServer(str(shape["transport"]), url, filled, tuple(missing))
