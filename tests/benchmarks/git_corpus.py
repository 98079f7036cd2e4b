"""A folder of git repositories, bare or checked out, read through git alone."""

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_DEEP = 4


@dataclass(frozen=True, slots=True)
class TreeEntry:
    path: str
    mode: int
    sha: str


@dataclass(frozen=True, slots=True)
class Repository:
    name: str
    place: Path

    def tree(self) -> list[TreeEntry]:
        """Every path of the newest commit."""
        listed = self._git("ls-tree", "-r", "-z", "HEAD").decode("utf-8", "replace")
        return [_entry(line) for line in listed.split("\0") if line]

    def blobs(self, shas: Iterable[str]) -> dict[str, bytes]:
        wanted = list(dict.fromkeys(shas))
        if not wanted:
            return {}
        answer = self._git("cat-file", "--batch", given="".join(f"{sha}\n" for sha in wanted).encode())
        return dict(_batch(answer, wanted))

    def _git(self, *words: str, given: bytes = b"") -> bytes:
        command = ["git", "-C", str(self.place), *words]
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def repositories(folder: Path) -> list[Repository]:
    """Those below `folder`, none inside another."""
    return sorted(_found(folder, folder, 0), key=lambda one: one.name)


def _found(folder: Path, top: Path, depth: int) -> Iterator[Repository]:
    if (folder / ".git").exists() or ((folder / "HEAD").is_file() and (folder / "objects").is_dir()):
        yield Repository(str(folder.relative_to(top)), folder)
    elif depth < _DEEP:
        for inner in (one for one in folder.iterdir() if one.is_dir() and not one.name.startswith(".")):
            yield from _found(inner, top, depth + 1)


def _entry(line: str) -> TreeEntry:
    about, _, path = line.partition("\t")
    mode, _, sha = about.split(" ")
    return TreeEntry(path, int(mode, 8), sha)


def _batch(answer: bytes, wanted: list[str]) -> Iterator[tuple[str, bytes]]:
    """`git cat-file --batch`: a header line, then the content and a line feed; no content for what is missing."""
    at = 0
    for sha in wanted:
        end = answer.index(b"\n", at)
        header = answer[at:end].split()
        size = int(header[2]) if header[1:2] == [b"blob"] else -1
        yield sha, answer[end + 1 : end + 1 + max(size, 0)]
        at = end + 2 + size


def contents_of(repository: Repository, entries: Iterable[TreeEntry]) -> Mapping[str, bytes]:
    """The content by path."""
    known = list(entries)
    blobs = repository.blobs(entry.sha for entry in known)
    return {entry.path: blobs[entry.sha] for entry in known}
