import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from shared.connectors.github.shapes import TreePage
from shared.connectors.github.tree_walk import TreeWalk, tree_sha
from shared.domain.source_tree import EntryKind, TreeEntry, blob_sha

COMMIT = "c" * 40


class Folders:
    """A commit's trees, answered like GitHub does: in path order, cut after `limit` entries."""

    def __init__(self, paths: Iterable[str], limit: int) -> None:
        self.limit, self.calls = limit, 0
        self.below: dict[str, list[TreeEntry]] = {}
        self.root = self._build("", sorted(paths))
        self.below[COMMIT] = self.below[self.root]

    def fetch(self, sha: str, recursive: bool) -> TreePage:
        self.calls += 1
        entries = [entry for entry in self.below[sha] if recursive or "/" not in entry.path]
        return TreePage(sha, tuple(entries[: self.limit]), len(entries) > self.limit)

    def _build(self, folder: str, paths: list[str]) -> str:
        members: dict[str, list[str]] = {}
        for path in paths:
            name, _, rest = path.partition("/")
            members.setdefault(name, []).extend([rest] if rest else [])
        entries: list[TreeEntry] = []
        for name, inside in members.items():
            if inside:
                sha = self._build(f"{folder}{name}/", inside)
                entries.append(TreeEntry(name, 0o40000, EntryKind.TREE, sha))
                entries += [TreeEntry(f"{name}/{e.path}", e.mode, e.kind, e.sha, e.size) for e in self.below[sha]]
            else:
                entries.append(TreeEntry(name, 0o100644, EntryKind.BLOB, blob_sha(folder.encode()), 1))
        own = tree_sha(entry for entry in entries if "/" not in entry.path)
        self.below[own] = sorted(entries, key=lambda entry: entry.path)
        return own


def blobs(entries: Iterable[TreeEntry]) -> list[str]:
    return [entry.path for entry in entries if entry.kind is EntryKind.BLOB]


PATHS = sorted(f"plugins/p{p:02}/skills/s{s}/SKILL.md" for p in range(20) for s in range(20))


def test_a_listing_that_fits_is_one_call() -> None:
    folders = Folders(PATHS, limit=100_000)

    listing = TreeWalk(folders.fetch).listing(COMMIT)

    assert (listing.complete, folders.calls) == (True, 1)
    assert blobs(listing.entries) == PATHS


@pytest.mark.parametrize("limit", [22, 40, 150, 400, 800, 861])
def test_a_cut_listing_is_completed_to_the_same_paths(limit: int) -> None:
    folders = Folders(PATHS, limit)

    listing = TreeWalk(folders.fetch).listing(COMMIT)

    assert listing.complete
    assert blobs(listing.entries) == PATHS


def test_only_folders_that_the_cut_went_through_are_asked_again() -> None:
    paths = [f"f{n}/SKILL.md" for n in range(50)]
    folders = Folders(paths, limit=95)

    listing = TreeWalk(folders.fetch).listing(COMMIT)

    assert blobs(listing.entries) == sorted(paths)
    assert folders.calls == 2 + 3  # the commit twice, and the last folders, whose files were cut


def test_a_folder_too_large_to_list_at_all_leaves_the_listing_incomplete() -> None:
    folders = Folders([f"file{n:03}" for n in range(60)], limit=50)

    listing = TreeWalk(folders.fetch).listing(COMMIT)

    assert not listing.complete
    assert len(listing.entries) == 50


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_a_walk_that_runs_out_of_calls_says_that_it_is_incomplete(calls: int) -> None:
    folders = Folders(PATHS, limit=22)

    listing = TreeWalk(folders.fetch, max_calls=calls).listing(COMMIT)

    assert (listing.complete, folders.calls) == (False, calls)


def test_a_folder_s_id_is_the_one_that_git_gives(tmp_path: Path) -> None:
    members = [
        TreeEntry("a", 0o40000, EntryKind.TREE, "4b825dc642cb6eb9a060e54bf8d69288fbee4904"),
        TreeEntry("a.b", 0o100755, EntryKind.BLOB, blob_sha(b"")),
        TreeEntry("ü", 0o120000, EntryKind.BLOB, blob_sha(b"")),
        TreeEntry("sub", 0o160000, EntryKind.COMMIT, "c" * 40),
    ]
    lines = "".join(f"{m.mode:06o} {m.kind} {m.sha}\t{m.path}\n" for m in members)
    subprocess.run(["git", "init", "-q", "--bare", tmp_path], check=True)

    made = subprocess.run(
        ["git", "-C", tmp_path, "mktree", "--missing"],
        input=lines, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert tree_sha(members) == made.stdout.strip()
