"""What the clients' journeys change in the sample's repository, and how to tell that it arrived."""

import json
from collections.abc import Mapping
from typing import Final
from uuid import uuid4

PLUGIN: Final = "engineering-reviews"
MARKETPLACE: Final = "acme"
ENTRY: Final = f"{PLUGIN}@{MARKETPLACE}"
SKILL: Final = "skills/review-pull-request/SKILL.md"
TOOL: Final = ".opencode/tools/line_count.ts"
SERVERS: Final = ".mcp.json"
SERVER: Final = "build-status"

CODE: Final = b"""\
export default {
  description: "Counts lines.",
  args: {},
  async execute(): Promise<string> {
    return "0"
  },
}
"""
"""A tool that needs no package, so that nothing but the deployment is asked for one."""


def additions(files: Mapping[str, bytes]) -> dict[str, bytes | None]:
    """What the sample lacks of what journeys look at."""
    servers = json.loads(files[SERVERS])
    servers["mcpServers"].setdefault(SERVER, {"type": "http", "url": "https://mcp.example.com/status"})
    wanted = {TOOL: CODE, SERVERS: (json.dumps(servers, indent=2) + "\n").encode()}
    return {
        path: data for path, data in wanted.items() if path not in files or (path == SERVERS and data != files[path])
    }


def edited(path: str, data: bytes) -> bytes:
    """The file with a change that no other run makes."""
    mark = uuid4().hex
    if path != SERVERS:
        return data + (f"\n// {mark}\n" if path == TOOL else f"\n{mark}\n").encode()
    servers = json.loads(data)
    # Short, for a long word of such letters is taken for a secret.
    servers["mcpServers"][SERVER]["url"] = f"https://mcp.example.com/status-{mark[:6]}"
    return (json.dumps(servers, indent=2) + "\n").encode()


def server_in(document: bytes) -> bytes:
    """Where the journeys' server is, in a document that names servers as Claude Code does."""
    return str(json.loads(document)["mcpServers"].get(SERVER, {}).get("url")).encode()
