"""Outbound requests: refused before a byte is sent, unless every address of the host is public."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from shared.connectors.outbound.transport import Outbound, resolve_host
from shared.domain.outbound import OutboundFailed
from tests.unit.connectors.mcp.server import Served


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody on loopback who must not hear from us."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def failure(outbound: Outbound, url: str, seconds: float = 5.0) -> str:
    budget = outbound.budget(seconds, 10_000)
    with pytest.raises(OutboundFailed) as failed, outbound.open("POST", url, {}, b"{}", budget) as answer:
        list(answer.chunks())
    return failed.value.code


def heard(listening: socket.socket) -> bool:
    try:
        listening.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["127.0.0.1", "1.1.1.1"], ["::ffff:127.0.0.1"], ["fe80::1%lo"], ["::1"]],
)
def test_a_host_with_any_private_address_is_not_spoken_to(listener: socket.socket, addresses: list[str]) -> None:
    outbound = Outbound(time.monotonic, lambda *_: addresses)

    code = failure(outbound, f"https://mcp.example.com:{listener.getsockname()[1]}/")

    assert code == "address_refused"
    assert not heard(listener)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0", "[::1]", "[::ffff:7f00:1]"]
)
def test_no_spelling_of_loopback_is_spoken_to(listener: socket.socket, host: str) -> None:
    code = failure(Outbound(time.monotonic), f"https://{host}:{listener.getsockname()[1]}/")

    assert code in ("address_refused", "unresolvable")
    assert not heard(listener)


def test_a_name_that_changes_its_address_is_resolved_once(listener: socket.socket) -> None:
    """DNS rebinding: public when it is checked, loopback when it is connected to."""
    answers = iter([["192.0.2.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    outbound = Outbound(time.monotonic, resolve, admits=lambda address: address == "192.0.2.1")

    code = failure(outbound, f"https://mcp.example.com:{listener.getsockname()[1]}/", seconds=0.3)

    assert code in ("timeout", "unreachable")
    assert asked == ["mcp.example.com"]
    assert not heard(listener)


def test_a_certificate_is_checked_for_the_hosts_name(outbound: Outbound, server: Served) -> None:
    assert failure(outbound, f"https://other.example.com:{server.port}/mcp") == "tls_failed"
    assert server.requests == []


def test_an_unknown_authority_is_not_trusted(server: Served) -> None:
    outbound = Outbound(time.monotonic, lambda *_: ["127.0.0.1"], admits=lambda _: True)

    assert failure(outbound, server.url) == "tls_failed"
    assert server.requests == []


def redirecting(location: str, status: int = 307) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        there = scope["path"] == "/there"
        headers = [] if there else [(b"location", location.encode())]
        await send({"type": "http.response.start", "status": 200 if there else status, "headers": headers})
        await send({"type": "http.response.body", "body": b"here"})

    return app


def test_a_redirect_within_the_origin_is_followed(outbound: Outbound, serve: Any) -> None:
    with (
        serve(redirecting("/there")) as place,
        outbound.open("POST", place.url, {}, b"{}", outbound.budget(5, 1_000)) as answer,
    ):
        assert (answer.status, b"".join(answer.chunks())) == (200, b"here")

    assert [(method, path) for method, path, _ in place.requests] == [("POST", "/mcp"), ("POST", "/there")]


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("https://other.example.com/", "redirected"),
        ("https://mcp.example.com/", "redirected"),
        ("/mcp", "redirected"),
        ("http://mcp.example.com/", "scheme_refused"),
        ("https://mcp.example.com:22/", "port_refused"),
        ("//169.254.169.254/latest/meta-data", "redirected"),
    ],
)
def test_a_redirect_elsewhere_is_not_followed(outbound: Outbound, serve: Any, location: str, code: str) -> None:
    with serve(redirecting(location)) as place:
        assert failure(outbound, place.url) == code


def test_a_redirect_is_resolved_and_checked_again(trusted: ssl.SSLContext, serve: Any) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    outbound = Outbound(
        time.monotonic, lambda *_: next(answers), admits=lambda address: address == "127.0.0.1", trusted=trusted
    )

    with serve(redirecting("/there")) as place:
        assert failure(outbound, place.url) == "address_refused"

    assert [path for _, path, _ in place.requests] == ["/mcp"]


def test_a_proxy_of_the_environment_is_not_asked(
    outbound: Outbound, server: Served, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.getsockname()[1]}")

    with outbound.open("POST", server.url, {}, b"{}", outbound.budget(5, 10_000)):
        pass

    assert not heard(listener)
    assert len(server.requests) == 1


def test_a_resolver_that_hangs_is_left() -> None:
    waiting = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        waiting.wait(5)
        return []

    outbound = Outbound(time.monotonic, resolve)

    assert failure(outbound, "https://mcp.example.com/", seconds=0.1) in ("timeout", "unresolvable")
    waiting.set()


def test_a_server_that_never_finishes_its_handshake_is_left(outbound: Outbound, listener: socket.socket) -> None:
    started = time.monotonic()

    code = failure(outbound, f"https://mcp.example.com:{listener.getsockname()[1]}/", seconds=0.3)

    assert code == "timeout"
    assert time.monotonic() - started < 3


def test_loopback_resolves_to_loopback() -> None:
    assert "127.0.0.1" in resolve_host("localhost", 443)
