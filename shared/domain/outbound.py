"""Which requests may leave this deployment on somebody's behalf: https, to public addresses, and to nothing else.

Whoever names a URL could otherwise have us speak to what only we reach: our own metadata, a neighbour, a database.
"""

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_HTTPS: Final = 443
_LOWEST_FREE_PORT: Final = 1024
"""Below it, but for 443, ports belong to other protocols (mail, SSH, directories)."""

# IANA's special-purpose registries of IPv4 and IPv6 addresses, and addresses that clouds keep for themselves.
_REFUSED: Final = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's platform service
        # Teredo, ORCHID and their like; documentation; 6to4, which embeds an IPv4 address
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""All that IANA has given out. Mapped IPv4, NAT64, unique local, link-local and multicast lie outside."""


class OutboundFailed(Exception):
    """Why a request was not made or came to nothing; `code` is stable, the message says nothing of the far side."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a request goes; `target` is path and query."""

    host: str
    port: int
    target: str

    @property
    def origin(self) -> tuple[str, int]:
        return self.host, self.port


def destination(url: str) -> Destination:
    """The destination of a URL. Raises: OutboundFailed for one that we do not speak to."""
    try:
        parts = urlsplit(url)
        port = _HTTPS if parts.port is None else parts.port
    except ValueError as error:
        raise OutboundFailed("url_refused", "This is no valid URL.") from error
    if parts.scheme != "https":
        raise OutboundFailed("scheme_refused", "Only https is spoken: credentials would go out in the clear.")
    if not parts.hostname or any(character <= " " or character == "\\" for character in url):
        raise OutboundFailed("url_refused", "This is no valid URL.")
    if "@" in parts.netloc:
        raise OutboundFailed("userinfo_refused", "Credentials in the URL are not sent; use a header.")
    if port != _HTTPS and port < _LOWEST_FREE_PORT:
        raise OutboundFailed("port_refused", f"Only port {_HTTPS} and those from {_LOWEST_FREE_PORT} are spoken to.")
    query = f"?{parts.query}" if parts.query else ""
    return Destination(parts.hostname, port, (parts.path or "/") + query)


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet may speak to; what is no address is not."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(known, ipaddress.IPv6Address) and known not in _GLOBAL_UNICAST:
        return False
    return not any(known in block for block in _REFUSED if block.version == known.version)
