"""The paths of one commit, asked by folder: what discovery knows of a repository before it reads any file."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

from shared.domain.source_tree import EntryKind, TreeEntry

_BEHIND_FOLDER: Final = "0"
"""The character behind `/`: all that lies in a folder is sorted in front of `<folder>0`."""


class Tree:
    """Files, links and submodules in path order; folders are what lies above them."""

    def __init__(self, entries: Iterable[TreeEntry]) -> None:
        leaves = (entry for entry in entries if entry.kind is not EntryKind.TREE)
        self.entries = {entry.path: entry for entry in sorted(leaves, key=lambda entry: entry.path)}
        self._paths = list(self.entries)

    def __len__(self) -> int:
        return len(self._paths)

    def has(self, path: str) -> bool:
        return path in self.entries

    def below(self, folder: str) -> list[str]:
        """Every path in a folder, at any depth; "" is the repository's root."""
        if not folder:
            return self._paths
        return self._paths[bisect_left(self._paths, f"{folder}/") : bisect_left(self._paths, folder + _BEHIND_FOLDER)]

    def has_folder(self, folder: str) -> bool:
        at = bisect_left(self._paths, f"{folder}/")
        return at < len(self._paths) and self._paths[at].startswith(f"{folder}/")

    def files_named(self, name: str, budget: int | None = None) -> list[str]:
        """Every path that is `name` or ends in `/name`, among the first `budget` paths."""
        return [path for path in self._paths[:budget] if path == name or path.endswith(f"/{name}")]

    def first(self, budget: int) -> list[str]:
        return self._paths[:budget]


def join(folder: str, path: str) -> str:
    return f"{folder}/{path}".strip("/")
