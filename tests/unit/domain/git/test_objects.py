"""Objects have the ids that git itself would give them."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import Invalid
from shared.domain.git.objects import GitObject, Kind, Snapshot, build_commit
from shared.domain.rendering.tree import EPOCH, FileTree, TreeFile
from tests.unit.domain.git.conftest import Git

# Names on which byte order, folder order and Unicode order disagree.
TRICKY: FileTree = {
    path: TreeFile(path.encode(), mode)
    for path, mode in {
        "a": 0o100644,
        "b/c": 0o100644,
        "b.txt": 0o100755,
        "b-x": 0o100644,
        "b0": 0o100644,
        "deep/er/and/deeper": 0o100644,
        "größe/日本語.md": 0o100644,
        "\U0001f600": 0o100644,
        "\uffee": 0o100644,
        "empty name": 0o100664,
    }.items()
}


def test_blobs_have_the_id_of_git_hash_object(any_git: Git) -> None:
    data = b"\x00binary\r\nand text"

    blob = GitObject.of(Kind.BLOB, data)

    assert blob.id == any_git("hash-object", "--stdin", stdin=data)


def test_commits_and_trees_have_the_ids_of_git_write_tree_and_commit_tree(any_git: Git, tmp_path: Path) -> None:
    snapshot = build_commit(TRICKY)
    tree_id = written_by_git(any_git, tmp_path, TRICKY)

    commit = next(each for each in snapshot.objects if each.kind is Kind.COMMIT)

    assert commit.data.startswith(f"tree {tree_id}\n".encode())
    assert snapshot.commit_id == any_git("hash-object", "-t", "commit", "--stdin", stdin=commit.data)
    assert snapshot.commit_id == committed_by_git(any_git, tree_id)


def test_equal_content_has_an_equal_commit_whatever_the_order() -> None:
    reversed_order = dict(reversed(list(TRICKY.items())))

    assert build_commit(reversed_order) == build_commit(TRICKY)


@pytest.mark.parametrize(
    "changed",
    [TreeFile(b"other"), TreeFile(b"a", 0o100755)],
    ids=["content", "executable bit"],
)
def test_another_content_or_mode_has_another_commit(changed: TreeFile) -> None:
    assert build_commit({**TRICKY, "a": changed}).commit_id != build_commit(TRICKY).commit_id


def test_an_empty_tree_still_makes_a_commit(any_git: Git) -> None:
    commit, tree = build_commit({}).objects

    assert commit.data.startswith(b"tree " + tree.id.encode())
    assert tree.id == any_git("hash-object", "-t", "tree", "/dev/null")


def test_equal_files_and_folders_are_one_object() -> None:
    same = TreeFile(b"same")

    objects = build_commit({"x/f": same, "y/f": same, "f": same}).objects

    assert [each.kind for each in objects] == [Kind.COMMIT, Kind.TREE, Kind.TREE, Kind.BLOB]


def test_a_path_that_git_refuses_is_named() -> None:
    with pytest.raises(Invalid, match=r"skills/\.GIT/config"):
        build_commit({"skills/.GIT/config": TreeFile(b"")})


@given(st.dictionaries(st.from_regex(r"[ab.-]{1,3}x(/[ab.-]{1,3}x){0,3}", fullmatch=True), st.binary(max_size=3)))
def test_every_tree_reads_back_as_the_files_it_was_made_of(contents: dict[str, bytes]) -> None:
    files = {path: TreeFile(data) for path, data in contents.items() if not shadowed(path, contents)}

    assert read_back(build_commit(files)) == {path: file.data for path, file in files.items()}


def shadowed(path: str, paths: dict[str, bytes]) -> bool:
    return any(other.startswith(f"{path}/") for other in paths)


def read_back(snapshot: Snapshot) -> dict[str, bytes]:
    objects = {each.id: each.data for each in snapshot.objects}
    root = objects[snapshot.commit_id].split()[1].decode()
    return dict(_files(objects, root, ""))


def _files(objects: dict[str, bytes], tree_id: str, folder: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    rest = objects[tree_id]
    while rest:
        head, _, rest = rest.partition(b"\0")
        mode, _, name = head.partition(b" ")
        entry_id, rest = rest[:20].hex(), rest[20:]
        path = folder + name.decode()
        found += _files(objects, entry_id, f"{path}/") if mode == b"40000" else [(path, objects[entry_id])]
    return found


def written_by_git(git: Git, folder: Path, files: FileTree) -> str:
    git("init", "-q")
    for path, file in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.data)
        target.chmod(file.git_mode & 0o777)
    git("add", "-A")
    return git("write-tree")


def committed_by_git(git: Git, tree_id: str) -> str:
    who = {f"GIT_{role}_NAME": "Plugin Depot" for role in ("AUTHOR", "COMMITTER")}
    who |= {f"GIT_{role}_EMAIL": "depot@localhost" for role in ("AUTHOR", "COMMITTER")}
    who |= {f"GIT_{role}_DATE": f"{EPOCH} +0000" for role in ("AUTHOR", "COMMITTER")}
    return replace(git, variables=who)("commit-tree", tree_id, "-m", "Published by Plugin Depot")
