"""Request bodies are inflated within their limit and refused in words otherwise."""

import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import DepotError, TooLarge, UnsupportedMedia
from shared.domain.git.pkt_line import ProtocolError
from shared.domain.git.request_body import decode_body


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZIP "])
def test_a_gzipped_body_is_inflated(encoding: str) -> None:
    assert decode_body(gzip.compress(b"0000", mtime=0), encoding) == b"0000"


@pytest.mark.parametrize("encoding", [None, "", "identity"])
def test_a_plain_body_stays_as_it_is(encoding: str | None) -> None:
    assert decode_body(b"0000", encoding) == b"0000"


def test_a_body_of_exactly_the_limit_passes() -> None:
    assert len(decode_body(gzip.compress(bytes(100)), "gzip", limit=100)) == 100
    assert len(decode_body(bytes(100), None, limit=100)) == 100


def test_a_zip_bomb_is_too_large_before_it_is_inflated() -> None:
    bomb = gzip.compress(bytes(50_000_000))

    tracemalloc.start()
    with pytest.raises(TooLarge, match="1048576"):
        decode_body(bomb, "gzip")

    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_plain_body_beyond_the_limit_is_too_large() -> None:
    with pytest.raises(TooLarge):
        decode_body(bytes(101), None, limit=100)


def test_another_encoding_is_not_understood() -> None:
    with pytest.raises(UnsupportedMedia, match="'br'"):
        decode_body(b"", "br")


@pytest.mark.parametrize(
    "body", [b"", b"no gzip", gzip.compress(b"0000", mtime=0)[:-1], gzip.compress(b"0000", mtime=0) + b"more"]
)
def test_broken_gzip_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="gzip"):
        decode_body(body, "gzip")


@given(st.binary(max_size=100), st.sampled_from([None, "gzip", "deflate"]))
def test_any_body_is_decoded_or_refused(body: bytes, encoding: str | None) -> None:
    try:
        decoded = decode_body(body, encoding)
    except DepotError:
        return

    assert decoded == body
