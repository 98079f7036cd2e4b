"""A proxy on loopback that takes a public https address for the local stack."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

from tests.e2e.authority import certify

HOST = "depot.example.com"
_HEAD = 64 * 1024
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Tunnel:
    """`port` of the proxy, and the file of the certificate authority to trust."""

    port: int
    authority: Path

    @property
    def origin(self) -> str:
        return f"https://{HOST}"

    @property
    def environment(self) -> dict[str, str]:
        """What sends git, Node and Python programs through it."""
        proxy, trusted = f"http://127.0.0.1:{self.port}", str(self.authority)
        proxies = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), proxy)
        trust = ("NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
        return proxies | dict.fromkeys(trust, trusted) | {"NO_PROXY": "127.0.0.1", "NODE_USE_ENV_PROXY": "1"}


@contextmanager
def tunnel(upstream_port: int, folder: Path) -> Iterator[Tunnel]:
    """Serve `HOST` from a port of loopback; any other host is refused, so that no client leaves this machine."""
    authority, served = certify(HOST, folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(served)

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                _answer(self.request, context, upstream_port)

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Tunnel(server.server_address[1], authority)
        finally:
            server.shutdown()


def _answer(client: socket.socket, context: ssl.SSLContext, upstream_port: int) -> None:
    asked = b""
    while b"\r\n\r\n" not in asked and len(asked) < _HEAD:
        asked += client.recv(_PIECE)
    if not asked.startswith(f"CONNECT {HOST}:443 ".encode()):
        client.sendall(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        return
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    with (
        closing(context.wrap_socket(client, server_side=True)) as secure,
        closing(socket.create_connection(("127.0.0.1", upstream_port))) as upstream,
    ):
        back = threading.Thread(target=_pipe, args=(upstream, secure), daemon=True)
        back.start()
        _pipe(secure, upstream)
        back.join()


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
