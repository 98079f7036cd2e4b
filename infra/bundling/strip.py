"""Takes out of shared libraries what only a debugger or a linker reads: the sections that are never loaded."""

import struct
from pathlib import Path

_ELF64_LITTLE = b"\x7fELF\x02\x01"
_SECTION_TABLE_AT = 40  # e_shoff; its sizes and the index of its names follow at 58 (System V ABI, ELF header)
_SECTION_SIZES_AT = 58


def strip(library: Path) -> None:
    """Cut `library` behind its last segment; a loader reads segments alone. Other formats stay as they are."""
    data = library.read_bytes()
    if not data.startswith(_ELF64_LITTLE):
        return
    kept = bytearray(data[: _end_of_segments(data)])
    struct.pack_into("<Q", kept, _SECTION_TABLE_AT, 0)
    struct.pack_into("<HHH", kept, _SECTION_SIZES_AT, 0, 0, 0)
    library.write_bytes(kept)


def _end_of_segments(data: bytes) -> int:
    (at,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    headers = [struct.unpack_from("<IIQQQQ", data, at + number * size) for number in range(count)]
    return max(int(offset + length) for _, _, offset, _, _, length in headers)
