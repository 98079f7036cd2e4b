"""Archives hold the tree byte for byte and are themselves the same bytes for the same tree."""

import gzip
import io
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.domain.errors import Invalid
from shared.domain.rendering.archive import write_tar_gz, write_zip
from shared.domain.rendering.tree import FileTree, TreeFile

FILES: FileTree = {
    "SKILL.md": TreeFile(b"# Skill\n" * 100),
    "scripts/run.sh": TreeFile(b"#!/bin/sh\n", 0o100755),
    "größe/日本語.md": TreeFile("ü\n".encode()),
    "deep/" * 30 + "file": TreeFile(b""),
}

Writer = Callable[[FileTree], bytes]
both = pytest.mark.parametrize("write", [write_zip, write_tar_gz])


@both
def test_equal_trees_give_equal_bytes(write: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = write(FILES)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    monkeypatch.setattr(sys, "platform", "win32")

    assert write(dict(reversed(list(FILES.items())))) == archive


@both
@pytest.mark.parametrize("changed", [TreeFile(b"other"), TreeFile(FILES["SKILL.md"].data, 0o100755)])
def test_another_content_or_mode_gives_other_bytes(write: Writer, changed: TreeFile) -> None:
    assert write({**FILES, "SKILL.md": changed}) != write(FILES)


def test_a_zip_reads_back_as_its_tree() -> None:
    with zipfile.ZipFile(io.BytesIO(write_zip(FILES))) as archive:
        read = {each.filename: TreeFile(archive.read(each), each.external_attr >> 16) for each in archive.infolist()}

    assert read == FILES


def test_a_tar_reads_back_as_its_tree() -> None:
    with tarfile.open(fileobj=io.BytesIO(write_tar_gz(FILES))) as archive:
        read = {each.name: TreeFile(content(archive, each), 0o100000 | each.mode) for each in archive}

    assert read == FILES


@pytest.mark.parametrize(
    ("path", "kind"),
    [("deep/" * 30 + "file.md", b"0"), ("d" * 60 + "/" + "f" * 90, b"0"), ("f" * 120, b"x"), ("größe.md", b"x")],
)
def test_a_long_path_needs_no_extended_header_where_it_can_be_parted(path: str, kind: bytes) -> None:
    archive = gzip.decompress(write_tar_gz({path: TreeFile(b"x")}))

    assert archive[156:157] == kind
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        assert opened.getnames() == [path]


def test_tar_unpacks_it_with_its_modes(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").write_bytes(write_tar_gz(FILES))

    subprocess.run(["tar", "xzf", "a.tar.gz"], cwd=tmp_path, check=True)

    assert (tmp_path / "größe/日本語.md").read_bytes() == FILES["größe/日本語.md"].data
    assert (tmp_path / "scripts/run.sh").stat().st_mode & 0o777 == 0o755


def test_no_header_depends_on_the_machine_or_the_clock() -> None:
    gzip_header = write_tar_gz(FILES)[:10]
    with zipfile.ZipFile(io.BytesIO(write_zip(FILES))) as archive:
        stamps = {(each.date_time, each.create_system) for each in archive.infolist()}

    assert gzip_header == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    assert stamps == {((1980, 1, 1, 0, 0, 0), 3)}


def test_the_tar_names_no_owner() -> None:
    with tarfile.open(fileobj=io.BytesIO(write_tar_gz(FILES))) as archive:
        owners = {(each.uid, each.gid, each.uname, each.gname, each.mtime) for each in archive}

    assert owners == {(0, 0, "", "", 315_532_800)}


@both
def test_a_path_that_would_leave_the_folder_is_refused(write: Writer) -> None:
    with pytest.raises(Invalid, match=r"\.\./x"):
        write({"../x": TreeFile(b"")})


@both
def test_an_empty_tree_is_an_empty_archive(write: Writer) -> None:
    assert write({}) == write({})
    assert len(write({})) < 100


def content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(entry)
    assert stream is not None
    return stream.read()
