"""Reads an archive that a stranger made: every file in hand within fixed bounds, or a refusal that says why."""

from shared.domain.archives import tars, zips
from shared.domain.archives.contents import ArchiveContents
from shared.domain.errors import Invalid


def read_archive(data: bytes) -> ArchiveContents:
    """A zip or a gzipped tar, told apart by its first bytes.

    Raises: Invalid for what is neither, is broken, encrypted or unsafe to unpack; TooLarge beyond the bounds.
    """
    if data.startswith(zips.SIGNATURES):
        return zips.read_zip(data)
    if data.startswith(tars.SIGNATURE):
        return tars.read_tar_gz(data)
    raise Invalid.field("body", "is neither a zip nor a gzipped tar")
