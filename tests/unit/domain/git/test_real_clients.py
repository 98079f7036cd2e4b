"""The git command clones, updates and pins from a served repository, in both protocols."""

from pathlib import Path

import pytest

from shared.domain.git.objects import build_commit
from shared.domain.git.pkt_line import packets, text_of
from shared.domain.rendering.tree import FileTree, TreeFile
from tests.unit.domain.git.conftest import Git
from tests.unit.domain.git.loopback import HELLO, Repository

CHANGED: FileTree = {"README.md": TreeFile(b"changed\n"), "skills/größe/SKILL.md": TreeFile("日本語\n".encode())}
BIG: FileTree = {
    f"plugins/p{number % 20}/skills/s{number}/SKILL.md": TreeFile(number.to_bytes(2, "big") * 8500)
    for number in range(300)
}


def checked_out(folder: Path) -> dict[str, TreeFile]:
    """The files of a work tree, with the modes git gave them."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    found = {path.relative_to(folder).as_posix(): path for path in files}
    return {
        name: TreeFile(path.read_bytes(), 0o100755 if path.stat().st_mode & 0o100 else 0o100644)
        for name, path in found.items()
    }


@pytest.mark.parametrize("depth", [[], ["--depth", "1"], ["--depth", "2"]], ids=["full", "depth 1", "depth 2"])
@pytest.mark.parametrize("files", [HELLO, CHANGED, BIG, {}], ids=["small", "unicode", "big", "empty"])
def test_a_clone_has_every_file_byte_for_byte(
    git: Git, repository: Repository, url: str, depth: list[str], files: FileTree, tmp_path: Path
) -> None:
    commit_id = repository.publish(files)

    git("clone", "-q", *depth, url, "clone")

    assert checked_out(tmp_path / "clone") == files
    assert git("-C", "clone", "rev-parse", "HEAD") == commit_id
    assert git("-C", "clone", "symbolic-ref", "HEAD") == "refs/heads/main"
    assert git("-C", "clone", "fsck", "--strict") == ""


def test_an_empty_repository_is_cloned_onto_main(any_git: Git, repository: Repository, url: str) -> None:
    repository.snapshots = {}

    any_git("clone", "-q", url, "clone")

    assert any_git("-C", "clone", "symbolic-ref", "HEAD") == "refs/heads/main"


def test_an_empty_repository_is_cloned_by_old_clients(git: Git, repository: Repository, url: str) -> None:
    repository.snapshots = {}

    git("clone", "-q", url, "clone")

    assert git("-C", "clone", "fsck", "--strict") == ""


@pytest.mark.parametrize("clone_depth", [[], ["--depth", "1"]], ids=["full", "shallow"])
@pytest.mark.parametrize("fetch_depth", [[], ["--depth", "1"], ["--depth", "5"]], ids=["fetch", "fetch 1", "fetch 5"])
def test_a_clone_follows_unrelated_content(
    git: Git, repository: Repository, url: str, clone_depth: list[str], fetch_depth: list[str], tmp_path: Path
) -> None:
    git("clone", "-q", *clone_depth, url, "clone")
    commit_id = repository.publish(CHANGED)

    git("-C", "clone", "fetch", "-q", *fetch_depth)
    git("-C", "clone", "reset", "-q", "--hard", "origin/main")

    assert git("-C", "clone", "rev-parse", "HEAD") == commit_id
    assert checked_out(tmp_path / "clone") == CHANGED
    assert git("-C", "clone", "fsck", "--strict") == ""


@pytest.mark.parametrize("how", [["--unshallow"], ["--deepen", "1"], ["--depth", "3"]], ids=lambda how: how[0])
def test_a_shallow_clone_becomes_whole(
    git: Git, repository: Repository, url: str, how: list[str], tmp_path: Path
) -> None:
    git("clone", "-q", "--depth", "1", url, "clone")
    assert git("-C", "clone", "rev-parse", "--is-shallow-repository") == "true"

    git("-C", "clone", "fetch", "-q", *how)

    assert git("-C", "clone", "rev-parse", "--is-shallow-repository") == "false"
    assert git("-C", "clone", "fsck", "--strict") == ""


def test_an_update_takes_one_round_and_no_update_takes_no_pack(any_git: Git, repository: Repository, url: str) -> None:
    any_git("clone", "-q", url, "clone")
    repository.publish(CHANGED)
    repository.posts.clear()
    repository.packed.clear()

    any_git("-C", "clone", "fetch", "-q")
    any_git("-C", "clone", "fetch", "-q")

    first_lines = [next(packets(post)) for post in repository.posts]
    commands = [text_of(each) for each in first_lines if isinstance(each, bytes)]
    assert commands == ["command=ls-refs", "command=fetch", "command=ls-refs"]
    assert len(repository.packed) == 1


def test_a_commit_is_fetched_by_its_id(git: Git, repository: Repository, url: str, tmp_path: Path) -> None:
    commit_id = repository.publish(HELLO)
    git("init", "-q", "pinned")
    git("-C", "pinned", "remote", "add", "origin", url)

    git("-C", "pinned", "fetch", "-q", "--depth", "1", "origin", commit_id)
    git("-C", "pinned", "checkout", "-q", "FETCH_HEAD")

    assert checked_out(tmp_path / "pinned") == HELLO


def test_a_commit_that_is_gone_is_refused_by_name(git: Git, repository: Repository, url: str) -> None:
    gone = build_commit(CHANGED).commit_id
    git("init", "-q", "pinned")

    refusal = git("-C", "pinned", "fetch", "-q", url, gone, fails=True)

    assert f"not our ref {gone}" in refusal


def test_a_release_is_cloned_by_its_tag(git: Git, repository: Repository, url: str, tmp_path: Path) -> None:
    repository.publish(HELLO, tags={"hello--v1.0.0": CHANGED})

    git("-c", "advice.detachedHead=false", "clone", "-q", "--depth", "1", "--branch", "hello--v1.0.0", url, "clone")

    assert checked_out(tmp_path / "clone") == CHANGED


def test_a_new_release_reaches_an_existing_clone(git: Git, repository: Repository, url: str) -> None:
    git("clone", "-q", "--depth", "1", url, "clone")
    repository.publish(HELLO, tags={"hello--v1.0.0": CHANGED, "hello--v1.1.0": HELLO})

    git("-C", "clone", "fetch", "-q", "--tags")

    assert git("-C", "clone", "tag").split() == ["hello--v1.0.0", "hello--v1.1.0"]
    assert git("-C", "clone", "cat-file", "-p", "hello--v1.0.0:README.md") == "changed"


def test_refs_are_listed(git: Git, repository: Repository, url: str) -> None:
    commit_id = repository.publish(HELLO, tags={"hello--v1.0.0": HELLO})

    listed = git("ls-remote", "--symref", url).splitlines()

    assert listed == [
        "ref: refs/heads/main\tHEAD",
        *(f"{commit_id}\t{name}" for name in ("HEAD", *repository.refs.commits)),
    ]


@pytest.mark.parametrize(("buffer", "encoding"), [(1_048_576, "gzip"), (65_536, "chunked")])
def test_a_long_request_is_answered(git: Git, repository: Repository, url: str, buffer: int, encoding: str) -> None:
    tags: dict[str, FileTree] = {f"hello--v{each}": {"n": TreeFile(b"%d" % each)} for each in range(60)}
    repository.publish(HELLO, tags)

    git("-c", f"http.postBuffer={buffer}", "clone", "-q", url, "clone")

    assert len(git("-C", "clone", "tag").split()) == 60
    assert encoding in repository.encodings


def test_a_partial_clone_falls_back_to_a_whole_one(git: Git, repository: Repository, url: str, tmp_path: Path) -> None:
    git("clone", "-q", "--filter=blob:none", url, "clone")

    assert checked_out(tmp_path / "clone") == HELLO
