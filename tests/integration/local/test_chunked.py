"""Reading a request's body, told or chunked."""

from email.message import Message
from io import BytesIO

import pytest

from local.chunked import BodyTooLargeError, MalformedBodyError, read_body


def headers(**values: str) -> Message:
    message = Message()
    for name, value in values.items():
        message[name.replace("_", "-")] = value
    return message


def test_a_request_without_a_length_has_no_body() -> None:
    assert read_body(BytesIO(b"next request"), headers(), 10) is None


def test_trailers_end_before_the_next_request() -> None:
    stream = BytesIO(b"3;note=x\r\nabc\r\n0\r\nTrailer: 1\r\n\r\nGET /")

    body = read_body(stream, headers(transfer_encoding="chunked"), 10)

    assert body == b"abc"
    assert stream.read() == b"GET /"


def test_chunks_together_may_not_pass_the_limit() -> None:
    with pytest.raises(BodyTooLargeError):
        read_body(BytesIO(b"6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n"), headers(transfer_encoding="chunked"), 10)


@pytest.mark.parametrize("wire", [b"zz\r\n", b"5\r\nabc", b""])
def test_a_broken_chunk_is_told_apart_from_an_end(wire: bytes) -> None:
    with pytest.raises(MalformedBodyError):
        read_body(BytesIO(wire), headers(transfer_encoding="chunked"), 10)


@pytest.mark.parametrize("length", ["-1", "1e3", "²", "4"])
def test_a_length_that_is_none_or_not_kept_is_refused(length: str) -> None:
    with pytest.raises(MalformedBodyError):
        read_body(BytesIO(b"abc"), headers(content_length=length), 10)
