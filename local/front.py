"""A plain base URL for the local API: a reverse proxy on loopback before the emulator's long execute-api path.

It adds what the HTTP API of AWS adds and the emulator does not: the `x-forwarded-*` headers, and the size limits
of requests (10 MB) and of function answers (6 MB, counted after base64 for binary ones).
"""

import argparse
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import urllib3
from urllib3.util import SKIP_HEADER

from local.chunked import BodyTooLargeError, MalformedBodyError, read_body
from local.state import HOST

REQUEST_LIMIT: Final = 10 * 1024 * 1024
ANSWER_LIMIT: Final = 6 * 1024 * 1024
_LINE_LIMIT: Final = 65_536
_UPSTREAM_S: Final = 30.0
_TEXT: Final = re.compile(r"text/|application/(.*\+)?(json|xml|javascript|yaml)", re.ASCII)
# Headers that describe one connection and not the message (RFC 9110, section 7.6.1).
_PER_CONNECTION: Final = frozenset(
    ("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect")
)


class Front(ThreadingHTTPServer):
    """Forwards every request to `upstream`, the URL that stands for the root of the API."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, upstream: str, certificate: str | None = None) -> None:
        super().__init__((HOST, port), _Forwarding)
        self.upstream = upstream
        self.pool = urllib3.PoolManager(maxsize=64, retries=False, timeout=_UPSTREAM_S, ca_certs=certificate)


class _Forwarding(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Front
    # Headers and body leave in two writes; without this the second waits for the first's acknowledgement.
    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        """Any method at all is forwarded: refusing one is the API's decision."""
        self.raw_requestline = self.rfile.readline(_LINE_LIMIT + 1)
        if not self.raw_requestline or len(self.raw_requestline) > _LINE_LIMIT:
            self.close_connection = True
            return
        if self.parse_request():
            self._forward()
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Paths may carry a capability: the front writes no access log."""

    def _forward(self) -> None:
        try:
            body = read_body(self.rfile, self.headers, REQUEST_LIMIT)
        except (BodyTooLargeError, MalformedBodyError) as refused:
            # What is left of the body would be taken for the next request.
            self.close_connection = True
            too_large = isinstance(refused, BodyTooLargeError)
            return self._say(413, "Request Entity Too Large") if too_large else self._say(400, "Bad Request")
        try:
            answer = self._ask(body)
        except urllib3.exceptions.HTTPError:
            return self._say(503, "Service Unavailable")
        try:
            self._pass_on(answer)
        except (OSError, urllib3.exceptions.HTTPError):
            # One side left in the middle: neither connection can carry another message.
            self.close_connection = True
            answer.close()
        else:
            answer.release_conn()
        return None

    def _ask(self, body: bytes | None) -> urllib3.BaseHTTPResponse:
        return self.server.pool.request(
            self.command,
            self.server.upstream + self.path,
            body=body,
            headers=self._forwarded_headers(),
            redirect=False,
            preload_content=False,
            decode_content=False,
        )

    def _forwarded_headers(self) -> urllib3.HTTPHeaderDict:
        headers = urllib3.HTTPHeaderDict(
            (name, value) for name, value in self.headers.items() if name.lower() not in _PER_CONNECTION
        )
        headers.discard("content-length")
        headers["x-forwarded-for"] = self.client_address[0]
        headers["x-forwarded-proto"] = "http"
        headers["x-forwarded-port"] = str(self.server.server_port)
        # Without these marks the client library would add headers that the caller did not send.
        headers.setdefault("user-agent", SKIP_HEADER)
        headers.setdefault("accept-encoding", SKIP_HEADER)
        return headers

    def _pass_on(self, answer: urllib3.BaseHTTPResponse) -> None:
        if _lambda_size(answer) > ANSWER_LIMIT:
            answer.close()
            return self._say(500, "Internal Server Error")
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in _PER_CONNECTION:
                self.send_header(name, value)
        bodiless = self.command == "HEAD" or answer.status in (204, 304)
        chunked = not bodiless and "content-length" not in answer.headers
        if chunked:
            self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        if not bodiless:
            for piece in _framed(answer.stream(65_536, decode_content=False), chunked=chunked):
                self.wfile.write(piece)
        return None

    def _say(self, status: int, message: str) -> None:
        """The answers that the gateway itself gives, spelled as AWS spells them."""
        content = f'{{"message":"{message}"}}'.encode()
        self.send_response_only(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _lambda_size(answer: urllib3.BaseHTTPResponse) -> int:
    length = int(answer.headers.get("content-length", 0))
    return length if _TEXT.match(answer.headers.get("content-type", "")) else length * 4 // 3


def _framed(pieces: Iterator[bytes], *, chunked: bool) -> Iterator[bytes]:
    for piece in pieces:
        yield b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
    if chunked:
        yield b"0\r\n\r\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--certificate", help="what to trust when upstream speaks TLS")
    options = parser.parse_args()
    Front(options.port, options.upstream.rstrip("/"), options.certificate).serve_forever()


if __name__ == "__main__":
    main()
