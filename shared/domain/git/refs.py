"""What a repository offers: its branches and tags, and the branch that HEAD follows."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from shared.domain.errors import Invalid

MAIN = "refs/heads/main"

_NAME = re.compile(r"refs/(?:heads|tags)(?:/[^/\x00-\x20\x7f~^:?*\[\\\ud800-\udfff]+)+")
_REFUSED = re.compile(r"/\.|\.\.|\.lock(?:/|$)|@\{|\.$")
_COMMIT_ID = re.compile(r"[0-9a-f]{40}")


def is_ref_name(name: str) -> bool:
    """Whether `name` is a branch or tag that git accepts (git: git-check-ref-format), at most 255 bytes."""
    return bool(_NAME.fullmatch(name)) and not _REFUSED.search(name) and len(name.encode()) <= 255


def is_commit_id(text: str) -> bool:
    return bool(_COMMIT_ID.fullmatch(text))


@dataclass(frozen=True, slots=True)
class Refs:
    """Commit ids by full ref name; the commits have no parents, and tags are lightweight.

    `keeps` says of a commit that no ref names whether it may be fetched all the same. Raises `Invalid` for a name that
    git would refuse, for it would break every clone.
    """

    commits: Mapping[str, str]
    head: str = MAIN
    keeps: Callable[[str], bool] = field(default=lambda _: False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, commit_id in self.commits.items():
            if not is_ref_name(name) or not is_commit_id(commit_id):
                raise Invalid.field(name, f"is no ref that git accepts, or {commit_id!r} is no commit id")

    @property
    def is_unborn(self) -> bool:
        """HEAD follows a branch that does not exist: the repository is empty."""
        return self.head not in self.commits

    def listed(self) -> Iterator[tuple[str, str]]:
        """(name, commit id) in the order git lists them: HEAD, then by name."""
        if not self.is_unborn:
            yield "HEAD", self.commits[self.head]
        yield from sorted(self.commits.items())
