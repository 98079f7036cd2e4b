"""The paths of a discovered commit as they are kept, and read again page by page."""

import json
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.domain.discovery.tree import Tree
from shared.domain.source_tree import SUBMODULE, SYMLINK, TreeEntry

_KINDS = {SYMLINK: "symlink", SUBMODULE: "submodule"}


@dataclass(frozen=True, slots=True)
class ListedPath:
    """`kind` is file, symlink or submodule; `size` in bytes, None where git knows none."""

    path: str
    kind: str
    size: int | None


def pack(tree: Tree) -> bytes:
    """A few bytes per path: a repository of 100,000 of them stays below 1 MB."""
    rows = [[entry.path, _kind(entry), entry.size] for entry in tree.entries.values()]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(errors="surrogatepass"), 6)


def unpack(data: bytes) -> list[ListedPath]:
    return [ListedPath(*row) for row in json.loads(zlib.decompress(data))]


def page_of(listed: Sequence[ListedPath], prefix: str, after: str | None, limit: int) -> tuple[list[ListedPath], bool]:
    """The paths that begin with `prefix`, in order, beyond `after`; and whether more follow."""
    paths = [one.path for one in listed]
    start = bisect_right(paths, after) if after is not None else bisect_left(paths, prefix)
    found = _while(listed[max(start, bisect_left(paths, prefix)) :][: limit + 1], prefix)
    return found[:limit], len(found) > limit


def _while(listed: Iterable[ListedPath], prefix: str) -> list[ListedPath]:
    """They are sorted: what begins alike stands together."""
    return [one for one in listed if one.path.startswith(prefix)]


def _kind(entry: TreeEntry) -> str:
    return _KINDS.get(entry.mode, "file")
