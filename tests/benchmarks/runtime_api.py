"""Lambda's Runtime API on loopback: starts a function as Lambda does, and times its start and its answers.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
"""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any

_TOLD = {
    "content-type": "application/json",
    "lambda-runtime-aws-request-id": "1",
    "lambda-runtime-deadline-ms": "9999999999999",
    "lambda-runtime-invoked-function-arn": "arn:aws:lambda:eu-central-1:123456789012:function:depot",
}


Said = tuple[float, str, Any]  # when, in seconds; what: next, response or error; the body


@dataclass
class RunningFunction:
    """`init_ms`: from the start of the process to its first question; `cpu_ms`: all it computed until it stopped."""

    process: subprocess.Popen[bytes]
    server: ThreadingHTTPServer
    events: Queue[bytes | None]
    said: Queue[Said]
    init_ms: float = 0.0
    cpu_ms: float = 0.0

    def invoke(self, event: Mapping[str, Any]) -> tuple[Any, float]:
        """The function's answer, and the milliseconds that it took."""
        body, started = json.dumps(event).encode(), time.perf_counter()
        self.events.put(body)
        at, answer = self.hear("response")
        self.hear("next")
        return answer, (at - started) * 1000

    def hear(self, expected: str) -> tuple[float, Any]:
        at, what, body = self.said.get(timeout=60)
        assert what == expected, body
        return at, body

    def stop(self) -> None:
        self.process.kill()
        _, self.process.returncode, usage = os.wait4(self.process.pid, 0)
        self.cpu_ms = (usage.ru_utime + usage.ru_stime) * 1000
        self.events.put(None)
        self.server.shutdown()
        self.server.server_close()


def start(command: list[str], environment: Mapping[str, str], folder: str) -> RunningFunction:
    """Start a function and wait until it asks for its first event."""
    events, said = Queue[bytes | None](), Queue[Said]()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(events, said))
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    told, started = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}"}, time.perf_counter()
    process = subprocess.Popen(command, env={**environment, **told}, cwd=folder, stdout=subprocess.DEVNULL)
    function = RunningFunction(process, server, events, said)
    function.init_ms = (function.hear("next")[0] - started) * 1000
    return function


def _handler(events: Queue[bytes | None], said: Queue[Said]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else a small answer may wait 40 ms for the reader's acknowledgement

        def do_GET(self) -> None:
            said.put((time.perf_counter(), "next", None))
            if (body := events.get()) is not None:
                self._send(200, body, _TOLD)

        def do_POST(self) -> None:
            at, body = time.perf_counter(), self.rfile.read(int(self.headers["content-length"]))
            said.put((at, self.path.rpartition("/")[2], json.loads(body)))
            self._send(202, b"{}", {})

        def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        log_message = staticmethod(lambda *_: None)  # type: ignore[assignment]  # nobody reads it

    return Handler
