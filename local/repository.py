"""Makes the commits that the sample's authors would make, with git itself and nobody's personal settings."""

from pathlib import Path
from typing import Final

from local.github.git import run_git

_AUTHOR: Final = ("-c", "user.name=Olivia Owner", "-c", "user.email=olivia@acme.example")


def commit_files(files: Path, work: Path, message: str) -> None:
    """Make a new repository at `work` whose one commit holds everything below `files`, executable bits too."""
    run_git("init", "--quiet", "--initial-branch=main", str(work))
    run_git(f"--git-dir={work / '.git'}", f"--work-tree={files}", "add", "--all", "--force")
    _commit(work, message)


def clone(repository: Path, work: Path) -> None:
    run_git("clone", "--quiet", str(repository), str(work))


def commit_and_push(work: Path, message: str) -> str:
    """Commit every change, push it, and return the new head."""
    run_git("-C", str(work), "add", "--all")
    _commit(work, message)
    run_git("-C", str(work), "push", "--quiet", "origin", "HEAD")
    return run_git("-C", str(work), "rev-parse", "HEAD").decode().strip()


def _commit(work: Path, message: str) -> None:
    run_git("-C", str(work), *_AUTHOR, "commit", "--quiet", "--message", message)
