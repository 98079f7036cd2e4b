"""pkt-lines are framed and read as gitprotocol-common says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.git.pkt_line import (
    DELIMITER,
    FLUSH,
    MAX_DATA,
    Marker,
    ProtocolError,
    error_packet,
    line,
    packet,
    packets,
    text_of,
)


def test_a_line_is_framed_as_git_documents_it() -> None:
    assert line("hi") == b"0007hi\n"
    assert packet(b"foobar") == b"000afoobar"


@given(st.lists(st.one_of(st.binary(max_size=50), st.sampled_from(Marker)), max_size=20))
def test_what_is_framed_is_read_back(sent: list[bytes | Marker]) -> None:
    stream = b"".join(packet(each) if isinstance(each, bytes) else each.value for each in sent)

    assert list(packets(stream)) == sent


def test_the_largest_packet_is_carried_and_a_larger_one_is_not() -> None:
    assert packet(b"x" * MAX_DATA).startswith(b"fff0")
    with pytest.raises(ValueError, match="65516"):
        packet(b"x" * (MAX_DATA + 1))


@pytest.mark.parametrize(
    "stream",
    [b"0003", b"fff1" + b"x" * 70_000, b"ffff", b"+00a", b"0_0a", b" 00a", b"zzzz", b"00", b"000afoo", FLUSH + b"x"],
)
def test_a_malformed_length_is_a_protocol_error(stream: bytes) -> None:
    with pytest.raises(ProtocolError, match="line"):
        list(packets(stream))


def test_lengths_may_be_upper_case() -> None:
    assert list(packets(b"000Afoobar" + DELIMITER)) == [b"foobar", Marker.DELIMITER]


def test_broken_unicode_is_replaced_not_raised() -> None:
    assert text_of(b"caf\xe9\n") == "caf\ufffd"
    assert error_packet("\ud800").endswith(b"ERR ?")


@given(st.binary(max_size=200))
def test_any_bytes_are_packets_or_a_protocol_error(stream: bytes) -> None:
    try:
        read = list(packets(stream))
    except ProtocolError:
        return

    assert sum(len(each) + 4 if isinstance(each, bytes) else 4 for each in read) == len(stream)
