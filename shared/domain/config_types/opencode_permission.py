"""What an agent may do, as OpenCode's permissions: the last rule that matches counts, so broad ones come first."""

import re
from collections.abc import Mapping
from typing import Final

from shared.domain.config_types.values import JSON

_ACTIONS: Final = ("allow", "ask", "deny")
_OFF: Final = {"no", "false", "off", "never", "none"}
_FLAT: Final = {"todowrite", "question", "webfetch", "websearch", "doom_loop"}
"""Permissions that take an action alone, no patterns."""
_TOOLS: Final = {
    "Read": "read", "Write": "edit", "Edit": "edit", "MultiEdit": "edit", "NotebookEdit": "edit", "Bash": "bash",
    "Glob": "glob", "Grep": "grep", "LS": "list", "WebFetch": "webfetch", "WebSearch": "websearch", "Task": "task",
    "Agent": "task", "TodoWrite": "todowrite", "Skill": "skill", "AskUserQuestion": "question", "LSP": "lsp",
}  # fmt: skip
_EDITING: Final = {"write", "edit", "patch", "multiedit"}
_RULE = re.compile(r"(?P<tool>[^\s()]{1,200})(?:\((?P<pattern>.{0,500})\))?")


def permission_of(payload: Mapping[str, JSON]) -> dict[str, JSON]:
    """Of an agent's payload, in either dialect or both; {} leaves it to the user.

    In Claude's, `tools` are all that an agent may use; what is disallowed, or kept for a plan, is denied in the end.
    """
    own = _checked(payload["permission"])
    tools = [name for name in _names(payload["tools"]) if _key_of(name) not in own]
    found: dict[str, JSON] = {"*": "deny"} if tools and "*" not in tools else {}
    for name in tools:
        _allow(found, name)
    found |= own
    for name in _names(payload.get("disallowedTools")):
        _deny(found, name)
    return {**found, "edit": "deny"} if payload.get("permissionMode") == "plan" else found


def _allow(found: dict[str, JSON], name: str) -> None:
    tool, patterns = _rule(name)
    there = found.get(tool)
    if not patterns or tool in _FLAT or there == "allow":
        found[tool] = "allow"
    else:
        rules = there if isinstance(there, dict) else {"*": "deny"}
        found[tool] = {**rules, **dict.fromkeys(patterns, "allow")}


def _deny(found: dict[str, JSON], name: str) -> None:
    tool, patterns = _rule(name)
    there = found.get(tool)
    if not patterns or tool in _FLAT or there == "deny":
        found.pop(tool, None)
        found[tool] = "deny"
    else:
        rules = there if isinstance(there, dict) else {"*": there or found.get("*", "allow")}
        found[tool] = {**rules, **dict.fromkeys(patterns, "deny")}


def _rule(name: str) -> tuple[str, list[str]]:
    """`Bash(git diff:*)` is about bash, for `git diff` with and without more; `mcp__search__find` is `search_find`."""
    found = _RULE.fullmatch(name.strip())
    if found is None:
        return name.strip(), []
    tool, pattern = found["tool"], (found["pattern"] or "").strip()
    if tool.startswith("mcp__"):
        server, _, method = tool.removeprefix("mcp__").partition("__")
        tool = f"{server}_{method or '*'}"
    if pattern in ("", "*", ":*"):
        return _TOOLS.get(tool, tool), []
    prefix = pattern.removesuffix(":*")
    patterns = [prefix, f"{prefix} *"] if prefix != pattern else [pattern.removeprefix("./")]
    return _TOOLS.get(tool, tool), patterns


def _checked(permission: JSON) -> dict[str, JSON]:
    """What OpenCode would take as it is; what is no action asks, for whoever wrote it meant to be careful."""
    return {name: _value(name, rule) for name, rule in permission.items()} if isinstance(permission, dict) else {}


def _value(name: str, rule: JSON) -> JSON:
    if not isinstance(rule, dict):
        return _action(rule)
    rules: dict[str, JSON] = {pattern: _action(action) for pattern, action in rule.items()}
    return max(rules.values(), key=lambda one: _ACTIONS.index(str(one)), default="ask") if name in _FLAT else rules


def _action(written: JSON) -> str:
    word = str(written).lower()
    return word if word in _ACTIONS else "deny" if word in _OFF else "ask"


def _key_of(name: str) -> str:
    """Where a tool of OpenCode's older `tools` map is found among the permissions that were made of it."""
    return "edit" if name in _EDITING else name


def _names(value: JSON) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
