"""A server in Claude's dialect as Claude Code's loader takes it: one field of another kind, and it drops the server.

Observed on Claude Code 2.1.330 (`claude plugin validate`): a `url` needs a `type`, an environment and headers hold
texts alone, and what is null is no field.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from shared.domain.config_types.mcp_dialects import is_local, transport_of
from shared.domain.config_types.secrets import to_claude_placeholders
from shared.domain.config_types.values import JSON

_REMOTE: Final = frozenset({"http", "streamable-http", "sse", "ws"})
_ABSOLUTE: Final = re.compile(r"(?:https?|wss?)://[^/?#]", re.IGNORECASE)


def loadable(server: Mapping[str, JSON]) -> dict[str, JSON]:
    """`server` with nothing changed but what would have it dropped; unknown fields stay as they are."""
    fields: dict[str, JSON] = {
        name: value for name, value in _in_claudes_placeholders(server).items() if value is not None
    }
    fields |= _transport(fields)
    for name in ("env", "headers"):
        if isinstance(named := fields.get(name), dict):
            fields[name] = {key: _text(value) for key, value in named.items()}
    if "args" in fields:
        args = fields["args"]
        fields["args"] = [_text(word) for word in (args if isinstance(args, list) else [args])]
    if "timeout" in fields:
        fields["timeout"] = _milliseconds(fields["timeout"])
    if fields.get("oauth") is False:
        fields["oauth"] = None
    return {name: value for name, value in fields.items() if value is not None}


def respelled(server: Mapping[str, JSON]) -> list[str]:
    """The fields of a server in Claude's dialect that keep Claude Code from loading it as it is written."""
    taken, written = loadable(server), _in_claudes_placeholders(server)
    kept = {name for name in taken.keys() & written.keys() if taken[name] == written[name]}
    return sorted((taken.keys() | written.keys()) - kept)


def is_absolute(url: str) -> bool:
    """Whether a URL leads somewhere, as far as its variables let tell."""
    return "${" in url or _ABSOLUTE.match(url) is not None


def _in_claudes_placeholders(server: Mapping[str, JSON]) -> dict[str, JSON]:
    return {name: to_claude_placeholders(value) for name, value in server.items()}


def _transport(fields: Mapping[str, JSON]) -> dict[str, JSON]:
    """The `type` that a server needs, where it has another one or none."""
    kind = fields.get("type")
    if is_local(fields):
        return {} if kind in (None, "stdio") else {"type": "stdio"}
    return {} if isinstance(kind, str) and kind in _REMOTE else {"type": transport_of(kind)}


def _text(value: JSON) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _milliseconds(value: JSON) -> int | None:
    try:
        number = round(float(str(value)))
    except (ValueError, OverflowError):
        return None
    return number if number > 0 else None
