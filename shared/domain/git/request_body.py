"""The body of a git request as it was before the client compressed it, within a limit."""

import zlib

from shared.domain.errors import TooLarge, UnsupportedMedia
from shared.domain.git.pkt_line import ProtocolError

MAX_BODY = 1024 * 1024
"""Bytes after inflation: room for some 20,000 haves, where git sends 16 and then doubles."""

_GZIP_ONLY = 16 + zlib.MAX_WBITS


def decode_body(body: bytes, content_encoding: str | None, limit: int = MAX_BODY) -> bytes:
    """Undo `Content-Encoding: gzip`, which git uses for larger requests; inflates at most `limit` bytes.

    Raises `TooLarge` beyond the limit, `UnsupportedMedia` for another encoding, `ProtocolError` for
    broken gzip.
    """
    encoding = (content_encoding or "identity").strip().lower()
    if encoding in ("gzip", "x-gzip"):
        body = _gunzip(body, limit)
    elif encoding != "identity":
        raise UnsupportedMedia(f"Content-Encoding {encoding[:40]!r} is not understood; send gzip or none.")
    if len(body) > limit:
        raise TooLarge(f"A git request may have {limit} bytes; ask for fewer refs at once.")
    return body


def _gunzip(body: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj(_GZIP_ONLY)
    try:
        inflated = inflater.decompress(body, limit + 1)
    except zlib.error as broken:
        raise ProtocolError("the body is not the gzip that Content-Encoding promises") from broken
    if len(inflated) <= limit and (not inflater.eof or inflater.unused_data):
        raise ProtocolError("the gzip body is cut short, or more follows it")
    return inflated
