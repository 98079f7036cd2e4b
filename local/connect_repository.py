"""`make connect` and `make serve`: any git repository becomes a plugin, or just one that could be connected."""

import re
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

from local.api import Api
from local.connect import Connector
from local.errors import LocalStackError
from local.layout import Selected, selectors, tracked_files
from local.memory import Memory
from local.progress import say, step
from local.stand_in import INSTALLATION_ID, StandIn
from local.state import Ports, State

_NAME: Final = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
_SHOWN: Final = 10


def connect_repository(state: State, repository: str, name: str) -> None:
    """Serve the repository from the stand-in, map all its parts to one plugin, sync it, and say what came of it."""
    source = _named("connect", repository, name)
    found = selectors(tracked_files(source))
    if not found:
        raise LocalStackError(f"{source} has no skills/, agents/, commands/ or .mcp.json to connect.")
    stack = state.stack()
    api = Api(stack["baseUrl"], stack["ownerToken"])
    _publish(state, source, name)
    _connect(Connector(api, stack["orgId"], Memory(state, "seed")), name, found)


def serve_repository(state: State, repository: str, name: str) -> None:
    """Serve the repository from the stand-in, for the API to connect; serving it again pushes its head."""
    source = _named("serve", repository, name)
    state.stack()
    _publish(state, source, name)


def _named(command: str, repository: str, name: str) -> Path:
    if not repository or not _NAME.fullmatch(name):
        raise LocalStackError(f"Say which: `make {command} REPO=<path of a git repository> NAME=<owner/name>`.")
    return Path(repository).expanduser()


def _publish(state: State, source: Path, name: str) -> None:
    with step(f"Serving {source} as {name}"):
        StandIn(state, Ports(**state.read("ports"))).publish(name, source)


def _connect(connector: Connector, name: str, found: list[Selected]) -> None:
    for each in found:
        say(f"    {each.object_type:8} {each.selector}")
    plugin = {"name": name.replace("/", "-").lower(), "description": f"Everything found in {name}"}
    with step(f"Connecting {name}"):
        connected = connector.connect(name, plugin, found, INSTALLATION_ID)
    started = time.monotonic()
    event = connector.sync(connected)
    took = time.monotonic() - started
    objects = connector.api.items(f"{connector.org}/config-objects?pluginId={connected.plugin_id}&limit=100")
    _report(event, objects, took)


def _report(event: dict[str, Any], objects: list[dict[str, Any]], took: float) -> None:
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(Counter(each["type"] for each in objects).items()))
    say(f"  {event['status']} in {took:.1f} s: {kinds or 'no objects'}")
    say(f"  {len(event.get('failures', []))} files failed")
    flags = Counter((flag["severity"], flag["code"]) for each in objects for flag in each.get("diagnostics", []))
    for (severity, code), number in flags.most_common(_SHOWN):
        say(f"    {number:5}  {severity}  {code}")
