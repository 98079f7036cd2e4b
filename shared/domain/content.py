"""Files in hand, files on record, and the digest that makes equal content equal."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

REGULAR = 0o100644
EXECUTABLE = 0o100755


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file in hand: POSIX path relative to its unit's root, raw bytes, git file mode."""

    path: str
    data: bytes
    mode: int = REGULAR

    @property
    def entry(self) -> "FileEntry":
        return FileEntry(self.path, sha256_hex(self.data), len(self.data), self.mode)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file on record: `sha256` in hex names its content in storage, `size` in bytes."""

    path: str
    sha256: str
    size: int
    mode: int


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def content_digest(entries: Iterable[FileEntry], sealed: str | None = None) -> str:
    """The digest of a version: covers the sorted (path, mode, sha256) list, and the fingerprint of what is `sealed`.

    Paths hold no NUL and no newline (they are refused on the way in), so the lines cannot be forged.
    """
    lines = sorted(f"{entry.mode:o} {entry.sha256} {entry.path}\n" for entry in entries)
    lines += [f"sealed {sealed}\n"] if sealed else []
    return "sha256:" + sha256_hex("".join(lines).encode())
