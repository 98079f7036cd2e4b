"""The public door: what is not signed by us is turned away, cheaply, and nothing makes it fall over."""

import json

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.webhook.handler import handler
from tests.fixtures.http import http_event
from tests.fixtures.people import Person
from tests.integration.sync.aws_calls import counted
from tests.integration.sync.deliveries import SECRET, push_body, signed
from tests.integration.sync.world import World, deliver

HEAD = "a" * 40
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
)
MEMBERS = st.sampled_from(["ref", "before", "after", "repository", "installation", "deleted", "forced", "created"])


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Hub-Signature-256": ""}, {"X-Hub-Signature-256": "sha256="}, {"X-Hub-Signature-256": "sha1=é"}],
)
def test_an_unsigned_delivery_is_refused(world: World, headers: dict[str, str]) -> None:
    answer = deliver(headers, push_body(1, HEAD))

    assert answer["statusCode"] == 401
    assert json.loads(answer["body"]) == {"ok": False, "error": "invalid signature"}


def test_a_tampered_body_is_refused(world: World) -> None:
    headers = signed(push_body(1, HEAD))

    answer = deliver(headers, push_body(2, HEAD))

    assert answer["statusCode"] == 401


def test_a_body_beyond_githubs_largest_is_refused(world: World) -> None:
    body = b" " * (25 * 1024 * 1024 + 1)

    assert deliver(signed(body), body)["statusCode"] == 413


def test_a_gateway_body_beyond_any_webhook_is_refused_undecoded(world: World) -> None:
    event = http_event("POST", "/api/webhooks/connectors/github", "x" * (40 * 1024 * 1024))

    answer = handler(event | {"pathParameters": {"connector": "github"}, "isBase64Encoded": True}, None)

    assert answer["statusCode"] == 413


@pytest.mark.parametrize("body", [b"", b"garbage", b"[]", b"{}", b'{"ref": 1}', b"[" * 100_000, b"\xff\xfe"])
def test_signed_garbage_is_refused_as_malformed(world: World, body: bytes) -> None:
    assert deliver(signed(body), body)["statusCode"] == 400


def test_a_signed_form_is_refused_as_another_format(world: World) -> None:
    body = b"payload=%7B%7D"
    headers = signed(body) | {"Content-Type": "application/x-www-form-urlencoded"}

    assert deliver(headers, body)["statusCode"] == 415


def test_base64_that_is_none_is_refused(world: World) -> None:
    event = http_event("POST", "/api/webhooks/connectors/github", "***", signed(b"***"))

    answer = handler(event | {"pathParameters": {"connector": "github"}, "isBase64Encoded": True}, None)

    assert answer["statusCode"] == 400


def test_a_plain_text_body_is_taken_as_it_is(world: World) -> None:
    body = push_body(1, HEAD)

    answer = deliver(signed(body), body.decode())

    assert answer["statusCode"] == 200


def test_an_unknown_connector_is_not_found(world: World) -> None:
    body = push_body(1, HEAD)

    assert deliver(signed(body), body, connector="gitlab")["statusCode"] == 404


def test_without_a_secret_nothing_is_taken_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEPOT_WEBHOOK_SECRET")
    world.restart()
    body = push_body(1, HEAD)

    assert deliver(signed(body), body)["statusCode"] == 503


def test_while_a_secret_is_rotated_both_are_good(world: World, secrets: None) -> None:
    both = json.dumps({"current": "new", "previous": SECRET})
    boto3.client("secretsmanager").put_secret_value(SecretId="webhook", SecretString=both)
    world.restart()
    body = push_body(1, HEAD)

    answers = [deliver(signed(body, secret=secret), body)["statusCode"] for secret in ("new", SECRET, "older")]

    assert answers == [200, 200, 401]


def test_forged_deliveries_cost_one_read_of_the_secret(world: World) -> None:
    body = push_body(1, HEAD)
    with counted(world.depot) as calls:
        for number in range(20):
            deliver(signed(body, secret=f"guess {number}"), body)

    assert calls == {"secretsmanager": 1, "secretsmanager.GetSecretValue": 1}


def test_when_aws_is_down_the_sender_may_try_again(world: World, alice: Person) -> None:
    world.connect(alice, {"README.md": "x"})
    world.depot.table.name = "gone"
    body = push_body(world.github.repository("acme/tools").id, HEAD)

    assert deliver(signed(body), body)["statusCode"] == 503


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    payload=JSON | st.dictionaries(MEMBERS, JSON | st.sampled_from([HEAD, "refs/heads/main", {"id": 1}]), max_size=8),
    event=st.sampled_from(["push", "ping", "installation", "repository", "x" * 65, "Ü"]),
)
def test_no_signed_json_makes_the_function_fail(world: World, payload: object, event: str) -> None:
    body = json.dumps(payload).encode()

    answer = deliver(signed(body, event), body)

    assert answer["statusCode"] in (200, 202, 400)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(), headers=st.dictionaries(st.text(max_size=30), st.text(max_size=30)), encoded=st.booleans())
def test_no_request_makes_the_function_fail(world: World, body: str, headers: dict[str, str], encoded: bool) -> None:
    event = http_event("POST", "/api/webhooks/connectors/github", body, headers)

    answer = handler(event | {"pathParameters": {"connector": "github"}, "isBase64Encoded": encoded}, None)

    assert answer["statusCode"] in (400, 401)
