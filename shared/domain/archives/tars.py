"""Gzipped tars, read as they stream by: the reader stops at the bound, whatever the headers say."""

import gzip
import tarfile
import zlib
from io import BytesIO
from typing import IO, Final, cast

from shared.domain.archives.contents import MAX_ENTRIES, MAX_TOTAL, ArchiveContents, Gathering, is_executable, refusal
from shared.domain.errors import Invalid, TooLarge

SIGNATURE: Final = b"\x1f\x8b"
_MAX_STREAM: Final = MAX_TOTAL + MAX_ENTRIES * 3 * 1024
"""Bytes of the unpacked tar: each entry has its header, its padding, and perhaps a long name of its own."""

_PIECE: Final = 64 * 1024


class _Bounded:
    """The unpacked stream, up to its bound."""

    def __init__(self, data: bytes) -> None:
        self._stream = gzip.GzipFile(fileobj=BytesIO(data))
        self._passed = 0
        self._before, self._latest = b"", b""

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, _MAX_STREAM - self._passed + 1))
        self._passed += len(data)
        if self._passed > _MAX_STREAM:
            raise TooLarge(f"The archive unpacks to more than {MAX_TOTAL} bytes; import it in parts.")
        self._before, self._latest = self._latest, data
        return data

    def finish(self, offset: int) -> None:
        """Read the rest, so that checksums are compared. Raises: Invalid unless the entries end at `offset`.

        The standard library takes a header that it cannot read for the end, unless it is the first.
        """
        recent = self._before + self._latest
        at = offset - (self._passed - len(recent))
        if recent[at : at + tarfile.BLOCKSIZE].strip(b"\0"):
            raise Invalid.field("body", f"is a broken tar.gz: no entry can be read at byte {offset}")
        while self.read(_PIECE):
            pass


def read_tar_gz(data: bytes) -> ArchiveContents:
    """Raises: Invalid, TooLarge: see `read_archive`."""
    gathering = Gathering(len(data))
    try:
        stream = _Bounded(data)
        with tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|") as archive:
            for member in archive:
                # a stream never goes back, and every header would stay in memory
                archive.members.clear()  # type: ignore[attr-defined]  # public in CPython, absent from typeshed
                _gather(archive, member, gathering)
            stream.finish(archive.offset)
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError) as error:
        raise Invalid.field("body", f"is a broken tar.gz: {error}") from error
    return gathering.finish()


def _gather(archive: tarfile.TarFile, member: tarfile.TarInfo, gathering: Gathering) -> None:
    name = member.name
    if member.size < 0 or member.issparse():
        raise refusal(name, "is a sparse file or has no true size")
    gathering.expect(member.size if member.isreg() else 0)
    if member.isdir():
        if name.strip("./"):
            gathering.path_of(name)
    elif member.issym():
        gathering.add_link(name, member.linkname)
    elif member.islnk():
        raise refusal(name, "is a hard link; pack the files themselves")
    elif member.isreg():
        gathering.add(name, _content(archive, member), executable=is_executable(member.mode))
    else:
        raise refusal(name, "is a device, pipe or of a kind unknown here")


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member)
    data = stream.read() if stream else b""
    if len(data) != member.size:
        raise refusal(member.name, "ends before its size is reached")
    return data
