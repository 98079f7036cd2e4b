"""Archives made to harm: each a clear refusal, soon and in little memory, and nothing is written."""

import gzip
import io
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from shared.domain.archives.read import read_archive
from shared.domain.errors import Invalid, TooLarge
from tests.fixtures.people import ApiAs, Person
from tests.unit.admin.archives import PLUGIN, bombed, gzip_bomb, special, tarred, zipped, zipped_link
from tests.unit.admin.contents import SKILL

UNSAFE = [
    "../SKILL.md",
    "skills/../../x.md",
    "/etc/passwd",
    "C:/windows/x.md",
    "c:x.md",
    "skills\\deploy\\SKILL.md",
    "skills/x/.git/config",
    "skills//x.md",
    "skills/x\nSKILL.md",
    "a" * 600,
]


@pytest.mark.parametrize("name", UNSAFE)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_name_that_is_no_plain_relative_path_is_refused(
    api_as: ApiAs, alice: Person, name: str, pack: Callable[[dict[str, str]], bytes]
) -> None:
    answer = api_as(alice).send(
        "POST", "/config-objects/import", pack({**PLUGIN, name: "x"}), content_type="application/octet-stream"
    )

    assert (answer.status, answer.json["errors"][0]["path"]) == (400, "body")
    assert api_as(alice).get("/config-objects").items == []


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../etc/passwd", "..\\x"])
def test_a_link_that_leads_out_is_refused(target: str) -> None:
    link = special("skills/x", tarfile.SYMTYPE, target)
    for archive in (zipped_link("skills/deploy/x", target), tarred(PLUGIN, link)):
        with pytest.raises(Invalid, match="leads out"):
            read_archive(archive)


def test_a_link_that_stays_inside_is_not_followed(api_as: ApiAs, alice: Person) -> None:
    archive = tarred(PLUGIN, special("skills/deploy/more.md", tarfile.SYMTYPE, "SKILL.md"))

    answer = api_as(alice).send("POST", "/config-objects/import", archive, content_type="application/gzip")

    skill = answer.json["items"][0]
    version = api_as(alice).get(f"/config-objects/{skill['item']['id']}/versions/latest").item
    assert [file["path"] for file in version.files] == ["SKILL.md", "scripts/run.sh"]
    assert [note["code"] for note in skill["diagnostics"]] == ["symlink_skipped"]
    assert [each["path"] for each in answer.json["skipped"]] == ["skills/deploy/more.md"]


@pytest.mark.parametrize("kind", [tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_hard_links_and_devices_are_refused(kind: bytes) -> None:
    with pytest.raises(Invalid):
        read_archive(tarred(PLUGIN, special("skills/deploy/x", kind, "skills/deploy/SKILL.md")))


@pytest.mark.parametrize("more", [{"skills/deploy": "x"}, {"skills/deploy/SKILL.md/x": "x"}])
def test_a_file_where_another_needs_a_folder_is_refused(more: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="both a file and a folder"):
        read_archive(zipped({**PLUGIN, **more}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_refused() -> None:
    buffer = io.BytesIO(zipped(PLUGIN))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("skills/deploy/SKILL.md", "another")

    with pytest.raises(Invalid, match="twice"):
        read_archive(buffer.getvalue())


def test_an_encrypted_entry_is_refused() -> None:
    archive = bytearray(zipped({"SKILL.md": SKILL}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(signature) + flags] |= 1

    with pytest.raises(Invalid, match="encrypted"):
        read_archive(bytes(archive))


def test_an_entry_that_lies_about_its_size_is_refused() -> None:
    archive = bytearray(zipped({"SKILL.md": SKILL * 100}))
    struct.pack_into("<I", archive, archive.index(b"PK\x01\x02") + 24, 10)

    with pytest.raises(Invalid):
        read_archive(bytes(archive))


def test_entries_that_share_their_bytes_are_refused() -> None:
    archive = bytearray(zipped({"a.md": "same", "b.md": "same"}))
    second = archive.rindex(b"PK\x01\x02")
    struct.pack_into("<I", archive, second + 42, 0)

    with pytest.raises(Invalid):
        read_archive(bytes(archive))


def test_a_zip64_directory_is_refused() -> None:
    archive = zipped({"SKILL.md": SKILL})
    locator = b"PK\x06\x07" + bytes(16)

    with pytest.raises(Invalid, match="zip64"):
        read_archive(archive[:-22] + locator + archive[-22:])


@pytest.mark.parametrize("archive", [zipped(PLUGIN), tarred(PLUGIN)], ids=["zip", "tar.gz"])
@pytest.mark.parametrize("kept", [3, 10, 0.5, 0.95])
def test_a_truncated_archive_is_refused(archive: bytes, kept: float) -> None:
    with pytest.raises(Invalid):
        read_archive(archive[: int(kept) if kept > 1 else int(len(archive) * kept)])


def test_a_tar_whose_second_half_is_noise_is_refused() -> None:
    whole = gzip.decompress(tarred(PLUGIN))
    at = whole.index(b"agents/reviewer.md")

    with pytest.raises(Invalid, match="no entry can be read"):
        read_archive(gzip.compress(whole[:at] + b"noise" + whole[at + 5 :], mtime=0))


@pytest.mark.parametrize("data", [b"", b"x", b"PK\x05\x06" + bytes(18), gzip.compress(b"no tar", mtime=0), zipped({})])
def test_what_is_no_archive_or_an_empty_one_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_archive(data)


def test_an_archive_inside_an_archive_is_a_plain_file() -> None:
    inner = zipped({"../../x": "x"})

    contents = read_archive(zipped({"SKILL.md": SKILL, "assets/inner.zip": inner}))

    assert contents.files["assets/inner.zip"].data == inner


BOMBS = {
    "many megabytes": lambda: bombed(200 * 2**20),
    "a ratio": lambda: bombed(20 * 2**20),
    "one large file": lambda: zipped({"SKILL.md": bytes(26 * 2**20)}),
    "many entries": lambda: zipped({f"{number}": "" for number in range(5_001)}),
    "a gzip bomb": lambda: gzip_bomb(300 * 2**20),
    "a tar bomb": lambda: tarred({f"skills/x/{number}": bytes(2**20) for number in range(60)}),
    "many tar entries": lambda: tarred({f"{number}": "" for number in range(5_001)}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_while_it_is_small(name: str) -> None:
    archive = BOMBS[name]()
    tracemalloc.start()

    with pytest.raises((TooLarge, Invalid)):
        read_archive(archive)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 80 * 2**20
