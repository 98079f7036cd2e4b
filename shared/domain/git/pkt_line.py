"""pkt-line, the framing of every git conversation: four hex digits of length, then the data."""

import re
from collections.abc import Iterator
from enum import Enum

from shared.domain.errors import Invalid

_LENGTH = re.compile(rb"[0-9a-fA-F]{4}")
_PREFIX_SIZE = 4
_MAX_SIZE = 65_520
MAX_DATA = _MAX_SIZE - _PREFIX_SIZE
"""The most bytes that one packet carries (git: gitprotocol-common)."""


class ProtocolError(Invalid):
    """The client's words are no git request, or one that this server does not answer."""

    code = "git_protocol"


class Marker(Enum):
    """The packets that carry no data but a position in the conversation."""

    FLUSH = b"0000"
    DELIMITER = b"0001"
    RESPONSE_END = b"0002"


Packet = bytes | Marker

FLUSH = Marker.FLUSH.value
DELIMITER = Marker.DELIMITER.value

_MARKERS = {int(marker.value, 16): marker for marker in Marker}


def packet(data: bytes) -> bytes:
    """One framed packet; more than `MAX_DATA` bytes is the caller's mistake."""
    if len(data) > MAX_DATA:
        raise ValueError(f"a packet carries at most {MAX_DATA} bytes, not {len(data)}")
    return b"%04x%s" % (len(data) + _PREFIX_SIZE, data)


def line(text: str) -> bytes:
    """One framed line of text with its line feed."""
    return packet(text.encode() + b"\n")


def error_packet(message: str) -> bytes:
    """The packet that makes a git client print `remote error: <message>` and stop."""
    return packet(b"ERR " + message.encode("utf-8", "replace")[:1024])


def packets(stream: bytes) -> Iterator[Packet]:
    """The packets of a whole message, one by one; raises `ProtocolError` where the framing breaks."""
    at = 0
    while at < len(stream):
        size = _size_at(stream, at)
        if size < _PREFIX_SIZE:
            yield _MARKERS[size]
            at += _PREFIX_SIZE
        else:
            yield stream[at + _PREFIX_SIZE : at + size]
            at += size


def text_of(data: bytes) -> str:
    """A packet as text, without its line feed; broken UTF-8 becomes U+FFFD and so matches nothing."""
    return data.removesuffix(b"\n").decode("utf-8", "replace")


def _size_at(stream: bytes, at: int) -> int:
    prefix = stream[at : at + _PREFIX_SIZE]
    if not _LENGTH.fullmatch(prefix):
        raise ProtocolError(f"bad line length at byte {at}: expected four hex digits")
    size = int(prefix, 16)
    if size > _MAX_SIZE or (size < _PREFIX_SIZE and size not in _MARKERS):
        raise ProtocolError(f"bad line length {size} at byte {at}")
    if at + size > len(stream):
        raise ProtocolError(f"the line at byte {at} ends before its {size} bytes")
    return size
