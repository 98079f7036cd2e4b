"""Pack files (version 2, no deltas): the form in which git clients take objects."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator

from shared.domain.git.objects import GitObject

_LEVEL = 6
_HEADER_SIZE = 12
_TRAILER_SIZE = 20
_PIECE = 64 * 1024


def write_pack(objects: Iterable[GitObject]) -> bytes:
    """A pack holding each object once, commits first: equal sets of objects give equal bytes."""
    unique = _unique(objects)
    parts = [b"PACK" + (2).to_bytes(4, "big") + len(unique).to_bytes(4, "big")]
    for each in unique:
        parts += _entry_header(each), zlib.compress(each.data, _LEVEL)
    body = b"".join(parts)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def merge_packs(packs: Iterable[bytes]) -> bytes:
    """One pack with everything that these hold, each object once; they are `write_pack`'s own."""
    entries = dict.fromkeys(entry for pack in packs for entry in _entries(pack))
    body = b"".join((b"PACK" + (2).to_bytes(4, "big") + len(entries).to_bytes(4, "big"), *entries))
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def _entries(pack: bytes) -> Iterator[bytes]:
    """Each object as it lies in the pack. Only inflating it tells where it ends."""
    at, end = _HEADER_SIZE, len(pack) - _TRAILER_SIZE
    while at < end:
        start = at
        while pack[at] & 0x80:
            at += 1
        at += 1
        stream = zlib.decompressobj()
        while not stream.eof:
            piece = pack[at : at + _PIECE]
            stream.decompress(piece)
            at += len(piece) - len(stream.unused_data)
        yield pack[start:at]


def _unique(objects: Iterable[GitObject]) -> list[GitObject]:
    return sorted({each.id: each for each in objects}.values(), key=lambda each: (each.kind, each.id))


def _entry_header(each: GitObject) -> bytes:
    """Kind and inflated size: four bits of size in the first byte, then seven per byte (gitformat-pack)."""
    size = len(each.data)
    header = bytearray([each.kind << 4 | size & 0xF])
    size >>= 4
    while size:
        header[-1] |= 0x80
        header.append(size & 0x7F)
        size >>= 7
    return bytes(header)
