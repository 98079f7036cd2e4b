"""Envelopes open for what they were sealed for, as they were sealed, and for nothing else."""

from dataclasses import replace

import pytest

from shared.domain.content import EXECUTABLE, SourceFile
from shared.domain.errors import Damaged
from shared.domain.sealing import DataKey, Envelope

FILES = [SourceFile("b.sh", b"\xff canary-Zx81kk20ppQ", EXECUTABLE), SourceFile("a.json", b"{}")]
KEY = DataKey("org_a", b"k" * 32)
NONCE = b"n" * 12


def test_an_envelope_gives_back_the_files_as_they_were() -> None:
    envelope = KEY.seal("cfg_a", FILES, NONCE)

    assert sorted(KEY.open(envelope), key=lambda file: file.path) == sorted(FILES, key=lambda file: file.path)
    assert b"canary" not in envelope.data


@pytest.mark.parametrize("at", [0, 4, 16, 40, -1])
def test_a_changed_envelope_does_not_open(at: int) -> None:
    envelope = KEY.seal("cfg_a", FILES, NONCE)
    changed = bytearray(envelope.data)
    changed[at] ^= 1

    with pytest.raises(Damaged):
        KEY.open(Envelope(envelope.seal, bytes(changed)))


@pytest.mark.parametrize("length", [0, 3, 15, 20, -1])
def test_a_cut_envelope_does_not_open(length: int) -> None:
    envelope = KEY.seal("cfg_a", FILES, NONCE)

    with pytest.raises(Damaged):
        KEY.open(replace(envelope, data=envelope.data[:length]))


@pytest.mark.parametrize("other", [{"org_id": "org_b"}, {"object_id": "cfg_b"}, {"fingerprint": "0" * 64}])
def test_an_envelope_does_not_open_as_anothers(other: dict[str, str]) -> None:
    envelope = KEY.seal("cfg_a", FILES, NONCE)

    with pytest.raises(Damaged):
        KEY.open(replace(envelope, seal=replace(envelope.seal, **other)))


def test_another_orgs_key_does_not_open_it() -> None:
    with pytest.raises(Damaged):
        replace(KEY, org_id="org_b").open(KEY.seal("cfg_a", FILES, NONCE))


def test_equal_content_has_one_fingerprint_whatever_the_order_and_the_nonce() -> None:
    one, other = KEY.seal("cfg_a", FILES, NONCE), KEY.seal("cfg_a", FILES[::-1], b"m" * 12)

    assert one.seal == other.seal
    assert one.data != other.data


def test_a_fingerprint_tells_nothing_without_the_key_nor_to_another_object() -> None:
    prints = {
        KEY.seal("cfg_a", FILES, NONCE).seal.fingerprint,
        KEY.seal("cfg_b", FILES, NONCE).seal.fingerprint,
        DataKey("org_a", b"x" * 32).seal("cfg_a", FILES, NONCE).seal.fingerprint,
        KEY.seal("cfg_a", FILES[:1], NONCE).seal.fingerprint,
    }

    assert len(prints) == 4
