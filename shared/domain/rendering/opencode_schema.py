"""What OpenCode takes in its configuration, field by field. Checked with 1.18, which refuses to start over one flaw.

Source: https://opencode.ai/config.json
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.config_types.values import JSON

_Check = Callable[[JSON], bool]
_ACTIONS: Final = ("ask", "allow", "deny")
_FLAT: Final = {"todowrite", "question", "webfetch", "websearch", "doom_loop"}
_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}|primary|secondary|accent|success|warning|error|info")


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is left of an entry, None when nothing can be; `flaws` say what was left out of it, or why all of it was."""

    fields: dict[str, JSON] | None
    flaws: tuple[str, ...] = ()


def fit(section: str, fields: Mapping[str, JSON]) -> Fitted:
    """An entry of `agent`, `command` or `mcp` without the fields that OpenCode would refuse, or does not know."""
    shape = _shape_of(section, fields)
    if shape is None:
        return Fitted(None, ("it is no server that OpenCode knows",))
    kept = {name: value for name, value in fields.items() if name in shape.fields and shape.fields[name](value)}
    missing = [name for name in shape.needed if name not in kept]
    if missing:
        return Fitted(None, (f"OpenCode would not take its `{missing[0]}`",))
    return Fitted(kept, tuple(f"OpenCode would not take its `{name}`" for name in fields if name not in kept))


@dataclass(frozen=True, slots=True)
class _Shape:
    fields: Mapping[str, _Check]
    needed: tuple[str, ...] = ()


def _is_text(value: JSON) -> bool:
    return isinstance(value, str)


def _is_flag(value: JSON) -> bool:
    return isinstance(value, bool)


def _is_number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: JSON) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_any_map(value: JSON) -> bool:
    return isinstance(value, dict)


def _are_texts(value: JSON) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


def _is_command_line(value: JSON) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _is_mode(value: JSON) -> bool:
    return value in ("subagent", "primary", "all")


def _is_color(value: JSON) -> bool:
    return isinstance(value, str) and _COLOR.fullmatch(value) is not None


def _is_permission(value: JSON) -> bool:
    if not isinstance(value, dict):
        return value in _ACTIONS
    return all(rule in _ACTIONS if name in _FLAT else _is_rule(rule) for name, rule in value.items())


def _is_rule(value: JSON) -> bool:
    if isinstance(value, dict):
        return all(action in _ACTIONS for action in value.values())
    return value in _ACTIONS


def _is_oauth(value: JSON) -> bool:
    return value is False or _are_texts(value)


def _is_kind(kind: str) -> _Check:
    return lambda value: value == kind


_AGENT: Final = _Shape(
    {
        **dict.fromkeys(("description", "model", "variant", "prompt"), _is_text),
        **dict.fromkeys(("temperature", "top_p"), _is_number),
        **dict.fromkeys(("hidden", "disable"), _is_flag),
        "mode": _is_mode,
        "steps": _is_count,
        "color": _is_color,
        "permission": _is_permission,
        "options": _is_any_map,
    }
)
_COMMAND: Final = _Shape(
    {
        **dict.fromkeys(("template", "description", "agent", "model", "variant"), _is_text),
        "subtask": _is_flag,
    },
    ("template",),
)
_SERVER: Final[Mapping[str, _Check]] = {"enabled": _is_flag, "timeout": _is_count}
_SERVERS: Final[Mapping[JSON, _Shape]] = {
    "local": _Shape(
        {**_SERVER, "type": _is_kind("local"), "command": _is_command_line, "cwd": _is_text, "environment": _are_texts},
        ("command",),
    ),
    "remote": _Shape(
        {**_SERVER, "type": _is_kind("remote"), "url": _is_text, "headers": _are_texts, "oauth": _is_oauth}, ("url",)
    ),
}


def _shape_of(section: str, fields: Mapping[str, JSON]) -> _Shape | None:
    if section == "mcp":
        kind = fields.get("type")
        return _SERVERS.get(kind) if isinstance(kind, str) else None
    return {"agent": _AGENT, "command": _COMMAND}.get(section)
