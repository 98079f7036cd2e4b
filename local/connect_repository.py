"""`make connect` and `make serve`: a git repository's plugins are taken in, or it could be connected."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from local.api import Api
from local.connect import Connector, importable
from local.errors import LocalStackError
from local.memory import Memory
from local.progress import say, step
from local.stand_in import INSTALLATION_ID, StandIn
from local.state import Ports, State

_NAME: Final = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
_SHOWN: Final = 10


def connect_repository(state: State, repository: str, name: str) -> None:
    """Serve the repository from the stand-in, take in every plugin that discovery finds, and say what came of it."""
    source = _named("connect", repository, name)
    stack = state.stack()
    _publish(state, source, name)
    _connect(Connector(Api(stack["baseUrl"], stack["ownerToken"]), stack["orgId"], Memory(state, "seed")), name)


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


def _connect(connector: Connector, name: str) -> None:
    with step(f"Looking for plugins in {name}"):
        place = connector.place(name, INSTALLATION_ID)
        found = connector.discover(place)
    _show(found)
    keys = [candidate["key"] for candidate in importable(found)]
    if not keys:
        raise LocalStackError(f"{name} has no plugin to take in: {_remarks(found)}.")
    with step(f"Applying {len(keys)} of {len(found['candidates'])}"):
        connected = connector.apply(place, keys)
    event = connector.sync(connected)
    lists = (f"{connector.org}/config-objects?pluginId={each}&limit=100" for each in connected.plugin_ids.values())
    _report(event, [entity for path in lists for entity in connector.api.items(path)])


def _show(found: Mapping[str, Any]) -> None:
    own = list(importable(found))
    say(f"  {found['classification']}, {found['treeSummary']['paths']} paths")
    for candidate in own[:_SHOWN]:
        held = ", ".join(f"{part['count']} {kind}" for kind, part in candidate["components"].items() if part["count"])
        refused = [client for client, verdict in candidate["verdicts"].items() if not verdict["loads"]]
        say(f"    {candidate['name']:32} {held or 'empty'}{'; not for ' + ', '.join(refused) if refused else ''}")
    if len(own) > _SHOWN:
        say(f"    and {len(own) - _SHOWN} more")
    left_out = [candidate for candidate in found["candidates"] if not candidate["supported"]]
    reasons = Counter(note["code"] for candidate in left_out for note in candidate["diagnostics"])
    for code, number in reasons.most_common():
        say(f"    {number} cannot be taken in: {code}")


def _remarks(found: Mapping[str, Any]) -> str:
    notes = [*found["warnings"], *(note for one in found["candidates"] for note in one["diagnostics"])]
    return "; ".join(note["message"] for note in notes) or found["classification"]


def _report(event: Mapping[str, Any], objects: Sequence[Mapping[str, Any]]) -> None:
    began, ended = (datetime.fromisoformat(event[moment]) for moment in ("startedAt", "completedAt"))
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(Counter(each["type"] for each in objects).items()))
    say(f"  {event['status']} in {(ended - began).total_seconds():.1f} s: {kinds or 'no objects'}")
    say(f"  {len(event.get('failures', []))} files failed")
    flags = Counter((flag["severity"], flag["code"]) for each in objects for flag in each.get("diagnostics", []))
    for (severity, code), number in flags.most_common(_SHOWN):
        say(f"    {number:5}  {severity}  {code}")
