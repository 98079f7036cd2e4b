"""Requests to servers that people name: checked, pinned to the checked address, and bounded in time and bytes."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, SSLError

from shared.connectors.outbound.pinned import pinned_pool
from shared.domain.outbound import Destination, OutboundFailed, destination, is_public

_MAX_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({307, 308})
"""Those that keep the method; an answer that turns a POST into a GET is no answer to it."""

_CHUNK: Final = 16 * 1024

Resolve = Callable[[str, int], Sequence[str]]
"""Every address of a host."""


def resolve_host(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass
class Budget:
    """What is left for a conversation: until a moment of the clock, and bytes of answers."""

    until: float
    bytes_left: int
    now: Callable[[], float]

    @property
    def seconds(self) -> float:
        """Raises: OutboundFailed when there are none."""
        left = self.until - self.now()
        if left <= 0:
            raise OutboundFailed("timeout", "It did not answer in time.")
        return left

    def take(self, count: int) -> None:
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise OutboundFailed("too_large", "It answered with more than is read.")


@dataclass(frozen=True)
class Exchange:
    """An answer whose body is read as it comes."""

    status: int
    headers: Mapping[str, str]
    _response: BaseHTTPResponse = field(repr=False)
    _budget: Budget = field(repr=False)

    def chunks(self) -> Iterator[bytes]:
        """The body as it is on the wire: no encoding was asked for, and none is unpacked."""
        while chunk := self._response.read1(_CHUNK, decode_content=False):
            self._budget.take(len(chunk))
            _ = self._budget.seconds
            yield chunk


class Outbound:
    """`admits` and `trusted` are for tests, whose servers are on loopback under an authority of their own."""

    def __init__(
        self,
        now: Callable[[], float],
        resolve: Resolve = resolve_host,
        *,
        admits: Callable[[str], bool] = is_public,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._now, self._resolve = now, resolve
        self._admits, self._trusted = admits, trusted

    def budget(self, seconds: float, most_bytes: int) -> Budget:
        return Budget(self._now() + seconds, most_bytes, self._now)

    @contextmanager
    def open(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, budget: Budget
    ) -> Iterator[Exchange]:
        """One exchange; redirects are followed within their origin alone, each checked like the first URL.

        Raises: OutboundFailed.
        """
        first = wanted = destination(url)
        for _ in range(_MAX_REDIRECTS + 1):
            with self._sent(method, wanted, headers, body, budget) as exchange:
                if exchange.status not in _REDIRECTS:
                    yield exchange
                    return
                wanted = destination(urljoin(url, exchange.headers.get("location", "")))
            if wanted.origin != first.origin:
                break
        raise OutboundFailed("redirected", "It redirects elsewhere; write the URL where it answers into the server.")

    @contextmanager
    def _sent(
        self, method: str, to: Destination, headers: Mapping[str, str], body: bytes | None, budget: Budget
    ) -> Iterator[Exchange]:
        address = self._checked_address(to, budget)
        with _Watchdog(budget.seconds) as watchdog:
            pool = pinned_pool(to.host, to.port, address, budget.seconds, watchdog.watch, self._trusted)
            try:
                response = pool.urlopen(
                    method, to.target, body, headers, redirect=False, retries=False, preload_content=False
                )
                with _closing(response):
                    names = {name.lower(): value for name, value in response.headers.items()}
                    yield Exchange(response.status, names, response, budget)
            except (HTTPError, OSError) as error:
                raise _failure(error, budget) from error
            finally:
                pool.close()

    def _checked_address(self, to: Destination, budget: Budget) -> str:
        """An address of the host. One that we do not speak to is enough to speak to none of them."""
        addresses = self._resolved(to, budget.seconds)
        if not addresses:
            raise OutboundFailed("unresolvable", "Its host name has no address.")
        if not all(self._admits(address.partition("%")[0]) for address in addresses):
            raise OutboundFailed("address_refused", "Its host name does not lead to a public address alone.")
        return addresses[0]

    def _resolved(self, to: Destination, seconds: float) -> Sequence[str]:
        """Asked in a thread: the system's resolver takes no time limit."""
        found: list[str] = []

        def ask() -> None:
            try:
                found.extend(self._resolve(to.host, to.port))
            except (OSError, UnicodeError):
                return

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(seconds)
        return list(found)


class _Watchdog:
    """Shuts the connection at the deadline: a server that sends a byte now and then outlasts any timeout."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True
        self._sockets: list[socket.socket] = []

    def watch(self, connected: socket.socket) -> None:
        # A duplicate: wrapping a socket in TLS takes the original's descriptor away.
        self._sockets.append(connected.dup())

    def __enter__(self) -> "_Watchdog":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for watched in self._sockets:
            watched.close()

    def _shut(self) -> None:
        for watched in self._sockets:
            try:
                watched.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed already


@contextmanager
def _closing(response: BaseHTTPResponse) -> Iterator[None]:
    try:
        yield
    finally:
        response.close()


def _failure(error: Exception, budget: Budget) -> OutboundFailed:
    _ = budget.seconds
    if isinstance(error, SSLError | ssl.SSLError):
        return OutboundFailed("tls_failed", "Its certificate is not trusted for its name.")
    return OutboundFailed("unreachable", "It cannot be reached, or broke off.")
