"""Picks wanted blobs out of a commit's archive while it streams by.

Files are recognized by content, not by path: `export-subst`, line-end conversion and LFS change what an
archive holds, `export-ignore` leaves files out, and the root folder's name is not promised. A blob that no
member hashes to is simply not yielded, and must be asked for by itself.
"""

import tarfile
import zlib
from collections.abc import Iterator, Mapping
from gzip import BadGzipFile, GzipFile
from typing import IO, Final, cast

from urllib3 import BaseHTTPResponse

from shared.domain.errors import Retryable
from shared.domain.source_tree import blob_sha

MAX_UNPACKED_BYTES: Final = 4 * 1024**3


def wanted_blobs(response: BaseHTTPResponse, sizes: Mapping[str, int]) -> Iterator[tuple[str, bytes]]:
    """Yield (id, bytes) of the blobs in `sizes` (id → bytes) that the archive holds, one in memory at a time."""
    left = set(sizes)
    worth_reading = frozenset(sizes.values())
    try:
        # tarfile's own unpacking takes an archive that breaks off for one that ends
        unpacked = GzipFile(fileobj=cast(IO[bytes], response), mode="rb")
        with tarfile.open(fileobj=unpacked, mode="r|") as archive:
            for member in archive:
                # a stream never goes back, and 100,000 headers would stay in memory
                archive.members.clear()  # type: ignore[attr-defined]  # public in CPython, absent from typeshed
                if not left or member.offset_data + member.size > MAX_UNPACKED_BYTES:
                    return
                data = _content(archive, member, worth_reading)
                if data is not None and (sha := blob_sha(data)) in left:
                    left.remove(sha)
                    yield sha, data
    except (tarfile.TarError, zlib.error, EOFError, BadGzipFile) as error:
        raise Retryable("GitHub's archive broke off.") from error


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, worth: frozenset[int]) -> bytes | None:
    if member.issym():
        return member.linkname.encode(errors="surrogateescape")
    if not member.isfile() or member.size not in worth:
        return None
    file = archive.extractfile(member)
    return None if file is None else file.read()
