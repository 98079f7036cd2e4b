"""Archives that are a pure function of the tree in them: equal content, equal bytes, on every machine."""

import gzip
import io
import stat
import tarfile
import zipfile
from datetime import UTC, datetime
from typing import Literal

from shared.domain.rendering.tree import EPOCH, FileTree, TreeFile, checked_paths

_LEVEL = 6
_UNIX = 3
_ZIP_TIME = datetime.fromtimestamp(EPOCH, UTC).timetuple()[:6]


def write_zip(files: FileTree) -> bytes:
    """A zip of the tree: paths in byte order, no folder entries, no times, executable bits kept.

    Raises `Invalid` for a tree that could not be unpacked safely.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for path in checked_paths(files):
            archive.writestr(_zip_entry(path, files[path]), files[path].data, compresslevel=_LEVEL)
    return buffer.getvalue()


def write_tar_gz(files: FileTree) -> bytes:
    """A gzipped POSIX tar of the tree, with the same promises as `write_zip`; owned by nobody (0:0)."""
    buffer = io.BytesIO()
    # GzipFile, unlike gzip.compress, writes the same header on every platform.
    with (
        gzip.GzipFile("", "wb", _LEVEL, buffer, mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in checked_paths(files):
            entry = _tar_entry(path, files[path])
            archive.format = _format_of(entry)
            archive.addfile(entry, io.BytesIO(files[path].data))
    return buffer.getvalue()


def read_from_tar_gz(archive: bytes, path: str) -> bytes:
    """One file of an archive that `write_tar_gz` made and that has it."""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        found = opened.extractfile(path)
        if found is None:
            raise KeyError(path)
        return found.read()


def _zip_entry(path: str, file: TreeFile) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _ZIP_TIME)
    entry.create_system = _UNIX
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (stat.S_IFREG | _permissions(file)) << 16
    return entry


def _tar_entry(path: str, file: TreeFile) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path)
    entry.size = len(file.data)
    entry.mtime = EPOCH
    entry.mode = _permissions(file)
    return entry


def _format_of(entry: tarfile.TarInfo) -> Literal[0, 1, 2]:
    """Plain ustar where the path fits one: `npx skills` 1.7 reads no other header, and cuts the path."""
    try:
        entry.tobuf(tarfile.USTAR_FORMAT)
    except ValueError:
        return tarfile.PAX_FORMAT
    return tarfile.USTAR_FORMAT if entry.name.isascii() else tarfile.PAX_FORMAT


def _permissions(file: TreeFile) -> int:
    return 0o755 if file.executable else 0o644
