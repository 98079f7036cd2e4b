"""The pieces of the laptop stack that run without an emulator: a state folder, and a front before an echo."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest

from local.front import Front
from local.state import State

_Server = TypeVar("_Server", bound=ThreadingHTTPServer)


@dataclass(slots=True)
class Answer:
    """What the far side answers next."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    told_length: bool = True


class Echo(ThreadingHTTPServer):
    """Stands for the emulator: keeps what it was sent, answers what it was told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Echoing)
        self.answer = Answer()
        self.seen: list[dict[str, Any]] = []

    def handle_error(self, *_: object) -> None:
        """The front may hang up in the middle of an answer; no trace of that in the tests' output."""


class _Echoing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Echo

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append({"method": self.command, "path": self.path, "headers": headers, "body": body})
        answer = self.server.answer
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.told_length:
            self.send_header("content-length", str(len(answer.body)))
        else:
            self.close_connection = True
        self.end_headers()
        self.wfile.write(answer.body)

    def do_POST(self) -> None:
        self.do_GET()

    def do_PROPFIND(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


@pytest.fixture
def upstream() -> Iterator[Echo]:
    with Echo() as server:
        yield from _served(server)


@pytest.fixture
def front(upstream: Echo) -> Iterator[Front]:
    with Front(0, f"http://127.0.0.1:{upstream.server_port}/api/root") as server:
        yield from _served(server)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "stack")


def _served(server: _Server) -> Iterator[_Server]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
