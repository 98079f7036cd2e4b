"""The advertisement promises what the server does, in the form git expects."""

import pytest

from shared.domain.errors import Invalid
from shared.domain.git.advertisement import advertise_capabilities, advertise_refs, protocol_version
from shared.domain.git.pkt_line import Marker, packets
from shared.domain.git.refs import MAIN, Refs, is_ref_name

ONE, TWO = "1" * 40, "2" * 40


@pytest.mark.parametrize(
    ("header", "version"),
    [("version=2", 2), ("foo:version=2:bar", 2), (None, 0), ("", 0), ("version=1", 0), ("version=22", 0)],
)
def test_the_protocol_is_2_when_asked_for_and_0_otherwise(header: str | None, version: int) -> None:
    assert protocol_version(header) == version


def test_protocol_2_announces_capabilities_and_no_ref() -> None:
    service, flush, *lines, end = packets(advertise_capabilities())

    assert (service, flush, end) == (b"# service=git-upload-pack\n", Marker.FLUSH, Marker.FLUSH)
    assert lines == [
        b"version 2\n",
        b"agent=plugin-depot\n",
        b"ls-refs=unborn\n",
        b"fetch=shallow\n",
        b"object-format=sha1\n",
    ]


def test_protocol_0_lists_head_first_then_the_refs_by_name() -> None:
    refs = Refs({"refs/tags/b--v1.0.0": TWO, MAIN: ONE})

    _, _, first, *others, _ = packets(advertise_refs(refs))

    assert isinstance(first, bytes)
    head, _, capabilities = first.partition(b"\0")
    assert head == f"{ONE} HEAD".encode()
    assert b"symref=HEAD:refs/heads/main" in capabilities.split()
    assert others == [f"{ONE} refs/heads/main\n".encode(), f"{TWO} refs/tags/b--v1.0.0\n".encode()]


def test_an_empty_repository_announces_its_capabilities_alone() -> None:
    _, _, only, _ = packets(advertise_refs(Refs({})))

    assert isinstance(only, bytes)
    assert only.startswith(b"0" * 40 + b" capabilities^{}\0")
    assert b"symref" not in only


@pytest.mark.parametrize(
    "name",
    ["main", "refs/tags/", "refs/tags/a b", "refs/tags/a..b", "refs/tags/.a", "refs/tags/a.lock", "refs/tags/a.",
     "refs/tags/a@{b", "refs/tags/a\n", "refs/notes/a", "refs/tags/" + "x" * 300],
)  # fmt: skip
def test_a_ref_name_that_git_refuses_is_refused(name: str) -> None:
    assert not is_ref_name(name)
    with pytest.raises(Invalid):
        Refs({name: ONE})


@pytest.mark.parametrize("commit_id", ["", "1" * 39, "G" * 40, "1" * 40 + "\n"])
def test_a_commit_id_is_forty_hex_digits(commit_id: str) -> None:
    with pytest.raises(Invalid):
        Refs({MAIN: commit_id})


@pytest.mark.parametrize("name", ["refs/tags/review--v1.2.3-rc.1+build", "refs/heads/größe", "refs/tags/a/b"])
def test_release_tags_are_ref_names(name: str) -> None:
    assert is_ref_name(name)
