"""Knows the bare repositories that are served: `<root>/<owner>/<name>.git`, their ids in `repositories.json`."""

import json
import re
import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from local.github.git import Git, GitError, run_git

_FULL_NAME: Final = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}(?<!\.git)")
_FIRST_ID: Final = 700_000_001
_HOOK: Final = Path(__file__).with_name("post_receive.py")


class RepositoryError(Exception):
    """A repository cannot be registered; the message says why."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A bare repository on disk and what GitHub says about it; `created_at` in seconds since 1970."""

    id: int
    full_name: str
    path: Path
    created_at: float
    archived: bool = False

    @property
    def owner(self) -> str:
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        return self.full_name.partition("/")[2]

    @property
    def git(self) -> Git:
        return Git(self.path)

    @property
    def default_branch(self) -> str:
        return (self.path / "HEAD").read_text().strip().removeprefix("ref: refs/heads/")


class Repositories:
    """The repositories below one folder, found again after a restart."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._root, self._lock = root.resolve(), threading.Lock()
        self._index = self._root / "repositories.json"
        self._known = {each.id: each for each in self._load()}
        self._moved: dict[str, int] = {}
        for each in self.all():
            _configure(each.path)

    def all(self) -> Sequence[Repository]:
        return [self._known[each] for each in sorted(self._known)]

    def by_id(self, repository_id: int) -> Repository | None:
        return self._known.get(repository_id)

    def by_name(self, full_name: str) -> Repository | None:
        """Names are told apart without regard to case, as on GitHub."""
        wanted = full_name.lower()
        return next((each for each in self.all() if each.full_name.lower() == wanted), None)

    def moved_from(self, full_name: str) -> Repository | None:
        """The repository that had this name before: GitHub redirects until another one takes the name."""
        return self._known.get(self._moved.get(full_name.lower(), 0))

    def by_path(self, path: Path) -> Repository | None:
        return next((each for each in self.all() if each.path == path), None)

    def add(self, full_name: str, at: float, source: Path | None = None, branch: str = "main") -> Repository:
        """Serve a copy of the git repository at `source`, or a new and empty one; a known name stays as it is."""
        if not _FULL_NAME.fullmatch(full_name):
            raise RepositoryError(f"{full_name!r} is not an owner and a name, such as acme/plugins")
        with self._lock:
            if known := self.by_name(full_name):
                return known
            path = self._root / f"{full_name}.git"
            _create(path, source, branch)
            _configure(path)
            repository = Repository(max(self._known, default=_FIRST_ID - 1) + 1, full_name, path, at)
            self._known[repository.id] = repository
            self._save()
        return repository

    def rename(self, repository: Repository, full_name: str) -> Repository:
        """Give a repository another name, or another owner; it keeps its id."""
        path = self._root / f"{full_name}.git"
        path.parent.mkdir(parents=True, exist_ok=True)
        repository.path.rename(path)
        self._moved[repository.full_name.lower()] = repository.id
        return self._replace(replace(repository, full_name=full_name, path=path))

    def archive(self, repository: Repository, *, archived: bool) -> Repository:
        return self._replace(replace(repository, archived=archived))

    def remove(self, repository: Repository) -> None:
        with self._lock:
            del self._known[repository.id]
            self._save()
        shutil.rmtree(repository.path)

    def _replace(self, changed: Repository) -> Repository:
        with self._lock:
            self._known[changed.id] = changed
            self._save()
        return changed

    def _load(self) -> Sequence[Repository]:
        if not self._index.exists():
            return []
        return [self._read(each) for each in json.loads(self._index.read_text())["repositories"]]

    def _read(self, row: dict[str, Any]) -> Repository:
        path = self._root / f"{row['fullName']}.git"
        return Repository(row["id"], row["fullName"], path, row["createdAt"], row.get("archived", False))

    def _save(self) -> None:
        rows = [
            {"id": r.id, "fullName": r.full_name, "createdAt": r.created_at, "archived": r.archived} for r in self.all()
        ]
        draft = self._index.with_suffix(".new")
        draft.write_text(json.dumps({"repositories": rows}, indent=2) + "\n")
        draft.replace(self._index)


def _create(path: Path, source: Path | None, branch: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if source is None:
            run_git("init", "--quiet", "--bare", f"--initial-branch={branch}", str(path))
        else:
            run_git("clone", "--quiet", "--bare", "--no-hardlinks", "--", str(source.resolve()), str(path))
    except GitError as error:
        shutil.rmtree(path, ignore_errors=True)
        raise RepositoryError(f"{source or path} cannot be served: {error}") from error


def _configure(path: Path) -> None:
    """Install the hook that announces pushes, even where the pusher's own git sets another folder for hooks."""
    hook = path / "hooks" / "post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_bytes(_HOOK.read_bytes())
    hook.chmod(0o755)
    run_git(f"--git-dir={path}", "config", "core.hooksPath", "hooks")
