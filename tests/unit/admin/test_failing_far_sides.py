"""AWS throttles, fails, or does not answer: the caller is asked to come back, and told nothing of the inside."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber

from functions.admin.handler import handler
from shared.bootstrap import Services
from tests.fixtures.http import Api
from tests.fixtures.people import ApiAs, Person

THROTTLED = b'{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slow down"}'
FAILED = b'{"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError", "message": "oh no"}'


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: object) -> list[bytes]:
        return [self._body]


@contextmanager
def failing(failure: Exception | tuple[int, bytes], operation: str = "") -> Iterator[None]:
    """Every call, or every one of an operation, ends so; botocore's own pauses between retries are not waited for."""
    answer = BotocoreStubber.__call__

    def fail(self: BotocoreStubber, event_name: str, request: object, **options: object) -> object:
        if operation not in event_name:
            return answer(self, event_name, request, **options)
        if isinstance(failure, Exception):
            raise failure
        status, body = failure
        return AWSResponse("https://dynamodb", status, {}, _Raw(body))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BotocoreStubber, "__call__", fail)
        patch.setattr("botocore.endpoint.time.sleep", lambda _: None)
        yield


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        ((400, THROTTLED), "unavailable"),
        ((500, FAILED), "unanswered"),
        (EndpointConnectionError(endpoint_url="https://inside"), "unavailable"),
        (ConnectTimeoutError(endpoint_url="https://inside"), "unavailable"),
        (ReadTimeoutError(endpoint_url="https://inside"), "unanswered"),
    ],
    ids=["throttled", "failed", "unreachable", "connect timeout", "read timeout"],
)
def test_the_caller_is_asked_to_come_back(
    api_as: ApiAs, alice: Person, failure: Exception | tuple[int, bytes], code: str
) -> None:
    with failing(failure):
        answer = api_as(alice).get("/plugins")

    assert (answer.status, answer.code, answer.headers["retry-after"]) == (503, code, "1")
    assert b"inside" not in answer.body


def test_a_missing_permission_is_a_fault_of_ours(api_as: ApiAs, alice: Person) -> None:
    denied = {"Error": {"Code": "AccessDeniedException", "Message": "arn:aws:iam::1:role/inside may not"}}

    with failing(ClientError(denied, "GetItem")):
        answer = api_as(alice).get("/plugins")

    assert (answer.status, answer.code) == (500, "internal")
    assert b"inside" not in answer.body


def test_a_creation_that_was_not_answered_is_not_repeated_at_once(api_as: ApiAs, alice: Person) -> None:
    with failing((500, FAILED), "TransactWriteItems"):
        first = api_as(alice).post("/plugins", {"name": "one"}, idempotency_key="key-1")

    again = api_as(alice).post("/plugins", {"name": "one"}, idempotency_key="key-1")

    assert (first.status, again.status, again.code) == (503, 409, "request_in_progress")


def test_a_table_that_does_not_answer_is_not_ready(depot: Services) -> None:
    with failing((500, FAILED), "dynamodb"):
        answer = Api(handler).get("/readyz")

    assert (answer.status, answer.json["checks"]) == (503, {"table": False, "queue": True, "bucket": True})
