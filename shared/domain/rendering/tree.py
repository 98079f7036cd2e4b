"""A rendered tree of files, checked so that every client on every platform can write it to disk."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.content import EXECUTABLE, REGULAR
from shared.domain.errors import FieldError, Invalid
from shared.domain.writable_path import path_problem

EPOCH = 315_532_800
"""1980-01-01T00:00:00Z, the earliest time a zip can hold: everything rendered was made then."""


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
