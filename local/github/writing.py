"""Writes commits straight into a bare repository, as an edit on GitHub's site does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from local.github.git import Git
from local.github.pushes import NOTHING, RefUpdate

AUTHOR = "Mona Lisa Octocat <mona@example.com>"


@dataclass(frozen=True, slots=True)
class File:
    """A file's bytes and git mode: 100755 executable, 120000 link (its target), 160000 submodule (its commit id)."""

    data: bytes
    mode: str = "100644"


Files = Mapping[str, File | bytes | str | None]
"""By path: content, or None for a file to delete. Bytes of a path that are no UTF-8 are surrogates (PEP 383)."""


def write_commit(git: Git, branch: str, files: Files, message: str, at: float, start: str | None) -> RefUpdate:
    """Commit on top of a branch, or of the commit `start` where there is no such branch; `at` in seconds."""
    ref = f"refs/heads/{branch}"
    tip = git.commit_id(ref)
    stream = b"".join(_stream(ref, files, message, int(at), tip or start))
    git.run("fast-import", "--quiet", "--force", stdin=stream)
    return RefUpdate(ref, tip or NOTHING, git.run("rev-parse", ref).decode().strip())


def point(git: Git, branch: str, commit: str | None) -> RefUpdate:
    """Set a branch to any commit, as a forced push does, or delete it."""
    ref = f"refs/heads/{branch}"
    before = git.commit_id(ref) or NOTHING
    git.run(*(("update-ref", ref, commit) if commit else ("update-ref", "-d", ref)))
    return RefUpdate(ref, before, commit or NOTHING)


def _stream(ref: str, files: Files, message: str, at: int, parent: str | None) -> Iterator[bytes]:
    yield f"commit {ref}\ncommitter {AUTHOR} {at} +0000\n".encode()
    yield _data(message.encode())
    if parent:
        yield f"from {parent}\n".encode()
    for path, content in files.items():
        yield _change(path, content)


def _change(path: str, content: File | bytes | str | None) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    quoted = b'"%b"' % escaped.encode(errors="surrogateescape")
    if content is None:
        return b"D %b\n" % quoted
    if isinstance(content, str):
        content = content.encode()
    file = content if isinstance(content, File) else File(content)
    if file.mode == "160000":
        return b"M 160000 %b %b\n" % (file.data, quoted)
    return b"M %b inline %b\n" % (file.mode.encode(), quoted) + _data(file.data)


def _data(data: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(data), data)
