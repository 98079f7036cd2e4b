"""The two ways to write an MCP server, Claude's and OpenCode's, as one normalized shape and back."""

from collections.abc import Mapping

from shared.domain.config_types.secrets import to_claude_placeholders
from shared.domain.config_types.values import JSON

_REMOTE_TRANSPORTS = {"sse": "sse", "ws": "ws", "websocket": "ws"}


def dialect_of(server: Mapping[str, JSON]) -> str:
    """OpenCode says local or remote and writes the command as a list; all else is Claude's."""
    opencode = server.get("type") in ("local", "remote") or isinstance(server.get("command"), list)
    return "opencode" if opencode or "environment" in server else "claude"


def normalize(server: Mapping[str, JSON]) -> dict[str, JSON]:
    """One shape for both dialects; placeholders are written `${VAR}`. Only a masked server's may be stored or shown.

    connection (local or remote), transport, command, args, environment, cwd | url, headers, oauth; enabled,
    timeout in milliseconds. `otherFields` names the keys that the shape has no place for.
    """
    plain = to_claude_placeholders(dict(server))
    fields = plain if isinstance(plain, dict) else {}
    local = is_local(fields)
    return {
        "dialect": dialect_of(server),
        "connection": "local" if local else "remote",
        "transport": "stdio" if local else transport_of(fields.get("type")),
        **(_local(fields) if local else _remote(fields)),
        "enabled": _enabled(fields),
        "timeout": _number(fields.get("timeout")),
        "otherFields": [*sorted(fields.keys() - _KNOWN)],
    }


def to_claude(shape: Mapping[str, JSON]) -> dict[str, JSON]:
    """A normalized server as an entry of Claude's `.mcp.json`."""
    if shape["connection"] == "local":
        entry = {"command": shape["command"], "args": shape["args"], "env": shape["environment"]}
    else:
        entry = {"type": shape["transport"], "url": shape["url"], "headers": shape["headers"]}
    return {key: value for key, value in entry.items() if value not in (None, [], {})}


def is_local(server: Mapping[str, JSON]) -> bool:
    return bool(server.get("command")) if "command" in server else "url" not in server


def transport_of(kind: JSON) -> str:
    """The transport that a remote server's `type` means: http, sse or ws."""
    return _REMOTE_TRANSPORTS.get(str(kind).lower(), "http")


def reaches_something(shape: Mapping[str, JSON]) -> bool:
    return bool(shape.get("command") or shape.get("url"))


_KNOWN = {
    "type", "command", "args", "env", "environment", "cwd", "url", "serverUrl", "headers", "oauth",
    "enabled", "disabled", "timeout", "description",
}  # fmt: skip


def _local(fields: Mapping[str, JSON]) -> dict[str, JSON]:
    command = fields.get("command")
    words = [str(word) for word in command] if isinstance(command, list) else [str(command or "")]
    args = fields.get("args")
    more = [str(word) for word in args] if isinstance(args, list) else []
    return {
        "command": words[0] if words else "",
        "args": [*words[1:], *more],
        "environment": _texts(fields.get("environment") or fields.get("env")),
        "cwd": _text(fields.get("cwd")),
    }


def _remote(fields: Mapping[str, JSON]) -> dict[str, JSON]:
    oauth = fields.get("oauth")
    return {
        "url": _text(fields.get("url")),
        "headers": _texts(fields.get("headers")),
        "oauth": oauth if isinstance(oauth, dict) or oauth is False else None,
    }


def _enabled(fields: Mapping[str, JSON]) -> bool:
    return fields.get("enabled") is not False and fields.get("disabled") is not True


def _texts(value: JSON) -> dict[str, JSON]:
    return {key: _spelled(item) for key, item in value.items()} if isinstance(value, dict) else {}


def _spelled(value: JSON) -> str:
    return str(value).lower() if isinstance(value, bool) else str("" if value is None else value)


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: JSON) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
