"""Tells a Git LFS pointer from content (the pointer format of the Git LFS specification, version 1)."""

from shared.domain.content import SourceFile

_VERSION_LINE = b"version https://git-lfs.github.com/spec/v1"
_LONGEST_POINTER = 1024


def is_pointer(file: SourceFile) -> bool:
    return len(file.data) < _LONGEST_POINTER and file.data.startswith(_VERSION_LINE)
