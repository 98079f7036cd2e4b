"""Packs are what `git index-pack` accepts, and the same bytes for the same objects."""

from shared.domain.git.objects import GitObject, Kind, build_commit
from shared.domain.git.pack import write_pack
from tests.unit.domain.git.conftest import Git
from tests.unit.domain.git.loopback import HELLO

# Sizes around each further byte of an entry's header.
EDGES = [0, 1, 15, 16, 2047, 2048, 262_143, 262_144]


def test_git_indexes_every_object_of_a_pack(any_git: Git) -> None:
    blobs = [GitObject.of(Kind.BLOB, b"x" * size) for size in EDGES]
    snapshot = build_commit(HELLO)
    any_git("init", "-q")

    any_git("index-pack", "--strict", "--stdin", stdin=write_pack([*blobs, *snapshot.objects]))

    for each in (*blobs, *snapshot.objects):
        assert any_git("cat-file", "-s", each.id) == str(len(each.data))


def test_git_reads_an_empty_pack(any_git: Git) -> None:
    any_git("init", "-q")

    assert any_git("unpack-objects", stdin=write_pack(())) == ""


def test_a_pack_depends_on_the_set_of_objects_alone() -> None:
    objects = build_commit(HELLO).objects

    assert write_pack([*reversed(objects), *objects]) == write_pack(objects)
