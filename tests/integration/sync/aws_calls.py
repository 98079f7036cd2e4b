"""What the deployment asks of AWS: counted, made to fail, or stopped."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSResponse

from shared.bootstrap import Services


@contextmanager
def counted(depot: Services) -> Iterator[Counter[str]]:
    """Calls by `service.Operation` while the block runs; services count all of theirs as `service`."""
    calls: Counter[str] = Counter()

    def note(model: Any, **_: Any) -> None:
        calls[f"{model.service_model.service_name}.{model.name}"] += 1
        calls[str(model.service_model.service_name)] += 1

    with hooked(depot, "before-call", note):
        yield calls


@contextmanager
def hooked(depot: Services, event: str, hook: Callable[..., Any]) -> Iterator[None]:
    """Let `hook` see every request of this process, before AWS does."""
    emitters = [depot._session.get_component("event_emitter")]
    far_sides = (depot.table.client, depot.content._client, depot.queue._client, depot.secrets._client)
    emitters += [client.meta.events for client in far_sides]
    for emitter in emitters:
        emitter.register_first(event, hook)
    try:
        yield
    finally:
        for emitter in emitters:
            emitter.unregister(event, hook)


class Faults:
    """Lets requests fail at a rate, by seeded dice: throttled or broken."""

    def __init__(self, seed: int, rate: float) -> None:
        self._dice, self._rate = random.Random(seed), rate
        self.done = 0

    def __call__(self, request: Any, **_: Any) -> AWSResponse | None:
        if self._dice.random() >= self._rate:
            return None
        self.done += 1
        return _refusal(request.url, *self._dice.choice(_REFUSALS))


_REFUSALS = (
    (400, "ThrottlingException"),
    (503, "ServiceUnavailable"),
    (500, "InternalServerError"),
    (400, "ProvisionedThroughputExceededException"),
)


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
