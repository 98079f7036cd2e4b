"""The real stack and the real clients: a stack of its own on free ports, each client in an isolated home."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.state import State
from tests.e2e.claude_code import VERSIONS, ClaudeCode
from tests.e2e.clients.pinned import PINNED
from tests.e2e.running import RunningStack
from tests.e2e.tunnel import Tunnel, tunnel

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The running stack that DEPOT_STATE names, else a new one for this session."""
    if (named := os.environ.get("DEPOT_STATE")) is not None:
        yield RunningStack(State(Path(named).absolute()))
        return
    with _started(tmp_path_factory.mktemp("stack")) as started:
        yield started


@pytest.fixture(scope="session")
def tunnel_to_stack(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tunnel]:
    """A way to the running stack by a public https address, for clients that take no other."""
    with tunnel(stack.port, tmp_path_factory.mktemp("tunnel")) as opened:
        yield opened


def pytest_report_header() -> list[str]:
    """Every run says which versions of the clients it is about."""
    named = (f"{client} {', '.join(pinned.versions)}" for client, pinned in PINNED.items())
    return [f"clients: {'; '.join(named)}"]


@pytest.fixture(scope="session")
def enforced_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A new stack whose functions have the rights of their roles and no others."""
    with _started(tmp_path_factory.mktemp("enforced"), DEPOT_ENFORCE_IAM="1") as started:
        yield started


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[RunningStack]:
    """A new stack for one test, which may do with it what it likes."""
    with _started(tmp_path / "own") as started:
        yield started


@contextmanager
def _started(state: Path, **settings: str) -> Iterator[RunningStack]:
    settings = {"DEPOT_PORT": str(_free_port()), **settings}
    try:
        run_local("up", state, settings)
        yield RunningStack(State(state))
    finally:
        run_local("down", state, settings)


def run_local(command: str, state: Path, settings: Mapping[str, str]) -> None:
    """What `make up` and `make down` run."""
    environment = {**os.environ, "DEPOT_STATE": str(state), **settings}
    subprocess.run([sys.executable, "-m", "local", command], cwd=ROOT, env=environment, check=True)


@pytest.fixture(params=VERSIONS)
def claude_code(request: pytest.FixtureRequest, tmp_path: Path) -> ClaudeCode:
    return ClaudeCode.of(request.param, tmp_path / "home")


def _free_port() -> int:
    """The first of three free neighbours: the stack takes the next two for its emulator and its GitHub."""
    for _ in range(50):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port < 65_000 and all(_is_free(port + offset) for offset in range(3)):
            return port
    raise RuntimeError("no three free ports next to each other")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
