"""What an archive holds, gathered entry by entry within bounds that no archive can talk its way around."""

import stat
from dataclasses import dataclass, field
from typing import Final

from shared.domain.config_types.layout import is_safe_path
from shared.domain.content import EXECUTABLE, REGULAR, SourceFile
from shared.domain.errors import Invalid, TooLarge
from shared.domain.source_tree import SYMLINK

MAX_ENTRIES: Final = 5_000
MAX_FILE: Final = 25 * 1024 * 1024
MAX_TOTAL: Final = 50 * 1024 * 1024
MAX_PATH: Final = 512
MAX_RATIO: Final = 100
_RATIO_MATTERS: Final = 1024 * 1024
_LEFT_BEHIND: Final = ("__MACOSX/", "._", ".DS_Store")


@dataclass(frozen=True, slots=True)
class TreePath:
    """One path of the tree with its git mode, links and all."""

    path: str
    mode: int


@dataclass(frozen=True, slots=True)
class ArchiveContents:
    """`files` by path; `links` are symlinks, known by their path alone; `litter` is what desktops leave behind."""

    files: dict[str, SourceFile]
    links: tuple[str, ...] = ()
    litter: tuple[str, ...] = ()

    @property
    def tree(self) -> list[TreePath]:
        """Every path, as a source's listing would have it."""
        found = [TreePath(file.path, file.mode) for file in self.files.values()]
        return found + [TreePath(path, SYMLINK) for path in self.links]


@dataclass(slots=True)
class Gathering:
    """The entries so far. `packed` is the archive's own size in bytes."""

    packed: int
    files: dict[str, SourceFile] = field(default_factory=dict)
    _links: dict[str, None] = field(default_factory=dict)
    _litter: list[str] = field(default_factory=list)
    _entries: int = 0
    _total: int = 0

    def expect(self, size: int) -> None:
        """Count one more entry that says it is so large, before anything of it is read. Raises: TooLarge."""
        self._entries += 1
        self._total += size
        if self._entries > MAX_ENTRIES:
            raise TooLarge(f"The archive has more than {MAX_ENTRIES} entries; import it in parts.")
        if size > MAX_FILE:
            raise TooLarge(f"A file of the archive has more than {MAX_FILE} bytes.")
        if self._total > MAX_TOTAL:
            raise TooLarge(f"The archive unpacks to more than {MAX_TOTAL} bytes; import it in parts.")
        if self._total > max(_RATIO_MATTERS, MAX_RATIO * self.packed):
            raise TooLarge(f"The archive unpacks to more than {MAX_RATIO} times its size.")

    def path_of(self, name: str) -> str:
        """An entry's name as a path below the root. Raises: Invalid for one that could mean any other place."""
        path = name
        while path.startswith("./"):
            path = path[2:]
        if not is_plain_path(path):
            raise refusal(name, "is no plain relative path; an archive with such a name is not unpacked")
        return path

    def add(self, name: str, data: bytes, *, executable: bool) -> None:
        path = self._new(name)
        if _is_litter(path):
            self._litter.append(path)
        else:
            self.files[path] = SourceFile(path, data, EXECUTABLE if executable else REGULAR)

    def add_link(self, name: str, target: str) -> None:
        """A symlink is never followed. Raises: Invalid for one that leads out of the archive."""
        path = self._new(name)
        if _leaves(path, target):
            raise refusal(name, "is a link that leads out of the archive")
        self._links[path] = None

    def finish(self) -> ArchiveContents:
        """Raises: Invalid for an archive without a file, or with a file where another needs a folder."""
        folders = {path[:at] for path in (*self.files, *self._links) for at in _slashes(path)}
        for path in folders & (self.files.keys() | self._links.keys()):
            raise refusal(path, "is both a file and a folder")
        if not self.files:
            raise Invalid.field("body", "is an archive without any file")
        return ArchiveContents(self.files, tuple(self._links), tuple(self._litter))

    def _new(self, name: str) -> str:
        path = self.path_of(name)
        if path in self.files or path in self._links:
            raise refusal(name, "is in the archive twice")
        return path


def is_plain_path(path: str) -> bool:
    """Relative, in UTF-8, without `..`, drive letters, backslashes or control characters."""
    return (
        0 < len(path) <= MAX_PATH
        and is_safe_path(path)
        and not (path[1:2] == ":" and path[:1].isalpha())
        and not any("\ud800" <= character <= "\udfff" for character in path)
    )


def is_executable(mode: int) -> bool:
    return bool(stat.S_IMODE(mode) & 0o111)


def refusal(name: str, reason: str) -> Invalid:
    return Invalid.field("body", f"{name[:200]!r} {reason}")


def _leaves(path: str, target: str) -> bool:
    """Whether a link at `path` to `target` ends above the archive's root."""
    if target.startswith("/") or "\\" in target or target[1:2] == ":":
        return True
    depth = path.count("/")
    for part in target.split("/"):
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return True
    return False


def _is_litter(path: str) -> bool:
    return path.startswith(_LEFT_BEHIND[0]) or path.rpartition("/")[2].startswith(_LEFT_BEHIND[1:])


def _slashes(path: str) -> list[int]:
    return [at for at, character in enumerate(path) if character == "/"]
