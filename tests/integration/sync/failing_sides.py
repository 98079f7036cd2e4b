"""AWS and GitHub that fail now and then, by seeded dice: they refuse, do not hear, or act and are not heard."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber
from urllib3.exceptions import ReadTimeoutError as NoAnswer

from tests.integration.sync.world import World

_REFUSALS = (
    (400, "ThrottlingException"),
    (503, "ServiceUnavailable"),
    (500, "InternalServerError"),
    (400, "ProvisionedThroughputExceededException"),
)


class FailingAws:
    """`done` counts faults by kind, `tries` is the most that one request was tried.

    A transaction that was done and is asked for again, with the token of its first request, is not done twice.
    """

    def __init__(self, dice: random.Random, rate: float) -> None:
        self._dice, self._rate = dice, rate
        self._finished: set[str] = set()
        self.done: Counter[str] = Counter()
        self.tries = 0

    def around(self, answer_truly: Callable[..., Any]) -> Callable[..., Any]:
        """For moto's place: the tests' own requests pass as they are."""

        def answer(stubber: BotocoreStubber, event_name: str, request: Any, **options: Any) -> AWSResponse | None:
            truly = partial(answer_truly, stubber, event_name, request, **options)
            if not request.headers.get("User-Agent", b"").startswith(b"plugin-depot"):
                return truly()
            self._note_try(request)
            if _token(request) in self._finished:
                return AWSResponse(request.url, 200, {}, _Body(b"{}"))
            if self._dice.random() >= self._rate:
                return truly()
            return self._fail(request, truly)

        return answer

    def _fail(self, request: Any, truly: Callable[[], AWSResponse]) -> AWSResponse:
        kind = self._dice.choice(["refused", "unheard", "cut"])
        self.done[kind] += 1
        if kind == "refused":
            return _refusal(request.url, *self._dice.choice(_REFUSALS))
        if kind == "unheard":
            raise self._dice.choice([ConnectTimeoutError, ReadTimeoutError])(endpoint_url=request.url)
        if truly().status_code == 200 and (token := _token(request)):
            self._finished.add(token)
        raise ConnectionClosedError(endpoint_url=request.url)

    def _note_try(self, request: Any) -> None:
        told = request.headers.get("amz-sdk-request", b"attempt=1").decode()
        self.tries = max(self.tries, int(told.partition("attempt=")[2].partition(";")[0]))


class FailingGitHub:
    """Bad gateways, limits, connections that are cut or stay silent, answers that break off."""

    def __init__(self, world: World, dice: random.Random, rate: float) -> None:
        self._world, self._dice, self._rate = world, dice, rate
        self._request = world.pool.request
        self.done: Counter[str] = Counter()

    def request(self, *args: Any, **options: Any) -> Any:
        if self._dice.random() < self._rate:
            kind = self._dice.choice(["5xx", "5xx", "cut", "broken off", "silent", "limited"])
            self.done[kind] += 1
            if kind == "silent":
                raise NoAnswer(self._world.pool, "", "Read timed out.")  # type: ignore[arg-type]  # names the pool only
            self._prepare(kind)
        return self._request(*args, **options)

    def _prepare(self, kind: str) -> None:
        match kind:
            case "5xx":
                self._world.github.fail_next("", self._dice.choice([500, 502, 503]))
            case "cut":
                self._world.github.fail_next("", 0)
            case "broken off":
                self._world.github.fail_next("", None, cut_after=20)
            case "limited":
                self._world.github.fail_next("", self._dice.choice([403, 429]), headers={"Retry-After": "2"})


@contextmanager
def failing(
    world: World, patch: pytest.MonkeyPatch, seed: int, aws_rate: float, github_rate: float
) -> Iterator[tuple[FailingAws, FailingGitHub]]:
    """Both sides fail at their rates while the block runs."""
    aws = FailingAws(random.Random(f"AWS {seed}"), aws_rate)
    github = FailingGitHub(world, random.Random(f"GitHub {seed}"), github_rate)
    with patch.context() as patched:
        patched.setattr(BotocoreStubber, "__call__", aws.around(BotocoreStubber.__call__))
        patched.setattr(world.pool, "request", github.request)
        yield aws, github
    world.heal()


def _token(request: Any) -> str:
    """By which AWS knows that a transaction is the same one."""
    if not request.headers.get("X-Amz-Target", b"").endswith(b"TransactWriteItems"):
        return ""
    token: str = json.loads(request.body)["ClientRequestToken"]
    return token


class _Body:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._data


def _refusal(url: str, status: int, code: str) -> AWSResponse:
    body = f'{{"__type":"com.amazonaws#{code}","message":"not now"}}'.encode()
    if "s3" in url or "depot-content" in url:
        body = f"<Error><Code>{code}</Code><Message>not now</Message></Error>".encode()
    return AWSResponse(url, status, {}, _Body(body))
