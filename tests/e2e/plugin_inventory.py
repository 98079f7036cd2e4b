"""What Claude Code really loads of plugins: installed from a marketplace in a folder, and asked what it has.

`plugin details` undercounts (it looks one level deep, and not at files that a manifest names), so commands, skills and
agents are taken from the first event of a session. No session gets further: its API is a closed port. Nothing that a
plugin brings is run: neither its hooks, which a session starts with, nor its servers.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.e2e.claude_code import ClaudeCode

_NOWHERE = {"ANTHROPIC_API_KEY": "sk-none", "ANTHROPIC_BASE_URL": "http://127.0.0.1:9", "CLAUDE_CODE_MAX_RETRIES": "0"}
_RUNS_NOTHING = ("--settings", '{"disableAllHooks": true}', "--strict-mcp-config")
_LISTED = re.compile(r"(Hooks|MCP servers|LSP servers) \((\d+)\)")


@dataclass(frozen=True, slots=True)
class Inventory:
    """Counts, which are zero for a plugin that the client refuses; commands count as skills, as the client has it."""

    loads: bool
    skills: int = 0
    agents: int = 0
    hooks: int = 0
    mcps: int = 0
    lsps: int = 0


def inventories(client: ClaudeCode, marketplace: str, plugins: Iterable[tuple[str, str]]) -> dict[str, Inventory]:
    """By entry name, of (entry name, name in the plugin's manifest) pairs of an added marketplace."""
    asked = list(plugins)
    installed = {entry: client.plugin("install", f"{entry}@{marketplace}").status == 0 for entry, _ in asked}
    details = {entry: client.plugin("details", f"{entry}@{marketplace}") for entry, _ in asked}
    session = first_event(client)
    found = {}
    for entry, name in asked:
        if not installed[entry] or details[entry].status != 0:
            found[entry] = Inventory(loads=False)
            continue
        listed = {kind: int(count) for kind, count in _LISTED.findall(details[entry].output)}
        skills = {one for one in (*session["slash_commands"], *session["skills"]) if one.startswith(f"{name}:")}
        agents = [one for one in session["agents"] if one.startswith(f"{name}:")]
        found[entry] = Inventory(True, len(skills), len(agents), *listed.values())
    return found


def first_event(client: ClaudeCode) -> dict[str, Any]:
    """What a session says of itself before it asks its API anything."""
    nowhere = replace(client.isolated, environment={**client.isolated.environment, **_NOWHERE})
    done = nowhere.run("-p", "hello", "--output-format", "stream-json", "--verbose", *_RUNS_NOTHING)
    events = (json.loads(line) for line in done.output.splitlines() if line.startswith("{"))
    return next(event for event in events if event.get("subtype") == "init")


def write_marketplace(folder: Path, name: str, entries: list[dict[str, Any]]) -> None:
    path = folder / ".claude-plugin" / "marketplace.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"name": name, "owner": {"name": "us"}, "plugins": entries}))
