"""Reads the body of an HTTP/1.1 request, whichever way its length is told."""

from email.message import Message
from io import BufferedIOBase
from typing import Final

_LINE: Final = 1024


class BodyTooLargeError(Exception):
    """The body is longer than the reader allows; the rest of it was not read."""


class MalformedBodyError(Exception):
    """The length of the body cannot be told: a broken chunk, a bad length, or a connection that ended early."""


def read_body(stream: BufferedIOBase, headers: Message, limit: int) -> bytes | None:
    """Read a whole body of at most `limit` bytes; None when the request has none."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return b"".join(_chunks(stream, limit))
    text = headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise MalformedBodyError
    if int(text) > limit:
        raise BodyTooLargeError
    return _exactly(stream, int(text))


def _chunks(stream: BufferedIOBase, limit: int) -> list[bytes]:
    chunks, total = [], 0
    while size := _chunk_size(stream):
        total += size
        if total > limit:
            raise BodyTooLargeError
        chunks.append(_exactly(stream, size))
        _exactly(stream, 2)
    while stream.readline(_LINE).strip():
        pass  # trailers: nothing after the body is part of the request
    return chunks


def _chunk_size(stream: BufferedIOBase) -> int:
    line = stream.readline(_LINE)
    try:
        return int(line.partition(b";")[0], 16)
    except ValueError as malformed:
        raise MalformedBodyError from malformed


def _exactly(stream: BufferedIOBase, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise MalformedBodyError
    return data
