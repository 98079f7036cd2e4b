"""Background processes of one stack: started once, found again by their records, and only those ever stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.errors import LocalStackError
from local.state import State

_POLL_S: Final = 0.05
# By pid. Python warns about a process object that is dropped while its process runs; these are meant to run on.
_STARTED: Final[dict[int, subprocess.Popen[bytes]]] = {}


@dataclass(frozen=True, slots=True)
class Service:
    """A process of the stack. `stop_s` is how long it may take to put its state away."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    stop_s: float = 5.0


def running(state: State, name: str) -> int | None:
    """The pid of a service of this stack, or None when it is not running.

    A pid alone proves nothing: the system reuses them. The process must also have been born when ours was.
    """
    record = state.read(f"processes/{name}")
    pid = record.get("pid")
    if pid is None or _born(pid) != record["born"]:
        return None
    return int(pid)


def ended_unasked(state: State, name: str) -> bool:
    """Whether a service of this stack was killed, or its machine switched off: nobody asked it to stop."""
    return bool(state.read(f"processes/{name}")) and running(state, name) is None


def start(state: State, service: Service) -> None:
    """Start a service in a session of its own, so that it outlives the terminal and stops with its children."""
    log = state.log(service.name)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            service.command,
            cwd=service.folder,
            env=dict(service.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _STARTED[process.pid] = process
    record = {"pid": process.pid, "born": _born(process.pid), "stopS": service.stop_s}
    state.write(f"processes/{service.name}", record)


def stop(state: State, name: str) -> bool:
    """Stop a service that this stack started, with its children; say whether there was one to stop."""
    pid = running(state, name)
    if pid is not None:
        _end(pid, signal.SIGTERM)
        gone = wait_until(lambda: running(state, name) is None, state.read(f"processes/{name}")["stopS"])
        if not gone:
            _end(pid, signal.SIGKILL)
    _take_leave(state.read(f"processes/{name}").get("pid"))
    (state.folder / "processes" / f"{name}.json").unlink(missing_ok=True)
    return pid is not None


def await_ready(state: State, name: str, ready: Callable[[], bool], within_s: float) -> None:
    """Wait until a started service answers; raise LocalStackError with the end of its log when it does not."""
    answered = wait_until(lambda: ready() or running(state, name) is None, within_s)
    if answered and running(state, name) is not None:
        return
    tail = "\n".join(state.log(name).read_text(errors="replace").splitlines()[-15:])
    raise LocalStackError(f"The {name} did not start. The end of {state.log(name)}:\n{tail}")


def wait_until(true: Callable[[], bool], within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True


def _take_leave(pid: int | None) -> None:
    """A child of this very program stays behind as a zombie until its end is noticed."""
    if pid in _STARTED:
        _STARTED.pop(pid).wait()


def _end(pid: int, how: signal.Signals) -> None:
    try:
        os.killpg(pid, how)
    except ProcessLookupError:
        return


def _born(pid: int) -> str | None:
    """When a process was started, in the system's own spelling; None when there is no such living process."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    listed = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    return None if len(listed) < 2 or listed[0].startswith("Z") else listed[1].strip()
