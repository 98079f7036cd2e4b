"""Which paths every client on every platform can write to disk, and only there."""

import re

_MAX_PATH_BYTES = 1024
_MAX_NAME_BYTES = 255
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
# HFS+ ignores these inside a name, so ".g\u200cit" would be written as ".git" (git: utf8.c, next_hfs_char).
_HFS_IGNORED = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
# NTFS takes short names, trailing dots and spaces, and streams for the same file (git: path.c, is_ntfs_dotgit).
_DOT_GIT = re.compile(r"(?:\.git|git~1)[ .]*(?::.*)?", re.IGNORECASE)


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


def _name_problem(name: str) -> str | None:
    if name in ("", ".", ".."):
        return "is not a plain relative path"
    if len(name.encode()) > _MAX_NAME_BYTES:
        return f"has a name longer than {_MAX_NAME_BYTES} bytes"
    if _DOT_GIT.fullmatch(_HFS_IGNORED.sub("", name)):
        return "would be git's own folder on some file system"
    return None
