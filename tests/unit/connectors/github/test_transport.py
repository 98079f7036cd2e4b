import pytest
from urllib3 import PoolManager, Timeout

from shared.connectors.github import transport as module
from shared.connectors.github.answers import TokenRefused
from shared.connectors.github.transport import Transport
from shared.domain.errors import DepotError, RateLimited, Retryable
from shared.domain.source_errors import (
    BranchMissing,
    SourceEmpty,
    SourceForbidden,
    SourceNotFound,
    SourceTooBig,
    SourceUnavailable,
)
from tests.unit.connectors.github.conftest import Clock
from tests.unit.far_side import FarSide, Reply


def test_a_call_says_who_asks_and_which_version_it_speaks(far_side: FarSide, transport: Transport) -> None:
    far_side.on("GET /x", Reply(body=b"{}"))

    transport.call("GET", "/x", token="t")

    headers = far_side.asked[0].headers
    assert headers["authorization"] == "Bearer t"
    assert headers["user-agent"] == "plugin-depot"
    assert headers["x-github-api-version"] == "2022-11-28"
    assert headers["accept"] == "application/vnd.github+json"


def test_a_server_error_is_tried_again_with_growing_pauses(
    far_side: FarSide, transport: Transport, clock: Clock
) -> None:
    far_side.on("GET /x", Reply(502), Reply(503), Reply(body=b"at last"))

    assert transport.call("GET", "/x", token="t").body == b"at last"
    assert clock.pauses == [0.5, 1.0]


def test_a_server_that_stays_down_is_retryable_after_three_tries(far_side: FarSide, transport: Transport) -> None:
    far_side.on("GET /x", Reply(500))

    with pytest.raises(Retryable):
        transport.call("GET", "/x", token="t")

    assert len(far_side.asked) == 3


def test_a_refused_connection_is_retryable(clock: Clock, pool: PoolManager) -> None:
    nobody = Transport("http://127.0.0.1:1", sleep=clock.pauses.append, random=lambda: 0.5, now=clock.now, pool=pool)

    with pytest.raises(Retryable):
        nobody.call("GET", "/x", token="t")

    assert clock.pauses == [0.25, 0.5]


def test_a_slow_answer_is_retryable(far_side: FarSide, transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TIMEOUT", Timeout(connect=3.0, read=0.05))
    far_side.on("GET /x", Reply(body=b"part", promised=1_000))

    with pytest.raises(Retryable):
        transport.call("GET", "/x", token="t")


def test_an_answer_that_is_cut_off_is_retryable(far_side: FarSide, transport: Transport) -> None:
    far_side.on("GET /x", Reply(body=b"half", promised=8, cut=True))

    with pytest.raises(Retryable):
        transport.call("GET", "/x", token="t")


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (401, TokenRefused),
        (403, SourceForbidden),
        (404, SourceNotFound),
        (409, SourceEmpty),
        (410, SourceNotFound),
        (418, SourceUnavailable),
        (422, BranchMissing),
        (451, SourceForbidden),
        (304, SourceUnavailable),
    ],
)
def test_a_permanent_answer_is_not_tried_again(
    far_side: FarSide, transport: Transport, status: int, meaning: type[DepotError]
) -> None:
    far_side.on("GET /x", Reply(status))

    with pytest.raises(DepotError) as refused:
        transport.call("GET", "/x", token="t")

    assert type(refused.value) is meaning
    assert len(far_side.asked) == 1


@pytest.mark.parametrize(
    ("status", "headers", "body", "wait"),
    [
        (429, {"retry-after": "30", "x-ratelimit-remaining": "0"}, b"", 30),
        (403, {"retry-after": "7"}, b"", 7),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000090"}, b"", 90),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1600000000"}, b"", 1),
        (403, {}, b"You have exceeded a secondary rate limit.", 60),
        (429, {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, b"", 60),
        (429, {"retry-after": "999999"}, b"", 3_600),
    ],
)
def test_a_rate_limit_says_how_long_to_wait(
    far_side: FarSide, transport: Transport, status: int, headers: dict[str, str], body: bytes, wait: float
) -> None:
    far_side.on("GET /x", Reply(status, body, headers))

    with pytest.raises(RateLimited) as limited:
        transport.call("GET", "/x", token="t")

    assert limited.value.retry_after == wait


def test_a_renamed_repository_is_followed_with_the_token(far_side: FarSide, transport: Transport) -> None:
    far_side.on("GET /old", Reply(301, headers={"location": "/new"}))
    far_side.on("GET /new", Reply(body=b"here"))

    assert transport.call("GET", "/old", token="t").body == b"here"
    assert far_side.asked[1].headers["authorization"] == "Bearer t"


def test_another_host_never_sees_the_token(far_side: FarSide, other_host: FarSide, transport: Transport) -> None:
    far_side.on("GET /x", Reply(302, headers={"location": f"{other_host.url}/archive"}))
    other_host.on("GET /archive", Reply(302, headers={"location": f"{far_side.url}/back"}))
    far_side.on("GET /back", Reply(body=b"bytes"))

    assert transport.call("GET", "/x", token="t").body == b"bytes"
    assert "authorization" not in other_host.asked[0].headers
    assert "authorization" not in far_side.asked[1].headers


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_lent_link_that_does_not_open_is_asked_for_again(
    far_side: FarSide, transport: Transport, status: int
) -> None:
    far_side.on("GET /x", Reply(302, headers={"location": "/archive"}))
    far_side.on("GET /archive", Reply(status))

    with pytest.raises(Retryable):
        transport.call("GET", "/x", token="t")


def test_a_repository_that_moved_and_is_out_of_reach_is_not_found(far_side: FarSide, transport: Transport) -> None:
    far_side.on("GET /old", Reply(301, headers={"location": "/new"}))
    far_side.on("GET /new", Reply(404))

    with pytest.raises(SourceNotFound):
        transport.call("GET", "/old", token="t")


@pytest.mark.parametrize("location", ["https://127.0.0.1/x", "file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_a_redirect_to_another_scheme_is_refused(far_side: FarSide, transport: Transport, location: str) -> None:
    far_side.on("GET /x", Reply(302, headers={"location": location}))

    with pytest.raises(SourceUnavailable):
        transport.call("GET", "/x", token="t")


def test_a_redirect_loop_ends(far_side: FarSide, transport: Transport) -> None:
    far_side.on("GET /x", Reply(302, headers={"location": "/x"}))

    with pytest.raises(SourceUnavailable):
        transport.call("GET", "/x", token="t")

    assert len(far_side.asked) == 4


def test_an_answer_beyond_the_limit_is_not_kept(
    far_side: FarSide, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_BODY_BYTES", 3)
    far_side.on("GET /x", Reply(body=b"four"))

    with pytest.raises(SourceTooBig):
        transport.call("GET", "/x", token="t")
