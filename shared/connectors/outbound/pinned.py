"""Connections to an address that was checked, under the name that it was resolved from."""

import socket
from collections.abc import Callable
from typing import Any

from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util.timeout import Timeout

Watch = Callable[[socket.socket], None]
"""Told of every socket as soon as it is connected."""


class PinnedConnection(HTTPSConnection):
    """SNI, Host and the certificate's name are the host's; the name is not resolved again."""

    def __init__(self, *args: Any, address: str, watch: Watch, **options: Any) -> None:
        super().__init__(*args, **options)
        self._address = address
        self._watch = watch

    def _new_conn(self) -> socket.socket:
        seconds = self.timeout if isinstance(self.timeout, int | float) else None
        try:
            connected = socket.create_connection((self._address, self.port), seconds)
        except OSError as error:
            raise NewConnectionError(self, "not connected") from error
        self._watch(connected)
        return connected


class PinnedPool(HTTPSConnectionPool):
    """One connection; proxies of the environment are never asked: that is a PoolManager's affair."""

    ConnectionCls = PinnedConnection


def pinned_pool(host: str, port: int, address: str, seconds: float, watch: Watch, context: Any) -> PinnedPool:
    """`context` trusts the system's authorities where it is None."""
    timeout = Timeout(connect=seconds, read=seconds)
    return PinnedPool(
        host, port, timeout=timeout, maxsize=1, retries=False, ssl_context=context, cert_reqs="CERT_REQUIRED",
        address=address, watch=watch,
    )  # fmt: skip
