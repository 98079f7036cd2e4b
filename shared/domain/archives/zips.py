"""Zip archives (PKWARE's APPNOTE 6.3): what their directory says is checked before anything is inflated."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from shared.domain.archives.contents import ArchiveContents, Gathering, is_executable, refusal
from shared.domain.errors import Invalid, TooLarge

SIGNATURES: Final = (b"PK\x03\x04", b"PK\x05\x06")
_END: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
_LONGEST_COMMENT: Final = 0xFFFF
_MAX_DIRECTORY: Final = 2 * 1024 * 1024
"""Bytes of the central directory: parsing it costs memory before its entries can be counted."""
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_UTF8: Final = 0x800
_UNIX: Final = 3
_READABLE: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Both inflate piece by piece; the standard library expands bzip2 and LZMA without a bound."""
_LOCAL_HEADER: Final = 30


def read_zip(data: bytes) -> ArchiveContents:
    """Raises: Invalid, TooLarge: see `read_archive`."""
    _require_directory(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _require_apart(entries, len(data))
            gathering = Gathering(len(data))
            for entry in entries:
                gathering.expect(entry.file_size)
            for entry in entries:
                _gather(archive, entry, gathering)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, ValueError) as error:
        raise Invalid.field("body", f"is a broken zip: {error}") from error
    return gathering.finish()


def _require_directory(data: bytes) -> None:
    """The directory's size, from the record that ends every zip, found as the standard library finds it."""
    at = len(data) - _END_BYTES
    if data[at : at + 4] != _END or data[-2:] != b"\0\0":
        at = data.rfind(_END, max(0, at - _LONGEST_COMMENT))
    if at < 0 or at + _END_BYTES > len(data):
        raise Invalid.field("body", "is a broken zip: its end is missing")
    size, offset = struct.unpack_from("<II", data, at + 12)
    if data[max(0, at - 20) : at].startswith(b"PK\x06\x07") or 0xFFFFFFFF in (size, offset):
        raise Invalid.field("body", "is a zip64, which an archive of this size never has to be")
    if size > _MAX_DIRECTORY:
        raise TooLarge("The archive has too many entries; import it in parts.")


def _require_apart(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Entries that share bytes multiply without growing the archive. Raises: Invalid."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    starts = [entry.header_offset for entry in ordered[1:]] + [size]
    for entry, following in zip(ordered, starts, strict=True):
        if entry.header_offset + _LOCAL_HEADER + entry.compress_size > following:
            raise refusal(entry.filename, "overlaps another entry or the archive's end")


def _gather(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, gathering: Gathering) -> None:
    name = _name(entry)
    if entry.flag_bits & _ENCRYPTED:
        raise refusal(name, "is encrypted; send the archive without a password")
    if entry.compress_type not in _READABLE:
        raise refusal(name, "is compressed in a way other than deflate")
    mode = entry.external_attr >> 16 if entry.create_system == _UNIX else 0
    kind = stat.S_IFMT(mode)
    if name.endswith("/") or kind == stat.S_IFDIR:
        gathering.path_of(name.rstrip("/") or name)
    elif kind == stat.S_IFLNK:
        gathering.add_link(name, _content(archive, entry).decode("utf-8", "surrogateescape"))
    elif kind in (0, stat.S_IFREG):
        gathering.add(name, _content(archive, entry), executable=is_executable(mode))
    else:
        raise refusal(name, "is a device, pipe or socket")


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Never more than the entry says it has: what follows fails its checksum."""
    with archive.open(entry) as stream:
        data = stream.read(entry.file_size)
        if len(data) != entry.file_size or stream.read(1):
            raise refusal(entry.filename, "has another size than it says")
    return data


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as written: what follows a NUL is not cut off here, and macOS writes UTF-8 without saying so."""
    name = entry.orig_filename
    if entry.flag_bits & _UTF8:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name
