"""JSON-RPC messages of the Model Context Protocol, as streamable HTTP carries them: JSON, or server-sent events."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from shared.connectors.outbound.transport import Exchange
from shared.domain.outbound import OutboundFailed

_NOT_MCP: Final = "It answers, but not as an MCP server over streamable HTTP."

Message = dict[str, Any]


def not_mcp() -> OutboundFailed:
    return OutboundFailed("not_mcp", _NOT_MCP)


def encode(method: str, params: Mapping[str, Any], number: int | None) -> bytes:
    """A request, or without a number a notification."""
    message: Message = {"jsonrpc": "2.0", "method": method, "params": dict(params)}
    return json.dumps(message if number is None else {**message, "id": number}).encode()


def read_result(exchange: Exchange, number: int) -> Message:
    """The result of the request with that number; a stream is read up to it and no further.

    Raises: OutboundFailed for an error, and for what is no answer.
    """
    for text in _texts(exchange):
        for message in _messages(text):
            if message.get("id") == number and "method" not in message:
                result = message.get("result")
                if isinstance(result, dict):
                    return result
                raise OutboundFailed("refused", "It answers the request with an error of its own.")
    raise not_mcp()


def _texts(exchange: Exchange) -> Iterator[bytes]:
    kind = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
    if exchange.headers.get("content-encoding", "identity") != "identity":
        raise not_mcp()
    if kind == "application/json":
        yield b"".join(exchange.chunks())
    elif kind == "text/event-stream":
        yield from _events(exchange.chunks())
    else:
        raise not_mcp()


def _events(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The data of each event (HTML Living Standard, 9.2.6)."""
    rest, data = b"", list[bytes]()
    for chunk in chunks:
        *lines, rest = (rest + chunk).replace(b"\r\n", b"\n").split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                data.append(line[5:].removeprefix(b" "))
            elif not line and data:
                yield b"\n".join(data)
                data = []


def _messages(text: bytes) -> list[Message]:
    if not text.strip():
        return []
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise not_mcp() from error
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
