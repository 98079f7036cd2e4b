"""Lists every path of a commit, also when one answer is too small for it.

GitHub cuts a recursive tree at 100,000 entries or 7 MB and says `truncated`. What it did send is kept where it
proves itself: a folder whose listed members hash to the folder's own id is whole, so only folders that
the cut went through are asked again.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from shared.connectors.github.shapes import TreePage
from shared.domain.source_tree import EntryKind, TreeEntry, TreeListing

MAX_CALLS: Final = 500
FetchPage = Callable[[str, bool], TreePage]


class TreeWalk:
    """One listing: `fetch(tree id, recursive)` is called as rarely as the answers allow."""

    def __init__(self, fetch: FetchPage, max_calls: int = MAX_CALLS) -> None:
        self._fetch, self._calls_left = fetch, max_calls
        self._members: dict[str, dict[str, TreeEntry]] = defaultdict(dict)

    def listing(self, revision: str) -> TreeListing:
        """All entries by path; not `complete` only where the allowed calls were not enough."""
        page = self._take(revision, "", recursive=True)
        if not page.truncated:
            return TreeListing(revision, page.entries, complete=True)
        complete = self._fill(page.sha)
        found = (entry for members in self._members.values() for entry in members.values())
        return TreeListing(revision, tuple(sorted(found, key=lambda entry: entry.path)), complete)

    def _fill(self, root_sha: str) -> bool:
        """Complete every folder that is not proven whole, from the root down; False when out of calls."""
        if not self._is_whole("", root_sha) and not self._list_alone("", root_sha):
            return False
        waiting = self._subfolders("")
        while waiting:
            folder, sha = waiting.pop()
            if not self._is_whole(folder, sha):
                if self._calls_left == 0:
                    return False
                if not self._take(sha, folder, recursive=True).truncated:
                    continue
                if not self._is_whole(folder, sha) and not self._list_alone(folder, sha):
                    return False
            waiting += self._subfolders(folder)
        return True

    def _list_alone(self, folder: str, sha: str) -> bool:
        return self._calls_left > 0 and not self._take(sha, folder, recursive=False).truncated

    def _take(self, sha: str, folder: str, *, recursive: bool) -> TreePage:
        self._calls_left -= 1
        page = self._fetch(sha, recursive)
        for entry in page.entries:
            placed = replace(entry, path=folder + entry.path) if folder else entry
            parent, slash, _ = placed.path.rpartition("/")
            self._members[parent + slash][placed.path] = placed
        return page

    def _is_whole(self, folder: str, sha: str) -> bool:
        return tree_sha(self._members[folder].values()) == sha

    def _subfolders(self, folder: str) -> list[tuple[str, str]]:
        members = self._members[folder].values()
        return [(f"{member.path}/", member.sha) for member in members if member.kind is EntryKind.TREE]


def tree_sha(members: Iterable[TreeEntry]) -> str:
    """The id that git gives to a folder with these members."""
    content = b"".join(
        b"%o %s\0%s" % (member.mode, _name(member), bytes.fromhex(member.sha))
        for member in sorted(members, key=_git_order)
    )
    return hashlib.sha1(b"tree %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _git_order(member: TreeEntry) -> bytes:
    return _name(member) + (b"/" if member.kind is EntryKind.TREE else b"")


def _name(member: TreeEntry) -> bytes:
    return member.path.rpartition("/")[2].encode(errors="surrogatepass")
