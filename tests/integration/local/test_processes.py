"""Background processes: only those that this stack started are ever found or stopped."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import processes
from local.errors import LocalStackError
from local.state import State

SLEEPER = "import signal, sys, time; print('ready', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"


@pytest.fixture
def start(state: State) -> Iterator[None]:
    yield
    processes.stop(state, "sleeper")


def service(code: str, stop_s: float = 5.0) -> processes.Service:
    return processes.Service("sleeper", [sys.executable, "-c", code], os.environ, Path.cwd(), stop_s)


def says_ready(state: State) -> bool:
    return "ready" in state.log("sleeper").read_text()


@pytest.mark.usefixtures("start")
def test_a_started_process_is_found_again_and_stopped(state: State) -> None:
    processes.start(state, service(SLEEPER))

    assert processes.running(state, "sleeper") is not None
    assert processes.stop(state, "sleeper") is True
    assert processes.running(state, "sleeper") is None


def test_stopping_what_does_not_run_is_harmless(state: State) -> None:
    assert processes.stop(state, "sleeper") is False


def test_a_process_that_only_has_the_same_pid_is_left_alone(state: State) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", SLEEPER], stdout=subprocess.DEVNULL)
    state.write("processes/sleeper", {"pid": stranger.pid, "born": "another time", "stopS": 1})

    stopped = processes.stop(state, "sleeper")

    assert stopped is False
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.usefixtures("start")
def test_a_process_that_will_not_stop_is_killed_after_its_time(state: State) -> None:
    processes.start(state, service(STUBBORN, stop_s=0.1))
    processes.await_ready(state, "sleeper", lambda: says_ready(state), within_s=30)

    processes.stop(state, "sleeper")

    assert processes.wait_until(lambda: processes.running(state, "sleeper") is None, within_s=30)


@pytest.mark.usefixtures("start")
def test_a_process_that_dies_at_start_shows_its_log(state: State) -> None:
    processes.start(state, service("raise SystemExit('no such table')"))

    with pytest.raises(LocalStackError, match="no such table"):
        processes.await_ready(state, "sleeper", lambda: False, within_s=30)
