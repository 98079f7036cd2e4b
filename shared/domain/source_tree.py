"""What a source says of itself: an installation, a repository, and every path of one commit."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SYMLINK = 0o120000
SUBMODULE = 0o160000


class EntryKind(StrEnum):
    BLOB = "blob"
    TREE = "tree"
    COMMIT = "commit"


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One path of a commit, as git stores it: `mode` as in git, `size` in bytes and only for blobs."""

    path: str
    mode: int
    kind: EntryKind
    sha: str
    size: int | None = None

    @property
    def is_link(self) -> bool:
        return self.mode == SYMLINK


@dataclass(frozen=True, slots=True)
class TreeListing:
    """Every path of `revision`, or, when not `complete`, some of them: then no absence may be concluded."""

    revision: str
    entries: tuple[TreeEntry, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Repository:
    id: int
    full_name: str
    default_branch: str
    private: bool
    archived: bool


@dataclass(frozen=True, slots=True)
class RepositoryPage:
    """Some of the repositories within an installation's reach; `total` counts all of them."""

    repositories: tuple[Repository, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the app is installed, and what it may do there (`permissions`: name → read or write)."""

    id: int
    login: str
    account_type: str
    repository_selection: str
    permissions: Mapping[str, str]
    suspended: bool


def blob_sha(data: bytes) -> str:
    """The id that git gives to a file's bytes."""
    # git's own naming of content; nothing here is trusted because of SHA-1 alone, TLS carries the listing
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
