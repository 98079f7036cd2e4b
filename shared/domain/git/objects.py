"""Git objects of a file tree: blobs, trees and one commit whose id depends on nothing but the content."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from shared.domain.rendering.tree import EPOCH, FileTree, checked_paths, folders_above

_FOLDER = 0o40000
_SIGNATURE = f"Plugin Depot <depot@localhost> {EPOCH} +0000"
_MESSAGE = "Published by Plugin Depot\n"


class Kind(IntEnum):
    """The kinds of objects, by their numbers in a pack (git: gitformat-pack)."""

    COMMIT = 1
    TREE = 2
    BLOB = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class GitObject:
    """One object: `id` is the SHA-1 in hex over its header and `data`, as `git hash-object` says."""

    kind: Kind
    id: str
    data: bytes

    @classmethod
    def of(cls, kind: Kind, data: bytes) -> "GitObject":
        digest = hashlib.sha1(b"%s %d\0" % (kind.word.encode(), len(data)), usedforsecurity=False)
        digest.update(data)
        return cls(kind, digest.hexdigest(), data)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A parentless commit and every object that it needs, each once."""

    commit_id: str
    objects: tuple[GitObject, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    mode: int
    id: str

    @property
    def order(self) -> bytes:
        """Git sorts folders as if their names ended in a slash."""
        return self.name + b"/" if self.mode == _FOLDER else self.name

    @property
    def line(self) -> bytes:
        return b"%o %s\0%s" % (self.mode, self.name, bytes.fromhex(self.id))


def build_commit(files: FileTree) -> Snapshot:
    """The snapshot of a tree: equal trees have equal commit ids.

    Raises `Invalid` for paths that git would refuse to check out.
    """
    blobs = {path: GitObject.of(Kind.BLOB, files[path].data) for path in checked_paths(files)}
    trees = _build_trees({path: (files[path].git_mode, blob.id) for path, blob in blobs.items()})
    commit = GitObject.of(Kind.COMMIT, _commit_text(trees[-1].id).encode())
    objects = {each.id: each for each in (commit, *trees, *blobs.values())}
    return Snapshot(commit.id, tuple(objects.values()))


def _build_trees(blobs: Mapping[str, tuple[int, str]]) -> list[GitObject]:
    """Trees of (mode, blob id) by path, the root last: a folder's id needs those of the folders in it."""
    entries: dict[str, list[_Entry]] = defaultdict(list, {"": []})
    for path, (mode, blob_id) in blobs.items():
        folder, _, name = path.rpartition("/")
        entries[folder].append(_Entry(name.encode(), mode, blob_id))
        for above in folders_above(path):
            entries.setdefault(above, [])

    trees = []
    for path in sorted(entries.keys() - {""}, key=_depth, reverse=True):
        trees.append(_tree(entries[path]))
        folder, _, name = path.rpartition("/")
        entries[folder].append(_Entry(name.encode(), _FOLDER, trees[-1].id))
    return [*trees, _tree(entries[""])]


def _depth(path: str) -> tuple[int, str]:
    return path.count("/"), path


def _tree(entries: Iterable[_Entry]) -> GitObject:
    ordered = sorted(entries, key=lambda entry: entry.order)
    return GitObject.of(Kind.TREE, b"".join(entry.line for entry in ordered))


def _commit_text(tree_id: str) -> str:
    return f"tree {tree_id}\nauthor {_SIGNATURE}\ncommitter {_SIGNATURE}\n\n{_MESSAGE}"
