"""What every answer has: a request id, a validator, one log line; and what a problem looks like."""

import json

import pytest

from tests.fixtures.http import Api
from tests.fixtures.logs import LogLines

SECRET = "swordfish"


def test_a_problem_is_a_document(api: Api) -> None:
    answer = api.get("/public/things?limit=0")

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json | {"errors": None, "detail": None} == {
        "type": "urn:plugin-depot:problem:invalid",
        "title": "Invalid",
        "status": 400,
        "detail": None,
        "code": "invalid",
        "requestId": answer.headers["x-request-id"],
        "errors": None,
    }


@pytest.mark.parametrize("path", ["/public/broken", "/public/broken/answer"])
def test_an_error_nobody_foresaw_tells_the_caller_nothing(api: Api, path: str) -> None:
    answer = api.get(path)

    assert (answer.status, answer.code) == (500, "internal")
    assert SECRET not in answer.body.decode()


def test_an_error_nobody_foresaw_is_logged_with_its_traceback(api: Api, log_lines: LogLines) -> None:
    api.get("/public/broken")

    (line,) = log_lines()
    assert line["exception_name"] == "RuntimeError"
    assert "break_down" in line["exception"]


@pytest.mark.parametrize(("path", "code", "seconds"), [("busy", "unavailable", "1"), ("limited", "rate_limited", "7")])
def test_what_may_succeed_later_says_when(api: Api, path: str, code: str, seconds: str) -> None:
    answer = api.get(f"/public/{path}")

    assert (answer.status, answer.code, answer.headers["retry-after"]) == (503, code, seconds)


def test_the_request_id_is_the_gateways(api: Api) -> None:
    assert api.get("/public/things").headers["x-request-id"].startswith("gateway-")


def test_a_caller_may_name_its_request(api: Api) -> None:
    answer = api.get("/public/things", x_request_id="build-4711.try-2")

    assert answer.headers["x-request-id"] == "build-4711.try-2"


@pytest.mark.parametrize("name", ["short", "x" * 65, 'a"b\\cdefgh', "line\nbreak", "ümläutigkeit"])
def test_a_name_that_would_spoil_the_logs_is_not_taken(api: Api, name: str) -> None:
    assert api.get("/public/things", x_request_id=name).headers["x-request-id"].startswith("gateway-")


def test_one_log_line_tells_of_a_request_without_what_was_sent(api: Api, log_lines: LogLines) -> None:
    api.get(f"/public/things/{SECRET}", authorization=f"Bearer {SECRET}")
    api.get(f"/public/things?colour={SECRET}")
    api.post("/public/things", {"firstName": SECRET})
    api.get(f"/public/nothing/{SECRET}")

    lines = log_lines()
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "/public/things/{name}", 200),
        ("GET", "/public/things", 200),
        ("POST", "/public/things", 201),
        ("GET", "unknown", 404),
    ]
    assert SECRET not in json.dumps(lines)


@pytest.mark.parametrize("asked", ['"7"', 'W/"7"', '"1", "7"', "*"])
def test_who_has_the_state_gets_no_body(api: Api, asked: str) -> None:
    answer = api.get("/public/things/ada", if_none_match=asked)

    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", '"7"')


def test_who_has_another_state_gets_this_one(api: Api) -> None:
    assert api.get("/public/things/ada", if_none_match='"6"').status == 200


def test_an_answer_without_a_revision_is_named_by_its_bytes(api: Api) -> None:
    whole = api.get("/public/things")

    assert api.get("/public/things?limit=8").headers["etag"] == whole.headers["etag"]
    assert api.get("/public/things", if_none_match=whole.headers["etag"]).status == 304
    assert api.get("/public/things", if_none_match=f"{whole.headers['etag']}x").status == 200


def test_a_creation_says_where_it_is(api: Api) -> None:
    answer = api.post("/public/things", {"firstName": "Ada", "size": 3})

    assert (answer.status, answer.headers["location"], answer.headers["etag"]) == (201, "/public/things/3", '"7"')
    assert answer.json == {"ok": True, "item": {"name": "Ada"}}


def test_nothing_is_kept_by_shared_caches(api: Api) -> None:
    assert api.get("/public/things").headers["cache-control"] == "private, no-cache"
    assert api.get("/public/nothing").headers["cache-control"] == "no-store"


def test_an_answer_that_the_gateway_would_not_take_is_refused(api: Api) -> None:
    fits, fits_not = api.get("/public/big/700000"), api.get("/public/big/950000")

    assert fits.status == 200
    assert (fits_not.status, fits_not.code) == (413, "too_large")
