"""A rendered tree of files, checked so that every client on every platform can write it to disk."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.content import EXECUTABLE, REGULAR
from shared.domain.errors import FieldError, Invalid

EPOCH = 315_532_800
"""1980-01-01T00:00:00Z, the earliest time a zip can hold: everything rendered was made then."""

_MAX_PATH_BYTES = 1024
_MAX_NAME_BYTES = 255
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
# HFS+ ignores these inside a name, so ".g\u200cit" would be written as ".git" (git: utf8.c, next_hfs_char).
_HFS_IGNORED = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
# NTFS takes short names, trailing dots and spaces, and streams for the same file (git: path.c, is_ntfs_dotgit).
_DOT_GIT = re.compile(r"(?:\.git|git~1)[ .]*(?::.*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TreeFile:
    """One file of a tree: raw bytes, and a git file mode of which only the executable bit is kept."""

    data: bytes
    mode: int = REGULAR

    @property
    def executable(self) -> bool:
        return bool(self.mode & 0o111)

    @property
    def git_mode(self) -> int:
        return EXECUTABLE if self.executable else REGULAR


FileTree = Mapping[str, TreeFile]
"""POSIX paths relative to the tree's root; folders exist by their files alone."""


def path_problem(path: str) -> str | None:
    """Why a path cannot be rendered, in words that follow the path; None when it can.

    Refused is what git itself refuses to check out (`verify_path`), what an unpacker could write
    outside its folder, and what no file system could hold.
    """
    if _UNWRITABLE.search(path):
        return "holds a control character, a backslash or broken Unicode"
    if len(path.encode()) > _MAX_PATH_BYTES:
        return f"is longer than {_MAX_PATH_BYTES} bytes"
    return next(filter(None, map(_name_problem, path.split("/"))), None)


def checked_paths(files: FileTree) -> list[str]:
    """The tree's paths in the order of their code points, which is that of their UTF-8 bytes.

    Raises `Invalid`, naming every offending path, for an unsafe path and for a file where another
    path needs a folder.
    """
    problems = {path: problem for path in files if (problem := path_problem(path))}
    folders = {folder for path in files for folder in folders_above(path)}
    problems |= dict.fromkeys(folders & files.keys(), "is both a file and a folder")
    if problems:
        errors = [FieldError(path, problem) for path, problem in sorted(problems.items())]
        raise Invalid(f"This tree cannot be rendered: {errors[0].path!r} {errors[0].message}.", errors)
    return sorted(files)


def folders_above(path: str) -> list[str]:
    """`a/b/c` lies in `a/b` and `a`, nearest first; the root is not named."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]


def _name_problem(name: str) -> str | None:
    if name in ("", ".", ".."):
        return "is not a plain relative path"
    if len(name.encode()) > _MAX_NAME_BYTES:
        return f"has a name longer than {_MAX_NAME_BYTES} bytes"
    if _DOT_GIT.fullmatch(_HFS_IGNORED.sub("", name)):
        return "would be git's own folder on some file system"
    return None
