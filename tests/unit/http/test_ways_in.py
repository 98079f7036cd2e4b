"""Which requests get through to a route, and what the others are told."""

import json

import pytest

from shared.http.app import MAX_BODY
from tests.fixtures.http import Api, http_event

BODY = {"firstName": "Ada"}


def test_a_route_answers(api: Api) -> None:
    answer = api.get("/public/things/ada")

    assert (answer.status, answer.json) == (200, {"item": {"name": "ada"}})


@pytest.mark.parametrize("path", ["/", "/public", "/public/", "/public/nothing", "/public/things/", "/elsewhere", "//"])
def test_an_unknown_path_is_not_found(api: Api, path: str) -> None:
    answer = api.get(path)

    assert (answer.status, answer.code) == (404, "unknown_route")


def test_a_path_says_which_methods_it_takes(api: Api) -> None:
    answer = api.delete("/public/things")

    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, POST"


def test_head_is_get_without_the_body(api: Api) -> None:
    got, head = api.get("/public/things/ada"), api.send("HEAD", "/public/things/ada")

    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == got.headers["etag"]


def test_path_values_are_decoded(api: Api) -> None:
    answer = api.get("/public/things/a%20%C3%A9%2Fb")

    assert answer.item.name == "a é/b"


def test_a_stage_is_no_part_of_the_path(api: Api) -> None:
    event = http_event("GET", "/live/public/things/ada")
    event["requestContext"]["stage"] = "live"

    assert api.handler(event, None)["statusCode"] == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "a/b"])
def test_a_body_in_another_format_is_refused(api: Api, kind: str) -> None:
    answer = api.post("/public/things", BODY, content_type=kind)

    assert (answer.status, answer.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_is_json_however_it_is_labelled(api: Api, kind: str) -> None:
    assert api.post("/public/things", BODY, content_type=kind).status == 201


def test_a_body_in_base64_is_read(api: Api) -> None:
    assert api.post("/public/things", json.dumps(BODY).encode()).item.name == "Ada"


def test_a_body_beyond_the_limit_is_refused(api: Api) -> None:
    answer = api.post("/public/things", "x" * (MAX_BODY + 1))

    assert (answer.status, answer.code) == (413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "null",
        "[]",
        '[{"firstName": "Ada"}]',
        '"text"',
        "NaN",
        '{"firstName": NaN}',
        '{"firstName": "\\ud800"}',
        "[" * 100_000,
        '{"firstName": "Ada", "size": ' + "9" * 10_000 + "}",
        b"\xff\xfe",
    ],
)
def test_what_is_no_json_object_is_refused(api: Api, body: str | bytes) -> None:
    answer = api.post("/public/things", body, content_type="application/json")

    assert answer.status == 400
    assert answer.json["errors"]


def test_broken_base64_is_refused(api: Api) -> None:
    event = http_event("POST", "/public/things", b"{}") | {"body": "%%%"}

    assert api.handler(event, None)["statusCode"] == 400


@pytest.mark.parametrize("body", ["", None])
def test_a_missing_body_is_refused(api: Api, body: str | None) -> None:
    assert api.post("/public/things", body).status == 400


def test_every_wrong_field_is_named(api: Api) -> None:
    answer = api.post("/public/things", {"size": 0, "colour": "red", "deep": {}})

    assert answer.status == 400
    found = {one["path"]: one["message"] for one in answer.json["errors"]}
    assert found.keys() == {"firstName", "size", "colour", "deep"}
    assert found["colour"] == "is not a known field"


@pytest.mark.parametrize(
    ("query", "path"), [("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("color=red", "color")]
)
def test_a_wrong_or_misspelled_query_is_refused(api: Api, query: str, path: str) -> None:
    answer = api.get(f"/public/things?{query}")

    assert answer.status == 400
    assert [one["path"] for one in answer.json["errors"]] == [path]
