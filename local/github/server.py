"""Carries answers over HTTP/1.1, and cuts open connections when it stops."""

import socket
import sys
import threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from local.github.answering import ConnectionCut, answer
from local.github.wire import Request, Response
from local.github.world import World

_MOST_BODY: Final = 25 * 1024 * 1024
_BODILESS: Final = frozenset({204, 304})


class Server(ThreadingHTTPServer):
    """Listens on loopback only; port 0 takes a free one."""

    daemon_threads = False  # stopping waits for every connection's thread
    request_queue_size = 128

    def __init__(self, world: World, port: int) -> None:
        self.world = world
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Exchange)
        world.url = f"http://127.0.0.1:{self.server_address[1]}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.world.stopping.set()
        self.shutdown()
        self._thread.join()
        for connection in tuple(self._connections):
            _cut(connection)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client that went away is its own affair
            super().handle_error(request, client_address)


class Exchange(BaseHTTPRequestHandler):
    """One connection, any number of requests."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together

    def do_GET(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdigit()) or int(length) > _MOST_BODY:
            return self.send_error(413)
        try:
            self._send(answer(self.server.world, self._request(int(length))))
        except ConnectionCut:
            self.close_connection = True

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET  # noqa: N815  # names that the base class looks for

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
        """Stay silent: `World.requests` is the log."""

    def _request(self, length: int) -> Request:
        target = urlsplit(self.path)
        query = dict(parse_qsl(target.query, keep_blank_values=True))
        body = self.rfile.read(length)
        return Request(self.command, target.path, query, self.headers, body, self.client_address[0])

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status)
        self.send_header("Date", formatdate(usegmt=True))
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status not in _BODILESS:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD" and response.status not in _BODILESS:
            self.wfile.write(response.body[: response.cut_after])
        self.close_connection = self.close_connection or response.cut_after is not None


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # its client was faster
