"""A far side for adapter tests: a loopback HTTP server that answers by script and remembers what it was asked."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """One scripted answer; `cut` closes the connection after the body, whatever length was promised."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None
    cut: bool = False


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class FarSide:
    """Answers each `METHOD path` with its replies in turn, the last one for ever; 404 to all else."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._replies: dict[str, list[Reply]] = defaultdict(list)
        self.url = ""

    def on(self, request: str, *replies: Reply) -> None:
        self._replies[request] = list(replies)

    def paths(self) -> list[str]:
        return [f"{asked.method} {asked.path}" for asked in self.asked]

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        replies = self._replies.get(f"{asked.method} {asked.path}", [Reply(404, b'{"message": "Not Found"}')])
        return replies.pop(0) if len(replies) > 1 else replies[0]


@contextmanager
def serving(far_side: FarSide) -> Iterator[FarSide]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(far_side))
    server.daemon_threads = True
    far_side.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield far_side
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(far_side: FarSide) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = far_side.answer(Asked(self.command, self.path, headers, body))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(reply.promised or len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection = self.close_connection or reply.cut

        do_GET = do_POST = _reply  # noqa: N815  # the names are the base class's

        def log_message(self, *_: object) -> None:
            """Tests read `asked` instead."""

    return Handler
