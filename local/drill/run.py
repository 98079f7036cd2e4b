"""The drill from its first step to its table: two repositories are connected, every fault comes once and goes again."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.api import Api
from local.connect import Connector, Place, importable
from local.drill.stage import Stage
from local.drill.steps import SECONDARY, SKILL, STEPS, SUSPENDED, Step, skill
from local.errors import LocalStackError
from local.memory import Memory
from local.progress import say
from local.repository import commit_files
from local.stand_in import INSTALLATION_ID, StandIn
from local.state import Ports, State

REPOSITORY: Final = "acme/fault-drill"
PATIENT_REPOSITORY: Final = "acme/fault-drill-patient"


@dataclass(slots=True)
class Performance:
    """One step under way; `failure` says why it did not end as it should."""

    step: Step
    lines: Iterator[str]
    failure: str = ""
    took_s: float = 0.0

    def play(self, most_lines: int | None = None) -> None:
        """Say what is seen, up to so many lines or to the end."""
        started = time.monotonic()
        try:
            for number, line in enumerate(self.lines, start=1):
                say(f"    {time.monotonic() - started:5.1f} s  {line}")
                if number == most_lines:
                    break
        except LocalStackError as error:
            self.failure = str(error)
            say(f"    {time.monotonic() - started:5.1f} s  NOT MENDED: {error}")
        self.took_s += time.monotonic() - started


def demonstrate(state: State) -> bool:
    """Play all steps on the running stack; whether each ended as it should. GitHub is back to normal afterwards."""
    stand_in = StandIn(state, Ports(**state.read("ports")))
    stand_in.back_to_normal()
    try:
        played = _play_all(_stage(state, stand_in, REPOSITORY), _stage(state, stand_in, PATIENT_REPOSITORY))
    finally:
        stand_in.back_to_normal()
    _show(played)
    return not any(each.failure for each in played)


def _play_all(stage: Stage, patient: Stage) -> list[Performance]:
    """What takes a minute goes on beside the rest; nothing is suspended before it has ended."""
    slow = _announced(SECONDARY, patient)
    slow.play(most_lines=1)
    played = []
    for each in STEPS:
        played.append(_announced(each, stage))
        played[-1].play()
        stage.stand_in.back_to_normal()
    if not slow.failure:
        say(f"\n{SECONDARY.name}, to its end")
        slow.play()
    suspended = _announced(SUSPENDED, stage)
    suspended.play()
    return [*played, slow, suspended]


def _announced(step: Step, stage: Stage) -> Performance:
    say(f"\n{step.name}: {step.switched}")
    return Performance(step, step.play(stage))


def _show(played: list[Performance]) -> None:
    say("\n  step                      seconds  outcome")
    for each in played:
        say(f"  {each.step.name:24}  {each.took_s:7.1f}  {each.failure or 'mended'}")
    failed = sum(bool(each.failure) for each in played)
    say(f"\n{len(played) - failed} of {len(played)} were seen and mended.")


def _stage(state: State, stand_in: StandIn, repository: str) -> Stage:
    """A repository with one skill, connected like any other; a second drill goes on with it."""
    stack, memory = state.stack(), Memory(state, "seed")
    api = Api(stack["baseUrl"], stack["ownerToken"])
    connector = Connector(api, stack["orgId"], memory)
    say(f"  Connecting {repository}")
    git = _served(stand_in, repository)
    place = connector.place(repository, INSTALLATION_ID)
    plugin_id = memory.once(f"drill {place.target_id}", lambda: _connect(connector, place))
    number = stand_in.repository_id(repository)
    return Stage(state, api, connector.org, stand_in, git, place.target_id, plugin_id, f"/repositories/{number}")


def _connect(connector: Connector, place: Place) -> str:
    connected = connector.apply(place, [one["key"] for one in importable(connector.discover(place))])
    connector.sync(connected)
    (plugin_id,) = connected.plugin_ids.values()
    return plugin_id


def _served(stand_in: StandIn, repository: str) -> Path:
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "files" / SKILL
        file.parent.mkdir(parents=True)
        file.write_text(skill())
        commit_files(Path(scratch) / "files", Path(scratch) / "work", "Add a skill to drill with")
        return stand_in.register(repository, Path(scratch) / "work")
