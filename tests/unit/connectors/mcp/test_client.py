"""Asking MCP servers for their tools: real ones, broken ones, and hostile ones."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.connectors.mcp import client as module
from shared.connectors.mcp.client import McpClient
from tests.unit.connectors.mcp.server import Served, tools_app


def test_a_real_server_tells_its_name_version_and_tools(client: McpClient, server: Served) -> None:
    result = client.test(server.url, {"Authorization": "Bearer abc"})

    assert result.problem is None
    assert result.reachable
    assert result.server_info is not None
    assert (result.server_info.name, result.server_info.version) == ("sample", "3.1.4")
    assert [(tool.name, tool.description) for tool in result.tools] == [
        ("tool-0", "Does 0."),
        ("tool-1", "Does 1."),
    ]
    assert result.protocol_version == module.PROTOCOL


def test_a_session_is_kept_and_given_back(client: McpClient, server: Served) -> None:
    client.test(server.url, {"X-Org": "acme"})

    methods = [method for method, _, _ in server.requests]
    headers = [headers for _, _, headers in server.requests]
    assert methods == ["POST", "POST", "POST", "DELETE"]
    assert {sent["x-org"] for sent in headers} == {"acme"}
    assert len({sent["mcp-session-id"] for sent in headers[1:]}) == 1
    assert {sent["mcp-protocol-version"] for sent in headers[1:]} == {module.PROTOCOL}


def answering(*answers: Any, kind: str = "application/json", status: int = 200, more: tuple[Any, ...] = ()) -> Any:
    """An application that answers each request with the next of `answers`, and then with the last."""
    left = list(answers)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        await receive()
        answer = left.pop(0) if len(left) > 1 else left[0]
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        headers = [(b"content-type", kind.encode()), *more]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def hello(**more: Any) -> dict[str, Any]:
    result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "x"}, **more}
    return {"jsonrpc": "2.0", "id": 1, "result": result}


def test_pages_of_tools_are_bounded(client: McpClient, serve: Any) -> None:
    pages = [
        {"jsonrpc": "2.0", "id": number, "result": {"tools": [{"name": f"t{number}"}], "nextCursor": "more"}}
        for number in range(2, 20)
    ]

    with serve(answering(hello(), {}, *pages)) as place:
        result = client.test(place.url, {})

    assert [tool.name for tool in result.tools] == ["t2", "t3", "t4", "t5", "t6"]
    assert result.more_tools


@pytest.mark.parametrize(
    ("app", "code"),
    [
        (lambda: answering({}, status=401), "unauthorized"),
        (lambda: answering({}, status=500), "http_error"),
        (lambda: answering(b"<html>", kind="text/html"), "not_mcp"),
        (lambda: answering(b"{nope"), "not_mcp"),
        (lambda: answering(b"[" * 100_000), "not_mcp"),
        (lambda: answering(b"5"), "not_mcp"),
        (lambda: answering({"jsonrpc": "2.0", "id": 7, "result": {}}), "not_mcp"),
        (lambda: answering({"jsonrpc": "2.0", "id": 1, "error": {"code": 1, "message": "no"}}), "refused"),
        (lambda: answering({"jsonrpc": "2.0", "id": 1, "result": {"protocolVersion": 5}}), "not_mcp"),
        (lambda: answering(hello(capabilities=5)), None),
        (lambda: answering(hello(), {}, {"jsonrpc": "2.0", "id": 2, "result": {"tools": "x"}}), "not_mcp"),
        (lambda: answering(b"x" * 1_100_000), "too_large"),
        (lambda: answering(b"data: x\n\n" * 200_000, kind="text/event-stream"), "not_mcp"),
        (lambda: answering(b": wait\n\n" * 200_000, kind="text/event-stream"), "too_large"),
        (lambda: answering(hello(), more=((b"content-encoding", b"gzip"),)), "not_mcp"),
    ],
)
def test_what_does_not_speak_the_protocol_is_a_result(
    client: McpClient, serve: Any, app: Callable[[], Any], code: str | None
) -> None:
    with serve(app()) as place:
        result = client.test(place.url, {})

    assert (result.problem.code if result.problem else None) == code


def test_a_server_that_answers_byte_by_byte_is_left(
    client: McpClient, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.5)

    with serve(dripping) as place:
        result = client.test(place.url, {})

    assert result.problem is not None
    assert result.problem.code == "timeout"
    assert result.duration_ms < 3_000


async def dripping(scope: Any, receive: Any, send: Any) -> None:
    """A stream that never ends, and is never silent for long."""
    if scope["type"] != "http":
        return
    import asyncio

    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    for _ in range(200):
        await send({"type": "http.response.body", "body": b":", "more_body": True})
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("headers", [{"X-A": "a\r\nX-B: b"}, {"X A": "a"}, {"": "a"}, {"X-A": "\u20ac"}])
def test_a_header_that_would_be_two_is_not_sent(client: McpClient, server: Served, headers: dict[str, str]) -> None:
    result = client.test(server.url, headers)

    assert result.problem is not None
    assert result.problem.code == "header_refused"
    assert server.requests == []


def test_headers_that_steer_the_connection_are_ours(client: McpClient, server: Served) -> None:
    client.test(server.url, {"Host": "internal.example", "Transfer-Encoding": "chunked", "Connection": "upgrade"})

    assert {sent["host"] for _, _, sent in server.requests} == {f"mcp.example.com:{server.port}"}
    assert all("transfer-encoding" not in sent for _, _, sent in server.requests)


def test_many_tools_are_cut(client: McpClient, serve: Any) -> None:
    with serve(tools_app(json_response=True, tools=205)) as place:
        result = client.test(place.url, {})

    assert (len(result.tools), result.more_tools) == (200, True)
