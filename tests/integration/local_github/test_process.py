"""The stand-in as the laptop stack runs it: a process that is told by files, and stopped by a signal."""

import json
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from local.github import generate_app_key

Start = Callable[..., Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    (tmp_path / "public.pem").write_text(generate_app_key(tmp_path / "key.pem"))
    started: list[Popen[str]] = []

    def start(*more: str) -> Popen[str]:
        options = ["--root", str(tmp_path / "root"), "--app-id", "1", "--public-key-file", str(tmp_path / "public.pem")]
        command = [sys.executable, "-m", "local.github", *options, *more]
        started.append(Popen(command, stdout=PIPE, stderr=PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_the_process_serves_until_it_is_told_to_stop(start: Start, tmp_path: Path) -> None:
    process = start()
    assert process.stdout is not None
    first_line = process.stdout.readline()
    control = tmp_path / "root" / "control.json"
    told, mode = json.loads(control.read_text()), stat.S_IMODE(control.stat().st_mode)

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=10) == 0
    assert told["url"] in first_line
    assert mode == 0o600
    assert not control.exists()


def test_a_taken_port_is_a_clear_error(start: Start) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]

        process = start("--port", str(port))
        _, printed = process.communicate(timeout=10)

    assert process.returncode == 1
    assert f"cannot start on port {port}" in printed
    assert "Traceback" not in printed


def test_the_help_names_every_option() -> None:
    shown = subprocess.run([sys.executable, "-m", "local.github", "--help"], capture_output=True, text=True, check=True)

    for option in ("--root", "--port", "--webhook-url", "--webhook-secret-file", "--control-token-file"):
        assert option in shown.stdout
