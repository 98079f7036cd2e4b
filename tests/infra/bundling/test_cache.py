"""What was built is built once, whole, and not kept for ever."""

import os
from pathlib import Path

import pytest

from infra.bundling.archive import add_tree
from infra.bundling.cache import built_once, digest_of, digest_of_files


def test_the_same_digest_is_built_once(tmp_path: Path) -> None:
    built: list[str] = []

    def build(draft: Path) -> None:
        built.append(draft.name)
        draft.write_text("content")

    first = built_once(tmp_path, "admin", "a" * 64, build)
    second = built_once(tmp_path, "admin", "a" * 64, build)

    assert first == second
    assert len(built) == 1


def test_a_failed_build_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(draft: Path) -> None:
        draft.write_text("half")
        raise InterruptedError

    with pytest.raises(InterruptedError):
        built_once(tmp_path, "admin", "a" * 64, fail)

    assert not list(tmp_path.iterdir())


def test_only_the_newest_digests_of_a_name_are_kept(tmp_path: Path) -> None:
    other = built_once(tmp_path, "sync", "0" * 64, Path.touch)

    for age, letter in enumerate("abcde"):
        os.utime(built_once(tmp_path, "admin", letter * 64, Path.touch), (age, age))
    newest = built_once(tmp_path, "admin", "f" * 64, Path.touch)

    assert newest.exists()
    assert other.exists()
    assert len(list(tmp_path.glob("admin-*"))) == 2


def test_a_digest_sees_a_changed_byte_and_a_moved_file(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("one")
    before = digest_of_files([file], tmp_path)

    moved = file.rename(tmp_path / "b.py")
    after_move = digest_of_files([moved], tmp_path)
    moved.write_text("two")

    assert len({before, after_move, digest_of_files([moved], tmp_path)}) == 3


def test_a_digest_does_not_confuse_where_one_part_ends() -> None:
    assert digest_of("ab", "c") != digest_of("a", "bc")


def test_equal_trees_give_equal_zips(tmp_path: Path) -> None:
    for name, written in (("one", 1_000_000_000), ("two", 1_700_000_000)):
        tree = tmp_path / name
        (tree / "package").mkdir(parents=True)
        for file in (tree / "package" / "b.py", tree / "a.py"):
            file.write_text("pass")
            os.utime(file, (written, written))
        add_tree(tmp_path / f"{name}.zip", tree)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
