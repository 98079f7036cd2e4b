"""Zips that are equal, byte for byte, when their contents are equal."""

import zipfile
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16


def add_tree(path: Path, tree: Path) -> None:
    """Add every file below `tree`, in the order of their names, to the zip at `path`, new or not."""
    with zipfile.ZipFile(path, "a") as archive:
        for file in sorted(tree.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(file.relative_to(tree).as_posix(), _EPOCH)
                entry.external_attr = _READABLE
                archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
