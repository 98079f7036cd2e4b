"""Asks the real git about one bare repository."""

import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_OBJECT_ID: Final = re.compile(r"[0-9a-f]{40}")
_REVISION_SYNTAX: Final = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{")


class GitError(Exception):
    """Git refused; the message is what it printed."""


@dataclass(frozen=True, slots=True)
class GitObject:
    id: str
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A member of a tree; `kind` is blob, tree or commit (a submodule), `size` only a blob's."""

    path: str
    mode: str
    kind: str
    id: str
    size: int | None


def is_object_id(text: str) -> bool:
    return _OBJECT_ID.fullmatch(text) is not None


def run_git(*arguments: str, stdin: bytes = b"") -> bytes:
    """Git's standard output; neither the user's settings nor a surrounding hook reach it."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
    }
    done = subprocess.run(["git", *arguments], input=stdin, capture_output=True, env=environment, check=False)
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip())
    return done.stdout


class Git:
    """One bare repository, one git process per question."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        return run_git(f"--git-dir={self.folder}", *arguments, stdin=stdin)

    def is_empty(self) -> bool:
        return not self.run("for-each-ref", "--count=1")

    def ref(self, full_name: str) -> GitObject | None:
        """What a full ref points at, an annotated tag included; without its data."""
        return self._first([full_name]) if full_name.startswith("refs/") else None

    def commit_id(self, name: str) -> str | None:
        """The commit of a full ref, `heads/x`, `tags/x`, branch, tag or commit id; a branch hides a tag."""
        places = (name,) if name == "HEAD" or name.startswith("refs/") or is_object_id(name) else (
            f"refs/{name}", f"refs/heads/{name}", f"refs/tags/{name}", name,
        )  # fmt: skip
        found = self._first(places, "^{commit}")
        return found.id if found else None

    def kind(self, object_id: str) -> str | None:
        found = self._first([object_id])
        return found.kind if found else None

    def _first(self, names: Iterable[str], peel: str = "") -> GitObject | None:
        plain = [name for name in names if not _REVISION_SYNTAX.search(name)]
        asked = "".join(f"{name}{peel}\n" for name in plain).encode()
        for line in self.run("cat-file", "--batch-check", stdin=asked).decode().splitlines():
            words = line.split(" ")
            if len(words) == 3 and is_object_id(words[0]):
                return GitObject(words[0], words[1], b"")
        return None

    def objects(self, ids: Iterable[str]) -> Mapping[str, GitObject]:
        """Those of the objects that exist, by id, from one process."""
        asked = [each for each in ids if is_object_id(each)]
        output = self.run("cat-file", "--batch", stdin="".join(f"{each}\n" for each in asked).encode())
        found: dict[str, GitObject] = {}
        position = 0
        while position < len(output):
            end = output.index(b"\n", position)
            header = output[position:end].decode().split(" ")
            position = end + 1
            if len(header) == 3:
                size = int(header[2])
                found[header[0]] = GitObject(header[0], header[1], output[position : position + size])
                position += size + 1
        return found

    def entries(self, tree: str, *, recursive: bool) -> list[TreeEntry]:
        """The members of a tree, subtrees among them, in git's order."""
        depth = ("-r", "-t") if recursive else ()
        lines = self.run("ls-tree", "-z", "-l", *depth, tree).split(b"\0")
        return [_entry(line.decode(errors="replace")) for line in lines if line]

    def archive(self, commit: str, folder: str) -> bytes:
        return self.run("archive", "--format=tar.gz", f"--prefix={folder}/", commit)


def _entry(line: str) -> TreeEntry:
    facts, _, path = line.partition("\t")
    mode, kind, object_id, size = facts.split()
    return TreeEntry(path, mode, kind, object_id, int(size) if size.isdigit() else None)
