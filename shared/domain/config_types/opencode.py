"""Agents and commands in OpenCode's dialect, whichever they were written in.

OpenCode 1.18 refuses to start when one field of one file has another shape than it expects (a Claude agent's `tools`
or `color` is enough), so nothing is handed on as it was written: each field is given in the shape that it takes, or
left out. Source: https://opencode.ai/config.json
"""

import re
from collections.abc import Mapping
from typing import Final

from shared.domain.config_types.opencode_permission import permission_of
from shared.domain.config_types.values import JSON

_MODEL = re.compile(r"[\w.-]+/[\w.:@/-]+")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_THEME: Final = {"primary", "secondary", "accent", "success", "warning", "error", "info"}
_CLAUDE_COLORS: Final = {
    "red": "#ef4444", "blue": "#3b82f6", "green": "#22c55e", "yellow": "#eab308",
    "purple": "#a855f7", "orange": "#f97316", "pink": "#ec4899", "cyan": "#06b6d4",
}  # fmt: skip
_MODES: Final = {"primary", "subagent", "all"}
_CLAUDE_PLACE = re.compile(r"\$(?:ARGUMENTS\[(?P<index>\d{1,9})\]|(?P<number>\d{1,9})(?!\w))")
_FROM_ZERO = re.compile(r"\$(?:0(?!\d)|ARGUMENTS\[)")


def agent_entry(payload: Mapping[str, JSON]) -> dict[str, JSON]:
    """An entry below `agent`, of an agent's payload; the prompt as well."""
    mode = payload["mode"] if payload["mode"] in _MODES else "subagent"
    entry: dict[str, JSON] = {
        "description": payload["description"],
        "mode": mode,
        "model": _model(payload["model"]),
        "variant": payload["variant"],
        "temperature": payload["temperature"],
        "top_p": payload["topP"],
        "steps": _steps(payload),
        "color": _color(payload["color"]),
        "hidden": payload["hidden"] or None,
        "disable": payload["disabled"] or None,
        "permission": permission_of(payload),
        "options": _options(payload),
        "prompt": payload["prompt"],
    }
    return {key: value for key, value in entry.items() if value not in (None, {})}


def command_entry(payload: Mapping[str, JSON]) -> dict[str, JSON]:
    """An entry below `command`, of a command's payload."""
    entry: dict[str, JSON] = {
        "description": payload["description"],
        "agent": payload["agent"],
        "model": _model(payload["model"]),
        "subtask": payload["subtask"] or None,
        "template": _counting_from_one(str(payload["template"] or "")),
    }
    return {key: value for key, value in entry.items() if value is not None}


def _model(name: JSON) -> str | None:
    """OpenCode names a model with its provider; a family's name (`sonnet`, `inherit`) leaves the choice to the user."""
    text = str(name or "")
    if _MODEL.fullmatch(text):
        return text
    return f"anthropic/{text}" if text.startswith("claude-") and _MODEL.fullmatch(f"anthropic/{text}") else None


def _color(name: JSON) -> str | None:
    text = str(name or "").lower()
    return text if text in _THEME or _COLOR.fullmatch(text) else _CLAUDE_COLORS.get(text)


def _steps(payload: Mapping[str, JSON]) -> int | None:
    steps = payload["steps"] if payload["steps"] is not None else payload.get("maxTurns")
    text = str(steps or "")
    return int(text) if text.isdecimal() and len(text) < 10 and int(text) > 0 else None


def _options(payload: Mapping[str, JSON]) -> JSON:
    """What OpenCode passes to the model's provider; of a Claude agent, nothing was meant for one."""
    return _typed(payload["options"]) if payload["dialect"] == "opencode" else None


def _typed(value: JSON) -> JSON:
    """Values as YAML takes them when they are not quoted, which is how such options are written."""
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if value in ("true", "false"):
        return value == "true"
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}(?:\.\d{1,15})?", value):
        return float(value) if "." in value else int(value)
    return value


def _counting_from_one(template: str) -> str:
    """Claude counts arguments from 0, OpenCode from 1; a template tells which way it counts by naming the 0th."""
    if not _FROM_ZERO.search(template):
        return template
    return _CLAUDE_PLACE.sub(lambda found: f"${int(found['index'] or found['number']) + 1}", template)
